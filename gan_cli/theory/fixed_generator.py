"""D trained against a fixed p_g, on fresh samples of two known distributions, in rounds."""

import functools
import logging
from collections.abc import Iterator
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
from gan_cli.theory.even_samples import EvenSamples
from gan_cli.theory.sight import Sight
from gan_cli.theory.value import Logit
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Learner, Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

NETWORK = Mlp(discriminator_widths=(48, 48), activation="gelu")
BATCH = {1: 512, 2: 2048}  # samples of each distribution in one update, by dimension
BLOCK = 250  # updates in one call of the compiled program
OPTIMIZER = Adam(learning_rate=0.01, b1=0.9, schedule=Schedule(kind="cosine", steps=1))
"""The rate falls to zero within a round: an update's step is the share of the round before it."""
AVERAGED = 0.25  # D's parameters are averaged over this last share of a round
AT_ONCE = 2**16  # points in one call of D


class Round(NamedTuple):
    """D after a round of its training.

    updates: how often it has been updated, earlier rounds included.
    logit: its logit as a function of points (N, D).
    """

    updates: int
    logit: Logit


def rounds(p: Density, q: Density, seen: Sight, seed: int, first: int) -> Iterator[Round]:
    """Trains D by minimax's discriminator loss, in rounds each twice as long as the one before.

    Within a round the learning rate falls to zero, so that D ends near the optimum for its
    samples, and what a further round changes tells how far it is from having converged.

    Args:
        p: p_data.
        q: p_g, of the same dimension.
        seen: how D sees points.
        seed: the seed for D and for the samples.
        first: how often Adam updates D in the first round.
    """
    learner, player = _begin(seen.size, seed)
    rng = np.random.default_rng(seed)
    draws = [EvenSamples(each, rng) for each in (p, q)]
    updates, length, batch = 0, first, BATCH[p.dimension]
    while True:
        for done in range(0, length, BLOCK):
            log.info("D has had %d updates of %d", updates + done, updates + length)
            steps = np.arange(done, min(done + BLOCK, length), dtype=np.int32)
            shape = (len(steps), batch, seen.size)
            real, fake = (seen(draw(len(steps) * batch)).reshape(shape) for draw in draws)
            player = _train(learner, player, length, steps, real, fake)
        player = player._replace(parameters=player.average)
        updates, length = updates + length, 2 * length
        yield Round(updates, functools.partial(_logit, learner, player, seen))


def _logit(learner: Learner, player: Player, seen: Sight, points: np.ndarray) -> np.ndarray:
    """D's logits of points (N, D), (N,)."""
    padded = np.pad(seen(points), ((0, -len(points) % AT_ONCE), (0, 0)))
    parts = padded.reshape(-1, AT_ONCE, seen.size)
    logits = [np.asarray(_ask(learner, player, part), np.float64) for part in parts]
    return np.concatenate(logits)[: len(points)]


@functools.partial(jax.jit, static_argnames="size")
def _begin(size: int, seed: jax.Array | int) -> tuple[Learner, Player]:
    """D before its first update; its average begins as its parameters."""
    key = key_for(seed, Purpose.DISCRIMINATOR_INIT)
    learner, player = discriminator_alone.begin(
        NETWORK, DataSpec((size,)), Minimax(), OPTIMIZER, key
    )
    return learner, player._replace(average=player.parameters)


@jax.jit
def _train(
    learner: Learner,
    player: Player,
    length: jax.Array | int,
    steps: jax.Array,
    real: jax.Array,
    fake: jax.Array,
) -> Player:
    """Updates D once on each batch; `steps` counts the updates of a round of this length."""

    def update(
        before: Player, batch: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[Player, None]:
        step, x, generated = batch
        lesson = Lesson(x, generated, jax.random.key(0))  # without dropout it draws nothing
        after, _ = discriminator_alone.update(learner, before, step / length, lesson)
        averaged = jnp.maximum(step - (1 - AVERAGED) * length, 0)
        share = 1.0 / (averaged + 1.0)
        mean = jax.tree.map(lambda a, w: a + share * (w - a), before.average, after.parameters)
        return after._replace(average=mean), None

    return jax.lax.scan(update, player, (steps, real, fake))[0]


@jax.jit
def _ask(learner: Learner, player: Player, points: jax.Array) -> jax.Array:
    return learner.D(player)(points, None)
