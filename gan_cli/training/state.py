"""The state of a training and how it begins."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Recipe
from gan_cli.training.networks import (
    Network,
    Networks,
    Parameters,
    build_discriminator,
    build_generator,
)
from gan_cli.training.random import Purpose, key_for


class TrainState(NamedTuple):
    """Everything that changes while training, and all that is needed to go on to the bit.

    step: finished steps, int32.
    generator, discriminator: parameters.
    generator_statistics, discriminator_statistics: what else the modules hold (batch-norm running
        statistics of G; D's never change).
    generator_optimizer, discriminator_optimizer: optax states.
    average: the moving average of G's parameters, or None where it is off.
    """

    step: jax.Array
    generator: Parameters
    generator_statistics: Any
    discriminator: Parameters
    discriminator_statistics: Any
    generator_optimizer: Any
    discriminator_optimizer: Any
    average: Parameters | None


def build(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    """The networks of a recipe and the state at step 0.

    Args:
        recipe: what to train; only its seed's value matters here.
        data: shape and mean of the data.
    """
    begin, networks = _beginning(*_key(data))
    state = begin(recipe)
    return networks[jax.tree.structure(recipe)], state


def outline(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    """The networks' structure and the state's shapes and types; nothing is computed."""
    begin, networks = _beginning(*_key(data))
    abstract = jax.eval_shape(begin, recipe)
    return networks[jax.tree.structure(recipe)], abstract


def count(parameters: Parameters) -> int:
    """The number of parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))


def sampler(networks: Networks, state: TrainState) -> Network:
    """The generator to sample with: the moving average where there is one."""
    parameters = state.generator if state.average is None else state.average
    return Network(networks.generator, parameters, state.generator_statistics)


def _key(data: DataSpec) -> tuple[tuple[int, ...], bytes | None]:
    return data.shape, None if data.mean is None else data.mean.astype(np.float32).tobytes()


@functools.lru_cache(maxsize=8)
def _beginning(
    shape: tuple[int, ...], mean: bytes | None
) -> tuple[Callable[[Recipe], TrainState], dict[Any, Networks]]:
    """What begins trainings on data, traced once a structure, and the networks of each structure.

    Args:
        shape, mean: of the data; the mean as the bytes of float32 numbers.
    """
    average = None if mean is None else np.frombuffer(mean, np.float32).reshape(shape)
    networks: dict[Any, Networks] = {}

    def begin(recipe: Recipe) -> TrainState:
        made, state = _begin(recipe, DataSpec(shape, average))
        networks[jax.tree.structure(recipe)] = made
        return state

    return jax.jit(begin), networks


def _begin(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    generator = build_generator(
        recipe.architecture, data, key_for(recipe.seed, Purpose.GENERATOR_INIT)
    )
    discriminator = build_discriminator(
        recipe.architecture, data, key_for(recipe.seed, Purpose.DISCRIMINATOR_INIT)
    )
    step = jnp.int32(0)
    optimizer = recipe.optimizer
    state = TrainState(
        step=step,
        generator=generator.parameters,
        generator_statistics=generator.statistics,
        discriminator=recipe.objective.project(discriminator.parameters),
        discriminator_statistics=discriminator.statistics,
        generator_optimizer=optimizer.generator.transformation(step).init(generator.parameters),
        discriminator_optimizer=optimizer.discriminator.transformation(step).init(
            discriminator.parameters
        ),
        average=jax.tree.map(jnp.copy, generator.parameters) if recipe.ema else None,
    )
    return Networks(generator.graph, discriminator.graph), state
