"""The state of a training and how it begins."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Recipe
from gan_cli.optimizers.base import Optimizer
from gan_cli.training.networks import (
    Network,
    Networks,
    Parameters,
    build_discriminator,
    build_generator,
)
from gan_cli.training.random import Purpose, key_for


class Player(NamedTuple):
    """One network with everything that changes about it in a training.

    parameters: its parameters.
    statistics: what else its module holds, such as batch norm's running statistics.
    optimizer: the optax state.
    average: the moving average of the parameters, or None where there is none, as for D.
    average_statistics: that of the statistics, which belongs to it, or None.
    singular_vectors: those of D's weights under spectral norm, else None.
    """

    parameters: Parameters
    statistics: Any
    optimizer: Any
    average: Parameters | None = None
    average_statistics: Any = None
    singular_vectors: Any = None

    def network(self, graph: Any) -> Network:
        """The network of this structure with the player's numbers in it."""
        return Network(graph, self.parameters, self.statistics, self.singular_vectors)


class TrainState(NamedTuple):
    """Everything that changes while training, and all that is needed to go on to the bit.

    step: the number of finished steps, int32.
    stream: the number of the random stream, int32: how often the run was rolled back.
    """

    step: jax.Array
    generator: Player
    discriminator: Player
    stream: jax.Array


@functools.partial(jax.jit, static_argnames="data")
def begin(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    """The networks of a recipe and the state at step 0; compiled once a structure and data set."""
    g = build_generator(recipe.architecture, data, key_for(recipe.seed, Purpose.GENERATOR_INIT))
    key = key_for(recipe.seed, Purpose.DISCRIMINATOR_INIT)
    d = build_discriminator(recipe.architecture, data, recipe.objective, key)
    generator = untrained(g, recipe.optimizer.generator)
    if recipe.ema:
        average, statistics = jax.tree.map(jnp.copy, (g.parameters, g.statistics))
        generator = generator._replace(average=average, average_statistics=statistics)
    discriminator = untrained(d, recipe.optimizer.discriminator)
    return Networks(g.graph, d.graph), TrainState(
        jnp.int32(0), generator, discriminator, jnp.int32(0)
    )


def untrained(network: Network, optimizer: Optimizer) -> Player:
    """A network as a player before its first update."""
    start = optimizer.transformation(jnp.int32(0)).init(network.parameters)
    vectors = network.singular_vectors
    return Player(network.parameters, network.statistics, start, singular_vectors=vectors)


def outline(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    """What `begin` returns, with shapes and types in place of numbers; nothing is computed."""
    shapes: tuple[Networks, TrainState] = jax.eval_shape(begin, recipe, data)
    return shapes


def count(parameters: Parameters) -> int:
    """The number of parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))


def sampler(networks: Networks, state: TrainState) -> Network:
    """The generator to sample with: the moving average where there is one."""
    player = state.generator
    network = player.network(networks.generator)
    if player.average is None:
        return network
    return network._replace(parameters=player.average, statistics=player.average_statistics)


FLAT_NAMES = {
    "generator": "generator/parameters",
    "generator_statistics": "generator/statistics",
    "generator_optimizer": "generator/optimizer",
    "average": "generator/average",
    "discriminator": "discriminator/parameters",
    "discriminator_statistics": "discriminator/statistics",
    "discriminator_optimizer": "discriminator/optimizer",
}
"""The first part of an array's name in a checkpoint of version 0.1.0, and what it is now."""


def from_earlier_versions(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """A checkpoint's arrays as today's state has them, whichever version saved them.

    Earlier versions kept no average of G's statistics and drew with the newest, so those stand in.

    Args:
        arrays: see `named_as_today`.
    """
    named = named_as_today(arrays)
    if not any(name.startswith("generator/average/") for name in named):
        return named
    own, averaged = "generator/statistics/", "generator/average_statistics/"
    newest = {
        averaged + name.removeprefix(own): array.copy()
        for name, array in named.items()
        if name.startswith(own)
    }
    return newest | named


def named_as_today(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays that a checkpoint holds itself, under today's names.

    One that knows no random stream is of the first.

    Args:
        arrays: the arrays of a `TrainState` by name, such as `generator/hidden/0/kernel` from
            version 0.1.0 or `generator/parameters/hidden/0/kernel` from a later one.
    """
    arrays = {"stream": np.array(0, np.int32)} | arrays
    parts = {name: name.split("/") for name in arrays}
    if all(len(part) == 1 or part[1] in Player._fields for part in parts.values()):
        return arrays
    return {
        "/".join([FLAT_NAMES.get(first, first), *rest]): arrays[name]
        for name, (first, *rest) in parts.items()
    }
