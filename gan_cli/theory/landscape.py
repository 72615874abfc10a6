"""The loss of G over where it puts its samples, on n points of data, for three games.

D may say what it likes of each point, so the loss depends only on which samples lie on data. The
samples that G has put on one point must part for G to match the data. In the minimax game the loss
rises when the first of them leaves, which is a barrier; in the relativistic game of pairs by index
it does not; in that game over all independent pairs it does.

Source: Sun, Fang and Schwing 2020, "Towards a better global loss landscape of GANs", sections 3 and
4, for two points.
"""

import functools
import logging
from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Estimate
from gan_cli.objectives.base import Objective, total
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.relativistic import Relativistic
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.best_scores import (
    Comparisons,
    best_value,
    by_index,
    over_all_pairs,
    separately,
)
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

NETWORK = Mlp(discriminator_widths=(32, 32), activation="silu")
LEARNING_RATE = 0.01
UPDATES = 2000
LOOKS = (200, 40, 1)  # D is looked at after a 200th of its updates, a 40th, and all
PLACES = 17  # where a sample stands on its way from one point to another, both included
STATES = ("all_matched", "all_on_one_point", "one_matched", "none_matched")


class Played(NamedTuple):
    """A game as D meets it.

    objective: gives D's loss.
    compared: which points D compares.
    share: what the loss is multiplied by: minimax compares two for each index.
    """

    objective: Objective
    compared: Comparisons
    share: float


GAMES: Mapping[str, Played] = {
    "minimax": Played(Minimax(), separately, 0.5),
    "relativistic_by_index": Played(Relativistic(), by_index, 1.0),
    "relativistic_over_all_pairs": Played(Relativistic(), over_all_pairs, 1.0),
}

FLAT = 1e-9
"""A climb of the loss below so many nats is none."""


class Loss(NamedTuple):
    """The loss of one game, in nats: the mean over comparisons of log sigma, which D maximises.

    states: the least upper bound over all D for each of STATES.
    trained_states: what a trained D reaches there.
    path: the least upper bounds along the path, (T,).
    trained: what D reaches along the path at each look of its training, (LOOKS, T).
    """

    states: dict[str, Estimate]
    trained_states: dict[str, float]
    path: np.ndarray
    trained: np.ndarray

    @property
    def barrier(self) -> float:
        """The highest climb on the path: how far the loss rises above where it was; 0 if never."""
        return float((self.path - np.minimum.accumulate(self.path)).max())

    @property
    def trained_barrier(self) -> float:
        """The same for the trained D."""
        last = self.trained[-1]
        return float((last - np.minimum.accumulate(last)).max())

    @property
    def shortfall(self) -> float:
        """The most by which a trained D falls short of the least upper bound."""
        of_states = (self.states[name].value - self.trained_states[name] for name in STATES)
        return float(max(*of_states, *(self.path - self.trained[-1])))


class Landscape(NamedTuple):
    """The losses of every game over one path of G's samples.

    data: the points of data, (n, 2).
    way: how far the samples have come, from 0 to n - 1: the sample number 1 + k moves between k and
        k + 1, (T,).
    losses: by game.
    updates: how many updates each D had at each look.
    """

    data: np.ndarray
    way: np.ndarray
    losses: dict[str, Loss]
    updates: list[int]


def landscape(seed: int, points: int = 2, updates: int = UPDATES) -> Landscape:
    """Finds the loss of each game in four states, and along a path from the collapse to the data.

    Args:
        seed: the seed of every D.
        points: the number n of points of data, at least 2, which lie evenly on a circle.
        updates: how often each D is updated.
    """
    data = on_a_circle(points)
    way, path = collapse_to_match(data)
    samples = np.concatenate([states(data), path])
    found = {}
    for name, game in GAMES.items():
        log.info("training %d discriminators of the game %s", len(samples), name)
        best = [best_loss(game.compared, data, each) for each in samples]
        trained = trained_losses(game, data, samples, seed, updates)
        found[name] = Loss(
            dict(zip(STATES, best, strict=False)),
            dict(zip(STATES, trained[-1].tolist(), strict=False)),
            np.array([each.value for each in best[len(STATES) :]]),
            trained[:, len(STATES) :],
        )
    return Landscape(data, way, found, looks(updates))


