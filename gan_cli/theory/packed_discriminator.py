"""A D that judges packs, trained to tell two step distributions apart."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Estimate
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.packing import pack
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

WIDTHS = (64, 64)
BATCH = 512  # packs of each distribution in one update
LEARNING_RATE = 0.01
FRESH = 2**17  # packs of each distribution on which the trained D is measured


class Steps(NamedTuple):
    """A pair of step distributions as D sees it.

    low, high: the ends of the cells in units in which the pair has variance 1, (C,).
    log_masses: the logarithms of the masses of both, (2, C).
    """

    low: jax.Array
    high: jax.Array
    log_masses: jax.Array


class Trained(NamedTuple):
    """What a trained D finds, on fresh packs, each with its standard error.

    total_variation: P^m(D > 0) - Q^m(D > 0), which no D can bring above the total variation.
    js: the objective's own estimate, in nats, a lower bound as well.
    """

    total_variation: Estimate
    js: Estimate


def train(
    low: np.ndarray, high: np.ndarray, masses: np.ndarray, m: int, seed: int, updates: int
) -> Trained:
    """Trains D by minimax's loss on packs of m, and measures it.

    Args:
        low, high: the ends of the cells, (C,).
        masses: the masses of both distributions in the cells, (2, C).
        m: the number of examples in a pack.
        seed: the seed of D and of the samples.
        updates: how often D is updated.
    """
    weights = masses.mean(axis=0)
    middle = float(weights @ (low + high) / 2)
    squares = ((low - middle) ** 2 + (low - middle) * (high - middle) + (high - middle) ** 2) / 3
    unit = float(np.sqrt(weights @ squares)) or 1.0
    with np.errstate(divide="ignore"):
        logs = np.log(masses)
    seen = ((low - middle) / unit, (high - middle) / unit, logs)
    steps = Steps(*(jnp.asarray(each, jnp.float32) for each in seen))
    optimizer = Adam(
        learning_rate=LEARNING_RATE, b1=0.9, schedule=Schedule(kind="cosine", steps=updates)
    )
    on_real, on_fake = _train(steps, optimizer, seed, updates, m=m)
    real, fake = (np.asarray(each, np.float64) for each in (on_real, on_fake))
    gains = -np.logaddexp(0, -real) / 2, -np.logaddexp(0, fake) / 2
    return Trained(
        _sum_of_means(1.0 * (real > 0), -1.0 * (fake > 0)),
        _sum_of_means(gains[0] + np.log(2.0), gains[1]),
    )


def _sum_of_means(x: np.ndarray, y: np.ndarray) -> Estimate:
    """The sum of two means, with its standard error."""
    error = float(np.sqrt(x.var() / len(x) + y.var() / len(y)))
    return Estimate(float(x.mean() + y.mean()), error)


@functools.partial(jax.jit, static_argnames="m")
def _train(
    steps: Steps, optimizer: Adam, seed: jax.Array, updates: jax.Array, m: int
) -> tuple[jax.Array, jax.Array]:
    """The logits of the trained D on fresh packs of both, (FRESH,) each."""
    network = Mlp(discriminator_widths=WIDTHS, activation="gelu", packing=m)
    learner, untrained = discriminator_alone.begin(
        network, DataSpec((1,)), Minimax(), optimizer, key_for(seed, Purpose.DISCRIMINATOR_INIT)
    )

    def update(step: jax.Array, player: Player) -> Player:
        lesson = Lesson(
            _packs(key_for(seed, Purpose.DISCRIMINATOR_DATA, step), steps, 0, m, BATCH),
            _packs(key_for(seed, Purpose.LATENTS, step), steps, 1, m, BATCH),
            key_for(seed, Purpose.DISCRIMINATOR_LOSS, step),
        )
        return discriminator_alone.update(learner, player, step, lesson)[0]

    D = learner.D(lax.fori_loop(0, updates, update, untrained))
    keys = jax.random.split(key_for(seed, Purpose.THEORY))
    real, fake = (_packs(keys[side], steps, side, m, FRESH) for side in (0, 1))
    return D(real, None), D(fake, None)


def _packs(key: jax.Array, steps: Steps, side: int, m: int, n: int) -> jax.Array:
    """n packs of one of the two distributions, (n, m)."""
    which, inside = jax.random.split(key)
    cell = jax.random.categorical(which, steps.log_masses[side], shape=(n * m,))
    share = jax.random.uniform(inside, (n * m,))
    x = steps.low[cell] + share * (steps.high[cell] - steps.low[cell])
    return pack(x[:, None], m)
