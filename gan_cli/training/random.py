"""Random numbers: every key is a function of the seed, a purpose, the step and a counter."""

import enum

import jax
import numpy as np


class Purpose(enum.IntEnum):
    """What random numbers are for. The values are part of every run: never change or reuse one."""

    GENERATOR_INIT = 0
    DISCRIMINATOR_INIT = 1
    LATENTS = 2
    DISCRIMINATOR_DATA = 3
    GENERATOR_DATA = 4
    DISCRIMINATOR_LOSS = 5
    GENERATOR_LOSS = 6
    SAMPLE_LATENTS = 7
    THEORY = 8
    SAMPLES = 9
    LINES = 10
    EVALUATION = 11
    VALIDATION = 12
    UNROLLED_LOSS = 13


def seed_of(seed: int, stream: int) -> int:
    """The seed with which a run draws the random numbers of its steps in one of its streams.

    Stream 0 has the run's own seed. Each rollback begins the next stream.
    """
    if not stream:
        return seed
    return int(np.random.SeedSequence([seed, stream]).generate_state(1)[0] >> 1)


def key_for(
    seed: jax.Array | int, purpose: Purpose, step: jax.Array | int = 0, inner: jax.Array | int = 0
) -> jax.Array:
    """The key for one purpose at one step and one inner update."""
    key = jax.random.fold_in(jax.random.key(seed), int(purpose))
    return jax.random.fold_in(jax.random.fold_in(key, step), inner)
