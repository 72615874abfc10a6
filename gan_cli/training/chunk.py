"""A chunk of steps as one compiled program whose length is an argument."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from gan_cli.config import Recipe
from gan_cli.training.batches import Source
from gan_cli.training.networks import Networks, generate
from gan_cli.training.state import TrainState, sampler
from gan_cli.training.step import CHECKED, Metrics, train_step

CAPACITY = 64
"""The most steps that one chunk can log, beside the run's last."""
SLOTS = CAPACITY + 2
"""Rows of a chunk; the last takes what is not logged."""


class Chunk(NamedTuple):
    """What a chunk of steps leaves.

    state: after the last step that was run. reached: that step's number.
    logged: how many rows are filled. steps, rows: (SLOTS,) their steps and scalars by tag.
    last: the scalars of the last step that was run.
    finite: whether all of the steps' losses and gradients were; the chunk ends at the first step
        that was not.
    """

    state: TrainState
    reached: jax.Array
    logged: jax.Array
    steps: jax.Array
    rows: Metrics
    last: Metrics
    finite: jax.Array


@functools.partial(jax.jit, static_argnames=("networks",), donate_argnames=("state",))
def run_chunk(
    networks: Networks,
    recipe: Recipe,
    source: Source,
    state: TrainState,
    steps: jax.Array,
    log_every: jax.Array,
    end: jax.Array,
) -> Chunk:
    """Runs some steps on the device; one program serves every number of steps.

    Args:
        networks: structure of G and D; a new one is a new program.
        recipe, source: see `train_step`.
        state: before the first step; its buffers are given up.
        steps: how many to run, a scalar.
        log_every: a step is logged when its number is a multiple of this.
        end: the number of the run's last step, which is logged too.
    """

    def body(chunk: Chunk) -> Chunk:
        number = chunk.state.step + 1
        return advance(networks, recipe, source, chunk, number, due(number, log_every, end))

    end_of_chunk = state.step + steps
    done: Chunk = lax.while_loop(
        lambda c: c.finite & (c.state.step < end_of_chunk),
        body,
        empty(networks, recipe, source, state),
    )
    return done


def due(number: jax.Array, log_every: jax.Array, end: jax.Array) -> jax.Array:
    """Whether a step is logged, a scalar bool."""
    return (number % log_every == 0) | (number == end)


def empty(networks: Networks, recipe: Recipe, source: Source, state: TrainState) -> Chunk:
    """A chunk before its first step."""
    measured = jnp.bool_(True)
    shapes = jax.eval_shape(lambda s: train_step(networks, recipe, source, s, measured)[1], state)
    return Chunk(
        state=state,
        reached=state.step,
        logged=jnp.int32(0),
        steps=jnp.zeros(SLOTS, jnp.int32),
        rows={tag: jnp.zeros(SLOTS) for tag in shapes},
        last={tag: jnp.float32(0) for tag in shapes},
        finite=jnp.bool_(True),
    )


def advance(
    networks: Networks,
    recipe: Recipe,
    source: Source,
    chunk: Chunk,
    number: jax.Array,
    measured: jax.Array,
) -> Chunk:
    """A chunk with one step more; after a step that was not finite only the state still changes.

    Args:
        networks, recipe, source: see `train_step`.
        chunk: so far.
        number: the step's.
        measured: whether the step is logged.
    """
    after, scalars = train_step(networks, recipe, source, chunk.state, measured)
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


@functools.partial(jax.jit, static_argnames=("networks",))
def draw(networks: Networks, recipe: Recipe, state: TrainState, latents: jax.Array) -> jax.Array:
    """Samples of G (its moving average where there is one) for given latents, (N, *shape)."""
    return generate(sampler(networks, state), latents, recipe.precision, train=False)[0]


@jax.jit
def finite(state: TrainState) -> jax.Array:
    """Whether every parameter is finite, a scalar bool."""
    leaves = jax.tree.leaves((state.generator, state.discriminator))
    return jnp.stack([jnp.isfinite(leaf).all() for leaf in leaves]).all()


@jax.jit
def copy(state: TrainState) -> TrainState:
    """A copy that outlives the donation of the state to the next chunk."""
    copied: TrainState = jax.tree.map(jnp.copy, state)
    return copied
