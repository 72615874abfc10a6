"""The bias of a training set: a discriminator that learns by heart points of the very law of G."""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

DIMENSION = 32  # of the points of the training set
MEMORISER = Mlp(discriminator_widths=(128, 128), activation="silu")
BATCH = 128
LOOKS = 40  # how often that discriminator is measured during its training
HELD_OUT = 4096  # fresh points of each law for its estimates


class Memorised(NamedTuple):
    """A discriminator that was trained on few points of the very law that G has.

    points: how many there are.
    updates: how many updates D had at each look, (LOOKS,).
    train: what D estimates JS to be on those points, in nats, (LOOKS,).
    held_out: the same on fresh points of their law; the truth for it is 0.
    """

    points: int
    updates: np.ndarray
    train: np.ndarray
    held_out: np.ndarray


def memorised(seed: int, points: int, updates: int) -> Memorised:
    """Trains D to tell points of N(0, I) that are used again and again from fresh ones.

    The law of the points is discrete and that of fresh ones continuous, so the divergence between
    them is log 2, and D finds it by learning the points by heart. The two laws behind them are one,
    of divergence 0.

    Source: Arjovsky and Bottou 2017, "Towards principled methods for training generative
        adversarial networks", section 2.1; Arora et al. 2017, section 1.
    """
    optimizer = Adam(learning_rate=2e-3, b1=0.9, schedule=Schedule(kind="cosine", steps=updates))
    between = updates // LOOKS
    train, held_out = _memorise(optimizer, between, seed, points)
    counts = between * np.arange(1, LOOKS + 1)
    return Memorised(points, counts, np.asarray(train), np.asarray(held_out))


@functools.partial(jax.jit, static_argnames="points")
def _memorise(
    optimizer: Optimizer, between: jax.Array | int, seed: jax.Array | int, points: int
) -> tuple[jax.Array, jax.Array]:
    objective = Minimax()
    learner, untrained = discriminator_alone.begin(
        MEMORISER,
        DataSpec((DIMENSION,)),
        objective,
        optimizer,
        key_for(seed, Purpose.DISCRIMINATOR_INIT),
    )
    few_key, fresh_key, fake_key = jax.random.split(key_for(seed, Purpose.THEORY), 3)
    few = jax.random.normal(few_key, (points, DIMENSION))
    fresh, fake = (jax.random.normal(key, (HELD_OUT, DIMENSION)) for key in (fresh_key, fake_key))

    def update(step: jax.Array, player: Player) -> Player:
        which = key_for(seed, Purpose.DISCRIMINATOR_DATA, step)
        lesson = Lesson(
            few[jax.random.randint(which, (BATCH,), 0, points)],
            jax.random.normal(key_for(seed, Purpose.LATENTS, step), (BATCH, DIMENSION)),
            key_for(seed, Purpose.DISCRIMINATOR_LOSS, step),
        )
        return discriminator_alone.update(learner, player, step, lesson)[0]

    def look(player: Player, number: jax.Array) -> tuple[Player, tuple[jax.Array, jax.Array]]:
        after = lax.fori_loop(number * between, (number + 1) * between, update, player)
        D = learner.D(after)
        on_fake = D(fake, None)
        on_few, on_fresh = D(few, None), D(fresh, None)
        return after, (objective.estimate(on_few, on_fake), objective.estimate(on_fresh, on_fake))

    looks: tuple[jax.Array, jax.Array] = lax.scan(look, untrained, jnp.arange(LOOKS))[1]
    return looks
