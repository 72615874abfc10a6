"""Tests of the shared layers against lax and NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.architectures import layers
from gan_cli.architectures.convolutions import convolve_by_lax, convolve_transposed


def agree(actual, expected):
    assert actual.dtype == expected.dtype == jnp.float32
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-5)


def test_the_convolution_modules_add_their_bias_and_swap_the_kernel_for_the_transpose():
    x = jax.random.normal(jax.random.key(0), (2, 8, 8, 3))
    init = nnx.initializers.normal(0.1)
    down = layers.StridedConv(3, 5, bias=True, kernel_init=init, rngs=nnx.Rngs(0))
    up = layers.TransposedConv(3, 5, bias=True, kernel_init=init, rngs=nnx.Rngs(0))
    assert down.kernel.shape == up.kernel.shape == (4, 4, 3, 5)
    assert down.bias.shape == up.bias.shape == (5,)
    down.bias[...] = up.bias[...] = jnp.arange(5.0)
    bias = jnp.arange(5.0).reshape(1, 1, 1, 5)
    agree(down(x), convolve_by_lax(x, down.kernel[...]) + bias)
    kernel = up.kernel[...].swapaxes(2, 3)
    agree(up(x), convolve_transposed(x, kernel) + bias)
    without = layers.StridedConv(3, 5, bias=False, kernel_init=init, rngs=nnx.Rngs(0))
    assert without.bias is None
    agree(without(x), convolve_by_lax(x, without.kernel[...]))


def test_the_batch_norm_of_d_normalises_by_the_batch():
    x = 3 + 2 * jax.random.normal(jax.random.key(0), (6, 4, 4, 5))
    norm = layers.stateless_batch_norm(5, 4, nnx.Rngs(0))
    norm.scale[...], norm.bias[...] = jnp.arange(1.0, 6.0), jnp.arange(5.0)
    assert not jax.tree.leaves(nnx.split(norm, nnx.Param, ...)[2])
    flat = np.asarray(x, np.float64)
    mean, variance = flat.mean((0, 1, 2)), flat.var((0, 1, 2))
    expected = (flat - mean) / np.sqrt(variance + 1e-5) * np.arange(1, 6) + np.arange(5)
    np.testing.assert_allclose(norm(x), expected, rtol=1e-4, atol=1e-5)


def test_the_batch_norm_of_g_keeps_running_statistics():
    x = 3 + 2 * jax.random.normal(jax.random.key(0), (64, 5))
    norm = layers.running_batch_norm(5, 0.9, nnx.Rngs(0))
    untouched = layers.normalise(norm, x, train=False)
    np.testing.assert_allclose(untouched, x / np.sqrt(1 + 1e-5), rtol=1e-5)
    mean, variance = np.asarray(x).mean(0), np.asarray(x).var(0)

    by_batch = layers.normalise(norm, x, train=True)
    expected = (np.asarray(x) - mean) / np.sqrt(variance + 1e-5)
    np.testing.assert_allclose(by_batch, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(norm.mean[...], 0.1 * mean, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(norm.var[...], 0.9 + 0.1 * variance, rtol=1e-4)

    by_running = layers.normalise(norm, x, train=False)
    mean, variance = np.asarray(norm.mean[...]), np.asarray(norm.var[...])
    expected = (np.asarray(x) - mean) / np.sqrt(variance + 1e-5)
    np.testing.assert_allclose(by_running, expected, rtol=1e-4, atol=1e-5)


def test_dropout_keeps_the_mean_and_draws_each_layer_anew():
    x, key = jnp.ones((200, 100)), jax.random.key(0)
    first, second = (layers.dropout(x, 0.2, key, layer) for layer in (0, 1))
    assert set(np.unique(first)) == {0.0, np.float32(1 / 0.8)}
    assert abs(float((first == 0).mean()) - 0.2) < 4 * np.sqrt(0.2 * 0.8 / x.size)
    assert abs(float(((first == 0) & (second == 0)).mean()) - 0.04) < 0.01
    np.testing.assert_array_equal(layers.dropout(x, 0.2, None, 0), x)
    np.testing.assert_array_equal(layers.dropout(x, 0.0, key, 0), x)
