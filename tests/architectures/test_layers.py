"""Tests of the shared layers against lax and NumPy."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from gan_cli.architectures import layers

FORMS_AND_SIZES = [
    (layers.convolve_by_matmul, (1, 2, 2, 1, 1)),
    (layers.convolve_by_matmul, (3, 4, 6, 5, 7)),
    (layers.convolve_by_matmul, (2, 14, 14, 3, 1)),
    (layers.convolve_by_lax, (3, 4, 6, 5, 7)),
]
each_form_and_size = pytest.mark.parametrize(("form", "size"), FORMS_AND_SIZES)


def convolve_reference(x, kernel):
    return lax.conv_general_dilated(
        x, kernel, (2, 2), ((1, 1), (1, 1)), dimension_numbers=("NHWC", "HWIO", "NHWC")
    )


def transposed_reference(y, kernel):
    return lax.conv_transpose(
        y,
        kernel,
        (2, 2),
        ((2, 2), (2, 2)),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        transpose_kernel=True,
    )


def slope_penalty(convolution, x, kernel):
    """What a gradient penalty asks of a layer: the squared slope by x of something curved."""
    slope = jax.grad(lambda x: jnp.tanh(convolution(x, kernel)).sum())(x)
    return (slope**2).sum()


def curved_sum(convolution, x, kernel):
    return jnp.tanh(convolution(x, kernel)).sum()


def agree(actual, expected):
    for a, b in zip(jax.tree.leaves(actual), jax.tree.leaves(expected), strict=True):
        assert a.dtype == b.dtype == jnp.float32
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


@each_form_and_size
def test_a_convolution_is_the_one_of_lax_to_the_second_derivative(form, size):
    n, height, width, channels, filters = size
    x_key, kernel_key = jax.random.split(jax.random.key(0))
    x = jax.random.normal(x_key, (n, height, width, channels))
    kernel = jax.random.normal(kernel_key, (4, 4, channels, filters)) / (4 * channels**0.5)
    check_to_the_second_derivative(form, convolve_reference, x, kernel)


@each_form_and_size
def test_a_transposed_convolution_is_the_one_of_lax_to_the_second_derivative(
    monkeypatch, form, size
):
    monkeypatch.setattr(layers, "convolve", form)
    n, height, width, channels, filters = size
    y_key, kernel_key = jax.random.split(jax.random.key(1))
    y = jax.random.normal(y_key, (n, height // 2, width // 2, filters))
    kernel = jax.random.normal(kernel_key, (4, 4, channels, filters)) / (4 * filters**0.5)
    check_to_the_second_derivative(layers.convolve_transposed, transposed_reference, y, kernel)


def check_to_the_second_derivative(form, reference, x, kernel):
    def found(convolution):
        curved = jax.grad(partial(curved_sum, convolution), (0, 1))(x, kernel)
        penalty = jax.grad(partial(slope_penalty, convolution), (0, 1))(x, kernel)
        return convolution(x, kernel), curved, penalty

    agree(*jax.jit(lambda: (found(form), found(reference)))())


def test_on_a_cpu_no_convolution_is_left_in_the_program():
    x, kernel = jnp.ones((2, 8, 8, 3)), jnp.ones((4, 4, 3, 5))
    gradients = jax.grad(partial(slope_penalty, layers.convolve), (0, 1))
    program = str(jax.make_jaxpr(gradients)(x, kernel))
    assert "dot_general" in program
    assert "conv_general_dilated" not in program


def test_on_other_machines_they_are_convolutions(monkeypatch):
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    y, kernel = jnp.ones((2, 8, 8, 5)), jnp.ones((4, 4, 3, 5))
    program = str(jax.make_jaxpr(layers.convolve_transposed)(y, kernel))
    assert "conv_general_dilated" in program
    assert "dot_general" not in program


def test_the_convolution_modules_add_their_bias_and_swap_the_kernel_for_the_transpose():
    x = jax.random.normal(jax.random.key(0), (2, 8, 8, 3))
    init = nnx.initializers.normal(0.1)
    down = layers.StridedConv(3, 5, bias=True, kernel_init=init, rngs=nnx.Rngs(0))
    up = layers.TransposedConv(3, 5, bias=True, kernel_init=init, rngs=nnx.Rngs(0))
    assert down.kernel.shape == up.kernel.shape == (4, 4, 3, 5)
    assert down.bias.shape == up.bias.shape == (5,)
    down.bias[...] = up.bias[...] = jnp.arange(5.0)
    agree(down(x), convolve_reference(x, down.kernel[...]) + jnp.arange(5.0))
    kernel = up.kernel[...].swapaxes(2, 3)
    agree(up(x), transposed_reference(x, kernel) + jnp.arange(5.0))
    without = layers.StridedConv(3, 5, bias=False, kernel_init=init, rngs=nnx.Rngs(0))
    assert without.bias is None
    agree(without(x), convolve_reference(x, without.kernel[...]))


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
    expected = (np.asarray(x) - norm.mean[...]) / np.sqrt(norm.var[...] + 1e-5)
    np.testing.assert_allclose(by_running, expected, rtol=1e-4, atol=1e-5)


def test_dropout_keeps_the_mean_and_draws_each_layer_anew():
    x, key = jnp.ones((200, 100)), jax.random.key(0)
    first, second = (layers.dropout(x, 0.2, key, layer) for layer in (0, 1))
    assert set(np.unique(first)) == {0.0, np.float32(1 / 0.8)}
    assert abs(float((first == 0).mean()) - 0.2) < 4 * np.sqrt(0.2 * 0.8 / x.size)
    assert abs(float(((first == 0) & (second == 0)).mean()) - 0.04) < 0.01
    np.testing.assert_array_equal(layers.dropout(x, 0.2, None, 0), x)
    np.testing.assert_array_equal(layers.dropout(x, 0.0, key, 0), x)
