"""A chunk of steps as one compiled program whose length is an argument."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from gan_cli.config import Precision, Recipe
from gan_cli.training.descent import Scalars
from gan_cli.training.game import Game
from gan_cli.training.networks import Network, generate
from gan_cli.training.state import TrainState
from gan_cli.training.step import CHECKED, tags, train_step

CAPACITY = 64
"""The most steps that one chunk can log, beside the run's last."""
SLOTS = CAPACITY + 2
"""Rows of a chunk; the last takes what is not logged."""


class Window(NamedTuple):
    """How far a chunk runs and what it logs.

    steps: the number of steps to run.
    log_every: a step is logged when its number is a multiple of this.
    end: the number of the run's last step, which is logged too.
    """

    steps: jax.Array | int
    log_every: jax.Array | int
    end: jax.Array | int

    def logs(self, number: jax.Array) -> jax.Array:
        """Whether the step of this number is logged, a scalar bool."""
        return (number % self.log_every == 0) | (number == self.end)


class Chunk(NamedTuple):
    """What a chunk of steps leaves.

    state: the state after the last step that was run.
    reached: the number of that step.
    logged: how many rows are filled.
    steps, rows: the logged steps' numbers and their scalars by tag, (SLOTS,) each.
    last: the scalars of the last step that was run.
    finite: whether all scalars in CHECKED were finite; the chunk ends at the first step where one
        was not.
    """

    state: TrainState
    reached: jax.Array
    logged: jax.Array
    steps: jax.Array
    rows: Scalars
    last: Scalars
    finite: jax.Array


@functools.partial(jax.jit, donate_argnames="state")
def run_chunk(game: Game, state: TrainState, window: Window) -> Chunk:
    """Runs some steps on the device; one program serves windows of every length.

    Args:
        game: what is played.
        state: before the first step; its buffers are given up.
        window: how far to run and what to log.
    """

    def body(chunk: Chunk) -> Chunk:
        number = chunk.state.step + 1
        return game.layout.whole(advance(game, chunk, number, window.logs(number)))

    end = state.step + window.steps
    done: Chunk = lax.while_loop(
        lambda chunk: chunk.finite & (chunk.state.step < end),
        body,
        empty(game.recipe, state),
    )
    return done


def empty(recipe: Recipe, state: TrainState) -> Chunk:
    """A chunk before its first step."""
    known = tags(recipe)
    return Chunk(
        state=state,
        reached=state.step,
        logged=jnp.int32(0),
        steps=jnp.zeros(SLOTS, jnp.int32),
        rows={tag: jnp.zeros(SLOTS) for tag in known},
        last={tag: jnp.float32(0) for tag in known},
        finite=jnp.bool_(True),
    )


def advance(game: Game, chunk: Chunk, number: jax.Array, measured: jax.Array) -> Chunk:
    """A chunk with one step more; after a non-finite step, rows and counters freeze.

    Args:
        game: what is played.
        chunk: the steps so far.
        number: the number of the new step.
        measured: whether it is logged.
    """
    after, scalars = train_step(game, chunk.state, measured)
    going = chunk.finite
    slot = jnp.where(going, chunk.logged, SLOTS - 1)
    return Chunk(
        state=after,
        reached=jnp.where(going, number, chunk.reached),
        logged=chunk.logged + (measured & going),
        steps=chunk.steps.at[slot].set(number),
        rows={tag: row.at[slot].set(scalars[tag]) for tag, row in chunk.rows.items()},
        last={tag: jnp.where(going, scalars[tag], value) for tag, value in chunk.last.items()},
        finite=going & jnp.isfinite(jnp.stack([scalars[tag] for tag in CHECKED])).all(),
    )


@functools.partial(jax.jit, static_argnames="precision")
def draw(sampler: Network, latents: jax.Array, precision: Precision) -> jax.Array:
    """Samples of a generator for given latents, (N, *shape) (see `state.sampler`)."""
    return generate(sampler, latents, precision, train=False)[0]


@jax.jit
def all_finite(state: TrainState) -> jax.Array:
    """Whether every parameter is finite, a scalar bool."""
    leaves = jax.tree.leaves((state.generator.parameters, state.discriminator.parameters))
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all()


@jax.jit
def copy_state(state: TrainState) -> TrainState:
    """A copy that outlives the donation of the state to the next chunk."""
    copied: TrainState = jax.tree.map(jnp.copy, state)
    return copied
