"""The rescalings that are found are those that the layers have, and they change no output."""

import jax
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.theory import dirac, rescaling
from gan_cli.training.networks import Network, discriminator, generate
from gan_cli.training.state import begin
from tests.compiling import unoptimized
from tests.values import MLP, SMALL

pytestmark = pytest.mark.long

WIDE = MLP | {"generator_widths": [8, 6], "discriminator_widths": [7, 5]}
UNITS = {"hidden/0 and hidden/1": 8, "hidden/1 and output": 6}


def found_in_g(changes: dict[str, object]) -> dict[str, int]:
    experiment = config.load(SMALL | {"architecture": WIDE | changes})
    with dirac.float64(), unoptimized():
        networks, state = begin(experiment.recipe, DataSpec((2,)))
        player = jax.tree.map(
            lambda leaf: leaf.astype(float), state.generator._replace(optimizer=None)
        )
        z = jax.random.normal(jax.random.key(1), (32, 3))

        def outputs(parameters: object) -> jax.Array:
            network = player._replace(parameters=parameters).network(networks.generator)
            return generate(network, z, dirac.FLOAT64, train=True)[0]

        found = rescaling.families(outputs, player.parameters)
        here, apart = ravel_pytree(player.parameters)
        for family in found if not changes.get("generator_batch_norm") else ():
            for column in family.directions.toarray().T:
                scaled = np.asarray(here) * np.exp(0.3 * np.sign(column * here))
                moved = outputs(apart(scaled))
                np.testing.assert_allclose(moved, outputs(player.parameters), atol=1e-12)
    return {family.name: family.directions.shape[1] for family in found}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, UNITS),
        ({"activation": "leaky_relu"}, UNITS),
        ({"activation": "tanh"}, {}),
        (
            {"generator_batch_norm": True, "activation": "tanh"},
            {
                "the units of hidden/0": 8,
                "the units of hidden/1": 6,
            },
        ),
    ],
    ids=["relu", "leaky_relu", "tanh", "batch_norm"],
)
def test_the_layers_of_an_mlp(changes: dict[str, object], expected: dict[str, int]) -> None:
    assert found_in_g(changes) == expected


def of_discriminator(values: dict[str, object], shape: tuple[int, ...]) -> dict[str, int]:
    recipe = config.load(SMALL | {"architecture": values}).recipe
    with dirac.float64(), unoptimized():
        networks, state = begin(recipe, DataSpec(shape))
        player = state.discriminator._replace(optimizer=None)
        player = jax.tree.map(lambda leaf: leaf.astype(float), player)
        x = jax.random.normal(jax.random.key(1), (16, *shape))

        def outputs(parameters: object) -> jax.Array:
            network: Network = player._replace(parameters=parameters).network(
                networks.discriminator
            )
            return discriminator(network, dirac.FLOAT64)(x, None)

        return {
            family.name: family.directions.shape[1]
            for family in rescaling.families(outputs, player.parameters)
        }


def test_spectral_norm_takes_the_size_of_a_weight_and_leaves_no_scale_of_units() -> None:
    found = of_discriminator(WIDE | {"spectral_norm": True}, (2,))
    assert found == dict.fromkeys((f"the whole weight of {n}" for n in LAYERS), 1)


LAYERS = ("hidden/0", "hidden/1", "output")


def test_the_channels_of_convolutions_and_of_the_dense_layer_behind_them() -> None:
    values = {"name": "dcgan", "filters": 3, "latent": 4, "discriminator_batch_norm": False}
    found = of_discriminator(values, (16, 16, 1))
    assert found == {"input and convs/0": 3, "convs/0 and output": 6}


def test_the_pieces_of_a_maxout_unit_are_scaled_together() -> None:
    values = {
        "name": "maxout",
        "latent": 4,
        "generator_widths": [3],
        "discriminator_units": [6, 5],
        "pieces": 3,
    }
    found = of_discriminator(values, (4, 4, 1))
    assert list(found.values()) == [6, 5]
