"""Tests of the multilayer perceptrons against NumPy, and of their values."""

import jax
import numpy as np
import pytest
from flax import nnx
from scipy.special import erf, expit

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.errors import UsageError
from gan_cli.loading import construct


def leaky(x, slope=0.2):
    return np.where(x > 0, x, slope * x)


NUMPY = {
    "relu": lambda x: np.maximum(x, 0),
    "leaky_relu": leaky,
    "tanh": np.tanh,
    "elu": lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))),
    "gelu": lambda x: x * (1 + erf(x / np.sqrt(2))) / 2,
    "silu": lambda x: x * expit(x),
}


def run(layers, output, x, activation):
    h = np.asarray(x, np.float64).reshape(len(x), -1)
    for layer in layers:
        h = activation(h @ np.asarray(layer.kernel[...]) + np.asarray(layer.bias[...]))
    return h @ np.asarray(output.kernel[...]) + np.asarray(output.bias[...])


def count(module):
    return sum(leaf.size for leaf in jax.tree.leaves(nnx.state(module, nnx.Param)))


@pytest.mark.parametrize("activation", NUMPY)
def test_both_networks_are_those_of_numpy(activation):
    mlp = Mlp(latent=3, generator_widths=(5, 4), discriminator_widths=(6,), activation=activation)
    data = DataSpec((2, 2, 1))
    G, D = mlp.generator(data, nnx.Rngs(0)), mlp.discriminator(data, nnx.Rngs(1), 1)
    z = 2 * mlp.sample_latent(jax.random.key(2), 7)
    x = G(z, train=True)
    expected = np.tanh(run(G.hidden, G.output, z, NUMPY[activation])).reshape(7, 2, 2, 1)
    tolerance = 1e-3 if activation == "gelu" else 1e-5
    np.testing.assert_allclose(x, expected, rtol=tolerance, atol=tolerance)
    expected = run(D.hidden, D.output, x, NUMPY[activation])[:, 0]
    np.testing.assert_allclose(D(x, key=None), expected, rtol=tolerance, atol=tolerance)


def test_points_are_not_squashed():
    mlp = Mlp(generator_widths=())
    G = mlp.generator(DataSpec((2,)), nnx.Rngs(0))
    z = 100 * mlp.sample_latent(jax.random.key(2), 7)
    x = G(z, train=True)
    np.testing.assert_allclose(x, run([], G.output, z, None), rtol=1e-4, atol=1e-3)
    assert np.abs(x).max() > 10


def test_without_hidden_layers_d_is_linear():
    D = Mlp(discriminator_widths=()).discriminator(DataSpec((2,)), nnx.Rngs(0), 1)
    x = jax.random.normal(jax.random.key(0), (5, 2))
    np.testing.assert_allclose(D(x, key=None), x @ D.output.kernel[...][:, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("batch_norm", [False, True])
def test_the_numbers_of_parameters(batch_norm):
    mlp = Mlp(
        latent=3,
        generator_widths=(5, 4),
        discriminator_widths=(7, 6),
        generator_batch_norm=batch_norm,
        discriminator_batch_norm=batch_norm,
    )
    data, shifts = DataSpec((2, 2, 1)), 2 if batch_norm else 1
    G, D = mlp.generator(data, nnx.Rngs(0)), mlp.discriminator(data, nnx.Rngs(1), 1)
    assert count(G) == 3 * 5 + 5 * 4 + shifts * (5 + 4) + 4 * 4 + 4
    assert count(D) == 4 * 7 + 7 * 6 + shifts * (7 + 6) + 6 + 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"latent": 0}, "latent=0: must be at least 1."),
        ({"generator_widths": (128, 0)}, "generator_widths[1]=0: must be at least 1."),
        ({"discriminator_widths": (-1,)}, "discriminator_widths[0]=-1: must be at least 1."),
        ({"leaky_slope": -0.1}, "leaky_slope=-0.1: must be at least 0 and less than 1."),
        (
            {"batch_norm_momentum": 1.0},
            "batch_norm_momentum=1.0: must be at least 0 and less than 1.",
        ),
        (
            {"discriminator_dropout": float("nan")},
            "discriminator_dropout=nan: must be a finite number of single precision.",
        ),
    ],
)
def test_values_that_make_no_network_are_refused(changes, text):
    with pytest.raises(UsageError) as error:
        construct(Mlp, changes)
    assert str(error.value) == text
