"""Discriminators that play f-GANs, trained on points that carry their masses under P and Q.

The line is cut into many parts, and a random point of each stands for its mass. So what a trained D
falls short of is what its network cannot say or has not learnt yet, and not the noise of batches,
which in Pearson's E_Q (p / q)^2 stays large however many samples there are.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import line_cells
from gan_cli.divergences.log_ratios import log_density, on_atoms
from gan_cli.objectives.f_divergences import ROWS, Row
from gan_cli.objectives.f_gan import FGan
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import descend
from gan_cli.training.discriminator_alone import Learner
from gan_cli.training.networks import Parameters
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

NETWORK = Mlp(discriminator_widths=(32, 32), activation="gelu")
LEARNING_RATE = 0.01  # at the start; it falls to zero as a cosine
PARTS = 480  # the least number of parts that the line is cut into
SETS = 32  # sets of random points that the updates take in turn
TOGETHER = 512  # points in one call of D, or a power of two times as many

Said = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""T = g_f(D(x)) and f*(T) at x, (N,) to (N,) each."""


class Scale(NamedTuple):
    """How D sees points: relative to `centre`, in units of `unit`, (D,) each."""

    centre: np.ndarray
    unit: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Points (..., D) as D sees them, in float32."""
        return np.asarray((points - self.centre) / self.unit, np.float32)


class Nodes(NamedTuple):
    """Points x, and the masses of p and of q that each stands for, (SETS, N) each."""

    x: np.ndarray
    p: np.ndarray
    q: np.ndarray

    def scale(self) -> Scale:
        """The mean of (p + q) / 2, and half of its standard deviation, or 1 where that is zero."""
        mass = (self.p + self.q) / (self.p + self.q).sum()
        centre = (mass * self.x).sum()
        spread = np.sqrt((mass * (self.x - centre) ** 2).sum())
        return Scale(np.array([centre]), np.array([spread / 2 or 1.0]))

    def padded(self, count: int) -> "Nodes":
        """The same and further points without mass."""
        return Nodes(*(np.pad(each, ((0, 0), (0, count - each.shape[1]))) for each in self))


def activations(name: str, outputs: np.ndarray) -> np.ndarray:
    """T = g_f(v) for D's outputs v, (N,), as a training computes it."""
    return np.asarray(ROWS[name].activation(jnp.asarray(outputs, jnp.float32)), np.float64)


def nodes(name: str, p: OnLine, q: OnLine, rng: np.random.Generator) -> Nodes:
    """Points with their masses for the terms of a divergence, a random one in each of many parts.

    Args:
        name: the divergence.
        p, q: the distributions.
        rng: draws SETS sets of points, all of equal size N.

    Returns:
        SETS sets of nodes, (SETS, N) each; the points that have mass are in every one.
    """
    x, log_p, log_q = on_atoms(p, q)
    cells = line_cells(name, p, q)[:, 0]
    in_each = 1 + -(-PARTS // max(1, len(cells)))
    ends = np.linspace(cells[:, 0], cells[:, 1], in_each, axis=1)
    low, width = ends[:, :-1].ravel(), np.diff(ends, axis=1).ravel()
    between = low + width * rng.uniform(size=(SETS, len(low)))
    of_p, of_q = (np.exp(log_density(each, between)) * width for each in (p, q))
    atoms = (np.broadcast_to(each, (SETS, len(x))) for each in (x, np.exp(log_p), np.exp(log_q)))
    pairs = zip(atoms, (between, of_p, of_q), strict=True)
    return Nodes(*(np.concatenate(pair, axis=1) for pair in pairs))


def train(at: dict[str, Nodes], seed: int, updates: int) -> dict[str, Said]:
    """Trains a D for each divergence to raise E_P g_f(D) - E_Q f*(g_f(D)), all in one program.

    Args:
        at: the nodes for each divergence.
        seed: the seed for the networks.
        updates: how often Adam updates each network.

    Returns:
        What each D says in the end.
    """
    schedule = Schedule(kind="cosine", steps=updates)
    optimizer = Adam(learning_rate=LEARNING_RATE, b1=0.9, schedule=schedule)
    scales = {name: each.scale() for name, each in at.items()}
    most = _enough(max(each.x.shape[1] for each in at.values()))
    filled = [each.padded(most) for each in at.values()]
    seen = [scale(each.x[..., None]) for scale, each in zip(scales.values(), filled, strict=True)]
    masses = [np.stack([each.p, each.q], axis=1) for each in filled]
    points, weights = (np.stack(each, axis=1).astype(np.float32) for each in (seen, masses))
    rows = tuple(ROWS[name] for name in at)
    learner, players = _train(rows, optimizer, points, weights, seed, updates)
    found: dict[str, Said] = {}
    for lane, (name, scale) in enumerate(scales.items()):
        player = jax.tree.map(lambda leaf, lane=lane: leaf[lane], players)
        found[name] = functools.partial(_say, ROWS[name], learner, player, scale)
    return found


@functools.partial(jax.jit, static_argnames="rows")
def _train(
    rows: tuple[Row, ...],
    optimizer: Adam,
    points: jax.Array,
    masses: jax.Array,
    seed: jax.Array | int,
    updates: jax.Array | int,
) -> tuple[Learner, Player]:
    """Trains one D a row on its own points (SETS, R, N, 1) with their masses (SETS, R, 2, N)."""

    def begin(lane: jax.Array | int) -> tuple[Learner, Player]:
        key = key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane)
        return discriminator_alone.begin(NETWORK, DataSpec((1,)), FGan(), optimizer, key)

    learner = begin(0)[0]

    def loss(parameters: Parameters, players: Player, turn: jax.Array) -> jax.Array:
        changed = players._replace(parameters=parameters)
        outputs = jax.vmap(lambda player, x: learner.D(player)(x, None))(changed, points[turn])
        losses = [
            of_p @ row.cost(v) + of_q @ row.conjugate(v)
            for row, v, (of_p, of_q) in zip(rows, outputs, masses[turn], strict=True)
        ]
        return jnp.stack(losses).sum()

    def update(step: jax.Array, players: Player) -> Player:
        gradients = jax.grad(loss)(players.parameters, players, step % SETS)
        one = functools.partial(descend, optimizer, step)
        return jax.vmap(one)(players, gradients)

    untrained = jax.vmap(lambda lane: begin(lane)[1])(jnp.arange(len(rows)))
    return learner, jax.lax.fori_loop(0, updates, update, untrained)


def _say(
    row: Row, learner: Learner, player: Player, scale: Scale, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    points = np.pad(scale(x[:, None]), ((0, _enough(len(x)) - len(x)), (0, 0)))
    T, conjugate = _ask(row, learner, player, points)
    return np.asarray(T, np.float64)[: len(x)], np.asarray(conjugate, np.float64)[: len(x)]


@functools.partial(jax.jit, static_argnames="row")
def _ask(row: Row, learner: Learner, player: Player, points: jax.Array) -> tuple[jax.Array, ...]:
    v = learner.D(player)(points, None)
    return row.activation(v), row.conjugate(v)


def _enough(count: int) -> int:
    """The least power of two times TOGETHER that is not below `count`."""
    return TOGETHER << max(0, -(-count // TOGETHER) - 1).bit_length()
