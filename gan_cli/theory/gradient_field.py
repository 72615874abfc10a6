"""The joint gradient field of a trained pair, and products with its Jacobian.

The field is v = (-grad_G L_G, -grad_D L_D): the direction in which simultaneous gradient descent
moves the parameters of both players. Everything is computed in float64 on one fixed batch.
"""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree

from gan_cli.component import component
from gan_cli.config import Recipe
from gan_cli.regularizers.base import Regularizer, SlopePenalty
from gan_cli.theory.dirac import FLOAT64
from gan_cli.training.batches import Batch
from gan_cli.training.game import Game
from gan_cli.training.joint_updates import first_look
from gan_cli.training.networks import Networks, Parameters
from gan_cli.training.state import TrainState

Vector = np.ndarray
"""The parameters of both players in one vector: first those of G, then those of D."""

Flat = Callable[[jax.Array], jax.Array]
"""A function of the parameters of both in one vector, which gives such a vector."""


@component
class Fixed:
    """One batch for every update of either player."""

    x: jax.Array

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        return Batch(self.x)

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        return Batch(self.x)


class Field(NamedTuple):
    """A gradient field around the parameters of a state.

    here: the parameters of G, then those of D, (n,).
    value: the field there, (n,).
    turned: the product of the Jacobian there with a vector (n,).
    generator: how many of the parameters are G's.
    state: the state, in float64.
    game: what is played.
    """

    here: Vector
    value: Vector
    turned: Callable[[Vector], Vector]
    generator: int
    state: TrainState
    game: Game


def field_of(networks: Networks, recipe: Recipe, state: TrainState, x: np.ndarray) -> Field:
    """The gradient field of a recipe at a state; JAX has to compute in float64.

    Args:
        networks: the structure of both.
        recipe: the objective, the regularizers and the update; its seed draws the latents and
            whatever the losses draw, once for all.
        state: where it is taken.
        x: the examples of data, (N, *shape); G gets as many latents.
    """
    game = Game(networks, on_one_batch(recipe, len(x)), Fixed(x=jnp.asarray(x, jnp.float64)))
    state = in_float64(state)
    own = state.generator.parameters, state.discriminator.parameters
    here, apart = ravel_pytree(own)

    def field(at: jax.Array, game: Game, state: TrainState) -> jax.Array:
        of_g, of_d = apart(at)
        players = state._replace(
            generator=state.generator._replace(parameters=of_g),
            discriminator=state.discriminator._replace(parameters=of_d),
        )
        return -followed(game, players)

    @jax.jit
    def product(
        at: jax.Array, along: jax.Array, game: Game, state: TrainState
    ) -> tuple[jax.Array, jax.Array]:
        return jax.jvp(lambda w: field(w, game, state), (at,), (along,))

    def turned(vector: Vector) -> Vector:
        along = jnp.asarray(vector.ravel(), jnp.float64)
        return np.asarray(product(here, along, game, state)[1])

    value = np.asarray(product(here, jnp.zeros_like(here), game, state)[0])
    return Field(np.asarray(here), value, turned, ravel_pytree(own[0])[0].size, state, game)


def followed(game: Game, players: TrainState) -> jax.Array:
    """The gradients that both players descend along, (n,): F, or F + gamma J^T F in consensus."""

    def gradients(own: tuple[Parameters, Parameters]) -> jax.Array:
        of_g, of_d = own
        moved = players._replace(
            generator=players.generator._replace(parameters=of_g),
            discriminator=players.discriminator._replace(parameters=of_d),
        )
        found: jax.Array = ravel_pytree(first_look(game, moved).gradients)[0]
        return found

    own = players.generator.parameters, players.discriminator.parameters
    if game.recipe.update != "consensus":
        return gradients(own)
    found, pull = jax.vjp(gradients, own)
    (steepest,) = pull(found)
    along: jax.Array = found + game.recipe.consensus_weight * ravel_pytree(steepest)[0]
    return along


def on_one_batch(recipe: Recipe, size: int) -> Recipe:
    """The recipe with one update of each player on a batch of this size, in float64.

    A lazy penalty, which is added n times as heavy at every n-th update, is added at each.
    """
    return dataclasses.replace(
        recipe,
        k=1,
        batch_size=size,
        precision=FLOAT64,
        regularizer={name: steadily(each) for name, each in recipe.regularizer.items()},
    )


def steadily(regularizer: Regularizer) -> Regularizer:
    """The regularizer as it acts on average, where it does not act in each update of D."""
    if isinstance(regularizer, SlopePenalty) and regularizer.every > 1:
        return dataclasses.replace(regularizer, every=1)
    return regularizer


def in_float64(state: TrainState) -> TrainState:
    """The state with its real numbers in float64."""

    def whole(leaf: jax.Array) -> jax.Array:
        real = jnp.issubdtype(leaf.dtype, jnp.floating)
        return leaf.astype(jnp.float64) if real else leaf

    found: TrainState = jax.tree.map(whole, state)
    return found
