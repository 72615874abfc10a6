"""D trained against a fixed p_g, on fresh samples of two known distributions."""

import functools
import logging
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences.distributions import Density
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.value import Logit
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Learner, Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

NETWORK = Mlp(discriminator_widths=(64, 64), activation="gelu")
BATCH = 4096  # samples of each distribution in one update
BLOCK = 50  # updates in one call of the compiled program
LEARNING_RATE = 0.01  # at the start; it falls to zero as a cosine
AVERAGED = 0.25  # D's parameters are averaged over this last share of the updates
AT_ONCE = 2**16  # points in one call of D


class Scale(NamedTuple):
    """How D sees points: relative to `centre`, in units of `unit`, (D,) each."""

    centre: np.ndarray
    unit: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Returns points (N, D) as D sees them, in float32."""
        return np.asarray((points - self.centre) / self.unit, np.float32)


def train(p: Density, q: Density, seen: Scale, seed: int, updates: int) -> Logit:
    """Trains D by minimax's discriminator loss and returns its logit.

    Args:
        p: p_data.
        q: p_g, of the same dimension.
        seen: how D sees points.
        seed: the seed for D and for the samples.
        updates: how often Adam updates D.
    """
    schedule = Schedule(kind="cosine", steps=updates)
    optimizer = Adam(learning_rate=LEARNING_RATE, b1=0.9, schedule=schedule)
    learner, player = _begin(p.dimension, optimizer, seed)
    averaged_from = round((1 - AVERAGED) * updates)
    rng = np.random.default_rng(seed)
    for first in range(0, updates, BLOCK):
        log.info("D has had %d of %d updates", first, updates)
        steps = np.arange(first, min(first + BLOCK, updates), dtype=np.int32)
        count, shape = len(steps) * BATCH, (len(steps), BATCH, p.dimension)
        real, fake = (
            seen(each.sample(rng, count).reshape(count, -1)).reshape(shape) for each in (p, q)
        )
        player = _train(learner, player, averaged_from, steps, real, fake)
    finished = player._replace(parameters=player.average)

    def logit(points: np.ndarray) -> np.ndarray:
        padded = np.pad(seen(points), ((0, -len(points) % AT_ONCE), (0, 0)))
        parts = padded.reshape(-1, AT_ONCE, p.dimension)
        logits = [np.asarray(_ask(learner, finished, part), np.float64) for part in parts]
        return np.concatenate(logits)[: len(points)]

    return logit


@functools.partial(jax.jit, static_argnames="dimension")
def _begin(dimension: int, optimizer: Adam, seed: jax.Array | int) -> tuple[Learner, Player]:
    """D before its first update; its average begins as its parameters."""
    key = key_for(seed, Purpose.DISCRIMINATOR_INIT)
    learner, player = discriminator_alone.begin(
        NETWORK, DataSpec((dimension,)), Minimax(), optimizer, key
    )
    return learner, player._replace(average=player.parameters)


@jax.jit
def _train(
    learner: Learner,
    player: Player,
    averaged_from: jax.Array | int,
    steps: jax.Array,
    real: jax.Array,
    fake: jax.Array,
) -> Player:
    """Updates D once on each batch; the average is of the parameters from `averaged_from` on."""

    def update(
        before: Player, batch: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[Player, None]:
        step, x, generated = batch
        lesson = Lesson(x, generated, jax.random.key(0))  # without dropout it draws nothing
        after, _ = discriminator_alone.update(learner, before, step, lesson)
        share = 1.0 / (jnp.maximum(step - averaged_from, 0) + 1.0)
        mean = jax.tree.map(lambda a, w: a + share * (w - a), before.average, after.parameters)
        return after._replace(average=mean), None

    return jax.lax.scan(update, player, (steps, real, fake))[0]


@jax.jit
def _ask(learner: Learner, player: Player, points: jax.Array) -> jax.Array:
    return learner.D(player)(points, None)
