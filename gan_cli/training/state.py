"""The state of a training and how it begins."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

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
    networks, _ = outline(recipe, data)
    return networks, jax.jit(lambda recipe: _begin(recipe, data)[1])(recipe)


def outline(recipe: Recipe, data: DataSpec) -> tuple[Networks, TrainState]:
    """The networks' structure and the state's shapes and types; nothing is computed."""
    made: list[Networks] = []

    def begin(recipe: Recipe) -> TrainState:
        networks, state = _begin(recipe, data)
        made.append(networks)
        return state

    abstract = jax.eval_shape(begin, recipe)
    return made[-1], abstract


def count(parameters: Parameters) -> int:
    """The number of parameters."""
    return sum(leaf.size for leaf in jax.tree.leaves(parameters))


def sampler(networks: Networks, state: TrainState) -> Network:
    """The generator to sample with: the moving average where there is one."""
    parameters = state.generator if state.average is None else state.average
    return Network(networks.generator, parameters, state.generator_statistics)


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