def on_a_circle(points: int) -> np.ndarray:
    """Points of data evenly on the unit circle, (n, 2)."""
    angles = np.pi - 2 * np.pi * np.arange(points) / points
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).round(12)


def looks(updates: int) -> list[int]:
    """After how many updates D is looked at."""
    return [max(1, updates // part) for part in LOOKS]


def states(data: np.ndarray) -> np.ndarray:
    """Where the n samples lie in each of STATES, (4, n, 2)."""
    elsewhere = 0.5 * (data + np.roll(data, 1, axis=0)) + 0.25 * data  # off the data, and apart
    one = np.concatenate([data[:1], elsewhere[1:]])
    return np.stack([data, np.broadcast_to(data[0], data.shape), one, elsewhere])


def collapse_to_match(data: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The path on which the samples leave the first point for the others, one after another.

    Returns:
        How far they have come, (T,), and where they are then, (T, n, 2).
    """
    n = len(data)
    nearer_the_ends = np.sin(np.linspace(0, np.pi / 2, PLACES)) ** 2
    way = np.unique(np.arange(n - 1)[:, None] + nearer_the_ends)
    share = np.clip(way[:, None] - np.arange(n - 1), 0.0, 1.0)
    moved = data[0] + share[:, :, None] * (data[1:] - data[0])
    moved = np.where(share[:, :, None] == 1, data[1:], moved)
    return way, np.concatenate([np.broadcast_to(data[0], (len(way), 1, 2)), moved], axis=1)


def best_loss(compared: Comparisons, data: np.ndarray, samples: np.ndarray) -> Estimate:
    """The least upper bound over all D of the loss for data (n, 2) and samples (n, 2), in nats."""
    numbers = np.unique(np.concatenate([data, samples]), axis=0, return_inverse=True)[1]
    return best_value(*compared(numbers[: len(data)], numbers[len(data) :]))


def trained_losses(
    game: Played, data: np.ndarray, samples: np.ndarray, seed: int, updates: int
) -> np.ndarray:
    """What a D reaches that is trained by the objective's own loss, for each of samples (S, n, 2).

    Returns:
        The values at each look, (LOOKS, S), in nats.
    """
    rows = np.arange(len(data))
    pairs = over_all_pairs(rows, rows) if game.compared is over_all_pairs else (rows, rows)
    real, fake = data[pairs[0]], samples[:, pairs[1]]
    optimizer = Adam(
        learning_rate=LEARNING_RATE, b1=0.9, schedule=Schedule(kind="cosine", steps=updates)
    )
    found = _train(
        game.objective,
        optimizer,
        jnp.asarray([0, *looks(updates)]),
        seed,
        jnp.asarray(real, jnp.float32),
        jnp.asarray(fake, jnp.float32),
    )
    return -game.share * np.asarray(found, np.float64).T


@jax.jit
@functools.partial(jax.vmap, in_axes=(None, None, None, None, None, 0))
def _train(
    objective: Objective,
    optimizer: Adam,
    counts: jax.Array,
    seed: jax.Array,
    real: jax.Array,
    fake: jax.Array,
) -> jax.Array:
    """D's loss at each look, (LOOKS,); the places of the samples are lanes of one program.

    Args:
        objective: what D plays.
        optimizer: of D.
        counts: 0, and how many updates D has had at each look.
        seed: of D.
        real: the data, all of which is one minibatch.
        fake: the samples, as many.
    """
    key = key_for(seed, Purpose.DISCRIMINATOR_INIT)
    learner, untrained = discriminator_alone.begin(
        NETWORK, DataSpec((2,)), objective, optimizer, key
    )
    lesson = Lesson(real, fake, key)  # this D and these losses draw nothing

    def update(step: jax.Array, player: Player) -> Player:
        return discriminator_alone.update(learner, player, step, lesson)[0]

    def look(player: Player, ends: jax.Array) -> tuple[Player, jax.Array]:
        after = lax.fori_loop(ends[0], ends[1], update, player)
        return after, total(objective.discriminator_loss(learner.D(after), real, fake, key))

    found: jax.Array = lax.scan(look, untrained, jnp.stack([counts[:-1], counts[1:]], axis=1))[1]
    return found
