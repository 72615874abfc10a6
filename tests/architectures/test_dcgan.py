"""Tests of the convolutional networks: which images they draw, their formulas and their values."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.dcgan import Dcgan
from gan_cli.errors import UsageError
from gan_cli.loading import construct


def count(module):
    return sum(leaf.size for leaf in jax.tree.leaves(nnx.state(module, nnx.Param)))


def test_the_sides_are_4_to_7_times_a_power_of_two():
    def refused(side):
        try:
            Dcgan().check(DataSpec((side, side, 1)))
        except UsageError:
            return True
        return False

    possible = {base * 2**n for base in (4, 5, 6, 7) for n in range(1, 7)}
    assert [side for side in range(1, 257) if not refused(side)] == sorted(
        side for side in possible if side <= 256
    )


@pytest.mark.parametrize("side", [8, 10, 12, 14, 16, 20, 28, 48, 256])
def test_both_networks_take_every_side(side):
    dcgan, data = Dcgan(filters=2, latent=3), DataSpec((side, side, 3))

    def shapes(z):
        x = dcgan.generator(data, nnx.Rngs(0))(z, train=True)
        return x, dcgan.discriminator(data, nnx.Rngs(1), 1)(x, key=None)

    x, logits = jax.eval_shape(shapes, jnp.ones((2, 3)))
    assert x.shape == (2, side, side, 3)
    assert logits.shape == (2,)


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (
            (2,),
            "architecture=dcgan draws square images, and this data set has examples of shape (2,). "
            "Choose architecture=mlp or architecture=maxout.",
        ),
        (
            (28, 20, 1),
            "architecture=dcgan draws square images, and this data set has examples of shape "
            "(28, 20, 1). Choose architecture=mlp or architecture=maxout.",
        ),
        (
            (30, 30, 3),
            "architecture=dcgan cannot draw images of side 30, only of a side that halves down to "
            "4, 5, 6 or 7. Choose dataset.size=28 or dataset.size=32, where the data set has a "
            "size, or architecture=mlp or architecture=maxout.",
        ),
        (
            (7, 7, 1),
            "architecture=dcgan cannot draw images of side 7, only of a side that halves down to "
            "4, 5, 6 or 7. Choose dataset.size=8, where the data set has a size, or "
            "architecture=mlp or architecture=maxout.",
        ),
    ],
)
def test_data_that_it_cannot_draw_is_refused(shape, text):
    with pytest.raises(UsageError) as error:
        Dcgan().check(DataSpec(shape))
    assert str(error.value) == text


def batch_norm(norm, h):
    *others, _ = range(h.ndim)
    mean, variance = (f(tuple(others), keepdims=True) for f in (h.mean, h.var))
    scale, bias = (values[...].reshape(*mean.shape) for values in (norm.scale, norm.bias))
    return (h - mean) / jnp.sqrt(variance + 1e-5) * scale + bias


@pytest.mark.parametrize("norms", [False, True])
def test_d_is_the_network_written_in_lax(norms):
    dcgan = Dcgan(filters=3, discriminator_batch_norm=norms)
    D = dcgan.discriminator(DataSpec((20, 20, 2)), nnx.Rngs(0), 1)
    x = jax.random.uniform(jax.random.key(1), (4, 20, 20, 2), minval=-1)

    def convolve(module, h):
        bias = 0 if module.bias is None else module.bias[...].reshape(1, 1, 1, -1)
        numbers = ("NHWC", "HWIO", "NHWC")
        pads = ((1, 1), (1, 1))
        return bias + lax.conv_general_dilated(
            h, module.kernel[...], (2, 2), pads, dimension_numbers=numbers
        )

    def leaky(h):
        return jnp.maximum(h, 0.2 * h)

    h = convolve(D.convs[0], leaky(convolve(D.input, x)))
    h = leaky(batch_norm(D.norms[0], h) if norms else h).reshape(4, -1)
    expected = (h @ D.output.kernel[...])[:, 0]
    np.testing.assert_allclose(D(x, key=None), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("norms", [False, True])
def test_g_is_the_network_written_in_lax(norms):
    dcgan = Dcgan(filters=3, latent=5, generator_batch_norm=norms)
    G = dcgan.generator(DataSpec((20, 20, 2)), nnx.Rngs(0))
    z = 9 * dcgan.sample_latent(jax.random.key(1), 4)

    def transpose(module, h):
        bias = 0 if module.bias is None else module.bias[...].reshape(1, 1, 1, -1)
        kernel, numbers = module.kernel[...].swapaxes(2, 3), ("NHWC", "HWIO", "NHWC")
        pads = ((2, 2), (2, 2))
        return bias + lax.conv_transpose(
            h, kernel, (2, 2), pads, dimension_numbers=numbers, transpose_kernel=True
        )

    h = (z @ G.dense.kernel[...]).reshape(4, 5, 5, 6)
    for layer, conv in enumerate((G.convs[0], G.output)):
        h = transpose(conv, jax.nn.relu(batch_norm(G.norms[layer], h) if norms else h))
    np.testing.assert_allclose(G(z, train=True), jnp.tanh(h), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("norms", [False, True])
def test_dense_layers_stand_between_the_latents_or_the_output_and_the_convolutions(norms):
    widths, data = (7, 4), DataSpec((8, 8, 2))
    dcgan = Dcgan(
        filters=3,
        latent=5,
        dense_widths=widths,
        generator_batch_norm=norms,
        discriminator_batch_norm=norms,
    )
    G, D = dcgan.generator(data, nnx.Rngs(0)), dcgan.discriminator(data, nnx.Rngs(1), 1)
    assert [layer.kernel.shape for layer in [*G.hidden, G.dense]] == [(5, 7), (7, 4), (4, 48)]
    assert [layer.kernel.shape for layer in [*D.hidden, D.output]] == [(48, 4), (4, 7), (7, 1)]

    h = z = 9 * dcgan.sample_latent(jax.random.key(1), 4)
    for layer, linear in enumerate(G.hidden):
        h = h @ linear.kernel[...]
        h = jax.nn.relu(batch_norm(G.hidden_norms[layer], h) if norms else h)
    h = (h @ G.dense.kernel[...]).reshape(4, 4, 4, 3)
    h = jax.nn.relu(batch_norm(G.norms[0], h) if norms else h)
    np.testing.assert_allclose(G(z, train=True), jnp.tanh(G.output(h)), rtol=1e-4, atol=1e-5)

    x = jax.random.uniform(jax.random.key(2), (4, 8, 8, 2), minval=-1)
    h = jax.nn.leaky_relu(D.input(x), 0.2).reshape(4, -1)
    for layer, linear in enumerate(D.hidden):
        h = h @ linear.kernel[...]
        h = jax.nn.leaky_relu(batch_norm(D.hidden_norms[layer], h) if norms else h, 0.2)
    expected = (h @ D.output.kernel[...])[:, 0]
    np.testing.assert_allclose(D(x, key=None), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("norms", [False, True])
def test_the_numbers_of_parameters(norms):
    dcgan = Dcgan(filters=3, latent=5, generator_batch_norm=norms, discriminator_batch_norm=norms)
    data, shifts = DataSpec((28, 28, 2)), 2 if norms else 1
    G, D = dcgan.generator(data, nnx.Rngs(0)), dcgan.discriminator(data, nnx.Rngs(1), 1)
    dense = 5 * 49 * 6 + (0 if norms else 49 * 6)
    first = 2 * 6 if norms else 0
    assert count(G) == dense + first + 16 * 6 * 3 + shifts * 3 + 16 * 3 * 2 + 2
    assert count(D) == 16 * 2 * 3 + 3 + 16 * 3 * 6 + shifts * 6 + 49 * 6 + 1


def test_the_initial_values_are_those_of_2016():
    data = DataSpec((32, 32, 3))
    G, D = Dcgan().generator(data, nnx.Rngs(0)), Dcgan().discriminator(data, nnx.Rngs(0), 1)
    for layer in [G.dense, *G.convs, G.output, D.input, *D.convs]:
        kernel = np.asarray(layer.kernel[...])
        error = 0.02 / np.sqrt(kernel.size)
        assert abs(kernel.mean()) < 5 * error
        assert abs(kernel.std() - 0.02) < 5 * error
    scales = np.concatenate([norm.scale[...] for norm in [*G.norms, *D.norms]])
    assert abs(scales.mean() - 1) < 5 * 0.02 / np.sqrt(scales.size)
    assert abs(scales.std() - 0.02) < 5 * 0.02 / np.sqrt(scales.size)
    assert len(G.norms) == 3
    assert len(D.norms) == 2


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"filters": 0}, "filters=0: must be at least 1."),
        ({"latent": 0}, "latent=0: must be at least 1."),
        (
            {"batch_norm_momentum": 1.0},
            "batch_norm_momentum=1.0: must be at least 0 and less than 1.",
        ),
        ({"leaky_slope": 1.0}, "leaky_slope=1.0: must be at least 0 and less than 1."),
        (
            {"discriminator_dropout": 1.5},
            "discriminator_dropout=1.5: must be at least 0 and less than 1.",
        ),
    ],
)
def test_values_that_make_no_network_are_refused(changes, text):
    with pytest.raises(UsageError) as error:
        construct(Dcgan, changes)
    assert str(error.value) == text


def test_the_initial_values_of_he_keep_the_size_of_the_outputs():
    data = DataSpec((32, 32, 3))
    dcgan = Dcgan(initial_weights="he", generator_batch_norm=False, discriminator_batch_norm=False)
    G, D = dcgan.generator(data, nnx.Rngs(0)), dcgan.discriminator(data, nnx.Rngs(0), 1)
    for layer in [G.dense, *G.convs, G.output, D.input, *D.convs, D.output]:
        kernel = np.asarray(layer.kernel[...])
        inputs = kernel.size // kernel.shape[-1]
        expected = np.sqrt(2 / inputs)
        assert abs(kernel.std() - expected) < 5 * expected / np.sqrt(kernel.size)
    x = jax.random.normal(jax.random.key(1), (20, 32, 32, 3))
    assert 0.2 < D(x, key=None).std() < 5
