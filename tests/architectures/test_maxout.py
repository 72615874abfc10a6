"""Tests of the 2014 pair: its initial values, its formulas and its values' checks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from scipy.special import expit

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.maxout import Maxout
from gan_cli.errors import UsageError
from gan_cli.loading import construct

MNIST = DataSpec((28, 28, 1))


def maxout_by_hand(D, x):
    """One example after another, one unit after another, one piece after another."""
    outputs = []
    for example in np.asarray(x, np.float64):
        h = (example.ravel() + 1) / 2
        for layer in D.hidden:
            kernel, bias = np.asarray(layer.kernel[...]), np.asarray(layer.bias[...])
            units = []
            for unit in range(kernel.shape[1] // D.pieces):
                columns = range(unit * D.pieces, (unit + 1) * D.pieces)
                units.append(max(h @ kernel[:, c] + bias[c] for c in columns))
            h = np.array(units)
        outputs.append(h @ np.asarray(D.output.kernel[...])[:, 0] + D.output.bias[0])
    return np.array(outputs)


def test_d_is_maxout_on_pixels_from_0_to_1():
    maxout = Maxout(discriminator_units=(4, 3), pieces=3, discriminator_bound=1.0)
    D = maxout.discriminator(DataSpec((4, 4, 1)), nnx.Rngs(0), 1)
    for number, layer in enumerate([*D.hidden, D.output]):
        layer.bias[...] = jnp.cos(jnp.arange(layer.bias.size) + number)
    x = jax.random.uniform(jax.random.key(1), (5, 4, 4, 1), minval=-1)
    np.testing.assert_allclose(D(x, key=None), maxout_by_hand(D, x), rtol=1e-4, atol=1e-5)


def test_g_is_a_sigmoid_stretched_to_the_data_range():
    maxout = Maxout(latent=3, generator_widths=(5,), generator_bound=1.0)
    G = maxout.generator(DataSpec((2, 2, 1)), nnx.Rngs(0))
    z = maxout.sample_latent(jax.random.key(1), 6)
    hidden = np.maximum(z @ G.hidden[0].kernel[...], 0)
    expected = 2 * expit(hidden @ G.output.kernel[...]) - 1
    np.testing.assert_allclose(G(z, train=True).reshape(6, 4), expected, rtol=1e-4, atol=1e-5)


def test_g_normalises_its_hidden_layers_where_that_is_wanted():
    maxout = Maxout(latent=3, generator_widths=(5,), generator_bound=1.0, generator_batch_norm=True)
    G = maxout.generator(DataSpec((2,)), nnx.Rngs(0))
    z = maxout.sample_latent(jax.random.key(1), 6)
    hidden = z @ G.hidden[0].kernel[...]
    assert G.hidden[0].bias is None
    hidden = np.asarray(hidden)
    hidden = (hidden - hidden.mean(0)) / np.sqrt(hidden.var(0) + 1e-5)
    expected = np.maximum(hidden, 0) @ G.output.kernel[...]
    np.testing.assert_allclose(G(z, train=True), expected, rtol=1e-4, atol=1e-5)


def test_the_initial_values_are_those_of_2014():
    G, D = Maxout().generator(MNIST, nnx.Rngs(0)), Maxout().discriminator(MNIST, nnx.Rngs(0), 1)
    assert [layer.kernel.shape for layer in G.hidden] == [(100, 1200), (1200, 1200)]
    assert [layer.kernel.shape for layer in D.hidden] == [(784, 1200), (240, 1200)]
    for network, bound in ((G, 0.05), (D, 0.005)):
        for layer in [*network.hidden, network.output]:
            kernel = np.asarray(layer.kernel[...])
            assert -bound <= kernel.min() <= kernel.max() <= bound
            if kernel.size > 1000:
                assert kernel.min() < -0.99 * bound < 0.99 * bound < kernel.max()
                assert abs(kernel.mean()) < 5 * bound / np.sqrt(3 * kernel.size)
            np.testing.assert_array_equal(layer.bias[...], 0)
    z = Maxout().sample_latent(jax.random.key(0), 1000)
    assert z.shape == (1000, 100)
    assert np.sqrt(3) * 0.999 < np.abs(z).max() <= np.float32(np.sqrt(3))


def test_the_output_bias_is_the_logit_of_the_mean_image():
    mean = np.linspace(-1, 1, 784, dtype=np.float32).reshape(28, 28, 1)
    G = Maxout().generator(MNIST._replace(mean=tuple(mean.ravel().tolist())), nnx.Rngs(0))
    bias = np.asarray(G.output.bias[...])
    np.testing.assert_allclose(2 * expit(bias) - 1, mean.ravel(), atol=1e-6)
    np.testing.assert_allclose(bias[[0, -1]], [-16.118, 16.118], atol=1e-3)


def test_the_output_bias_of_points_is_zero():
    data = DataSpec((2,), (3.0, -4.0))
    G = Maxout().generator(data, nnx.Rngs(0))
    np.testing.assert_array_equal(G.output.bias[...], 0)


def test_points_pass_unchanged():
    maxout = Maxout(
        generator_widths=(), discriminator_units=(), generator_bound=1.0, discriminator_bound=1.0
    )
    data = DataSpec((2,))
    G, D = maxout.generator(data, nnx.Rngs(0)), maxout.discriminator(data, nnx.Rngs(0), 1)
    z = 9 * maxout.sample_latent(jax.random.key(1), 6)
    x = G(z, train=True)
    np.testing.assert_allclose(x, z @ G.output.kernel[...], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(
        D(x, key=None), (x @ D.output.kernel[...])[:, 0], rtol=1e-4, atol=1e-4
    )


def test_dropout_keeps_four_fifths_of_the_inputs_and_half_of_the_units():
    inputs = Maxout(discriminator_units=(), discriminator_bound=1.0)
    D = inputs.discriminator(DataSpec((1000,)), nnx.Rngs(0), 1)
    D.output.kernel[...] = jnp.ones((1000, 1))
    kept = D(jnp.full((200, 1000), 0.8), key=jax.random.key(0))
    assert abs(float(kept.mean()) / 1000 - 0.8) < 0.01
    assert abs(float(kept.std()) - np.sqrt(1000 * 0.8 * 0.2)) < 2

    units = Maxout(discriminator_units=(1000,), pieces=1, input_dropout=0.0)
    D = units.discriminator(DataSpec((1,)), nnx.Rngs(0), 1)
    D.hidden[0].kernel[...], D.output.kernel[...] = jnp.ones((1, 1000)), jnp.ones((1000, 1))
    kept = D(jnp.full((200, 1), 0.5), key=jax.random.key(0))
    assert abs(float(kept.mean()) / 1000 - 0.5) < 0.01
    assert abs(float(kept.std()) - np.sqrt(1000 * 0.5 * 0.5)) < 2


def test_the_numbers_of_parameters():
    def count(module):
        return sum(leaf.size for leaf in jax.tree.leaves(nnx.state(module, nnx.Param)))

    G, D = Maxout().generator(MNIST, nnx.Rngs(0)), Maxout().discriminator(MNIST, nnx.Rngs(0), 1)
    assert count(G) == 101 * 1200 + 1201 * 1200 + 1201 * 784
    assert count(D) == 785 * 240 * 5 + 241 * 240 * 5 + 241


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"generator_widths": (0,)}, "generator_widths[0]=0: must be at least 1."),
        ({"discriminator_units": (9, 0)}, "discriminator_units[1]=0: must be at least 1."),
        ({"pieces": 0}, "pieces=0: must be at least 1."),
        ({"generator_bound": 0.0}, "generator_bound=0.0: must be above 0."),
        (
            {"discriminator_bound": float("inf")},
            "discriminator_bound=inf: must be a finite number of single precision.",
        ),
        ({"input_dropout": 1.0}, "input_dropout=1.0: must be at least 0 and less than 1."),
        ({"hidden_dropout": -0.5}, "hidden_dropout=-0.5: must be at least 0 and less than 1."),
    ],
)
def test_values_that_make_no_network_are_refused(changes, text):
    with pytest.raises(UsageError) as error:
        construct(Maxout, changes)
    assert str(error.value) == text
