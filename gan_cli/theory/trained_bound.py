"""Discriminators that play f-GANs, trained on points that carry their masses under P and Q.

The line is cut into many parts, and a random point of each stands for its mass. So what a trained D
falls short of is what its network cannot say or has not learnt yet, and not the noise of batches,
which in Pearson's E_Q (p / q)^2 stays large however many samples there are. The network says
log p / q, from which each game's T* follows.
"""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import line_cells
from gan_cli.divergences.log_ratios import log_density, on_atoms
from gan_cli.objectives.f_divergences import LIMIT, ROWS
from gan_cli.objectives.f_gan import FGan
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.sight import Sight, sight
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import descend
from gan_cli.training.discriminator_alone import Learner
from gan_cli.training.networks import Parameters
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

NETWORK = Mlp(discriminator_widths=(32, 32), activation="gelu")
LEARNING_RATE = 0.01  # at the start of either part of the training; it falls to zero as a cosine
WARMING = 0.25  # the share of the updates in which every D plays the game of 2014
PARTS = 480  # the least number of parts that the line is cut into
SETS = 32  # sets of random points that the updates take in turn
TOGETHER = 512  # points in one call of D, or a power of two times as many
TINY = 1e-30  # added to the size of a gradient, which may be 0
MOST = 80.0  # nats of an exponential's exponent that float32 holds, also by a mass
STEEP = 10.0  # what total variation's D multiplies log p / q by, as its T* is a step


def unlimited_above(w: jax.Array) -> jax.Array:
    """The v whose `not_above` is w, for w up to MOST."""
    over = jnp.clip(w - LIMIT, 0.0, MOST - LIMIT)
    return jnp.minimum(w, LIMIT) + jnp.expm1(over)


def unlimited_below(w: jax.Array) -> jax.Array:
    """The v whose `not_below` is w, for w down to -MOST."""
    return -unlimited_above(-w)


OUTPUTS: dict[str, Callable[[jax.Array], jax.Array]] = {
    "total_variation": lambda s: STEEP * s,
    "kl": lambda s: unlimited_above(1.0 + s),
    "reverse_kl": unlimited_below,
    "pearson": lambda s: 2.0 * jnp.expm1(jnp.minimum(s, MOST / 2)),
    "neyman": lambda s: unlimited_below(2.0 * s),
    "squared_hellinger": lambda s: unlimited_below(unlimited_above(s / 2.0)),
    "jeffrey": lambda s: unlimited_above(1.0 + s - jnp.exp(jnp.minimum(-s, MOST))),
    "jensen_shannon": lambda s: s,
    "gan": lambda s: s,
}
"""D's output v where its network says s: g_f(v) is f'(e^s), but for the step of total variation.

So all networks learn the same log p / q, which is smooth and moderate where T* is neither."""

OPTIMIZER = Adam(learning_rate=LEARNING_RATE, b1=0.9, schedule=Schedule(kind="cosine", steps=1))
"""The rate falls to zero within a game: an update's step is the share of the game before it."""

Game = Callable[[jax.Array], tuple[jax.Array, jax.Array]]
"""-T and f*(T), from what the network says, (N,) each."""

Said = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""T = g_f(D(x)) and f*(T) at x, (N,) to (N,) each."""


class Nodes(NamedTuple):
    """Points x, and the masses of p and of q that each stands for, (SETS, N) each."""

    x: np.ndarray
    p: np.ndarray
    q: np.ndarray

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


def seen(p: OnLine, q: OnLine, at: Nodes) -> Sight:
    """How D sees the points, from where their masses lie."""
    return sight(p, q, at.x.reshape(-1, 1), (at.p + at.q).ravel() / 2)


def train(
    at: dict[str, Nodes], sights: dict[str, Sight], seed: int, updates: int
) -> dict[str, Said]:
    """Trains a D for each divergence to raise E_P g_f(D) - E_Q f*(g_f(D)), all in one program.

    First each plays the game of 2014, where it learns log p / q whatever it says at the start; then
    its own, in which the slope of T may be next to nothing until D is near its optimum.

    Args:
        at: the nodes for each divergence.
        sights: how D sees them.
        seed: the seed for the networks.
        updates: how often Adam updates each network.

    Returns:
        What each D says in the end.
    """
    most = _enough(max(each.x.shape[1] for each in at.values()))
    filled = {name: each.padded(most) for name, each in at.items()}
    points = np.stack([sights[name](each.x.reshape(-1, 1)) for name, each in filled.items()])
    points = points.reshape(len(at), SETS, most, -1)
    masses = np.stack([np.stack([each.p, each.q], axis=1) for each in filled.values()])
    names, warming = tuple(at), round(WARMING * updates)
    learner, players = _train(names, points, masses.astype(np.float32), seed, warming, updates)
    found: dict[str, Said] = {}
    for lane, name in enumerate(names):
        player = jax.tree.map(lambda leaf, lane=lane: leaf[lane], players)
        found[name] = functools.partial(_say, name, learner, player, sights[name])
    return found


@functools.partial(jax.jit, static_argnames="names")
def _train(
    names: tuple[str, ...],
    points: jax.Array,
    masses: jax.Array,
    seed: jax.Array | int,
    warming: jax.Array | int,
    updates: jax.Array | int,
) -> tuple[Learner, Player]:
    """Trains one D a divergence on its own points (R, SETS, N, size), masses (R, SETS, 2, N)."""
    spec = DataSpec(points.shape[-1:])

    def begin(lane: jax.Array | int) -> tuple[Learner, Player]:
        key = key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane)
        return discriminator_alone.begin(NETWORK, spec, FGan(), OPTIMIZER, key)

    learner = begin(0)[0]

    def play(games: Sequence[Game], players: Player, length: jax.Array | int) -> Player:
        def loss(parameters: Parameters, players: Player, turn: jax.Array) -> jax.Array:
            changed = players._replace(parameters=parameters)
            said = jax.vmap(lambda player, x: learner.D(player)(x, None))(changed, points[:, turn])
            costs = (game(s) for game, s in zip(games, said, strict=True))
            losses = [
                of_p @ cost + of_q @ conjugate
                for (cost, conjugate), (of_p, of_q) in zip(costs, masses[:, turn], strict=True)
            ]
            return jnp.stack(losses).sum()

        def update(step: jax.Array, players: Player) -> Player:
            gradients = jax.grad(loss)(players.parameters, players, step % SETS)
            return jax.vmap(lambda *each: _moved(step / length, *each))(players, gradients)

        after: Player = jax.lax.fori_loop(0, length, update, players)
        return after

    untrained = jax.vmap(lambda lane: begin(lane)[1])(jnp.arange(len(names)))
    warm = play([functools.partial(_costs, "gan")] * len(names), untrained, warming)
    again = warm._replace(optimizer=untrained.optimizer)
    own = [functools.partial(_costs, name) for name in names]
    return learner, play(own, again, updates - warming)


def _moved(step: jax.Array, player: Player, gradients: Parameters) -> Player:
    """A step of Adam along the gradient's direction alone.

    Its size may change by many powers of ten, as E_Q (p / q)^2 does, and Adam would remember.
    """
    length = optax.tree.norm(gradients) + TINY
    return descend(OPTIMIZER, step, player, jax.tree.map(lambda g: g / length, gradients))


def _costs(name: str, s: jax.Array) -> tuple[jax.Array, jax.Array]:
    """-T and f*(T) of a divergence where D's network says s, (N,) each."""
    row, v = ROWS[name], OUTPUTS[name](s)
    return row.cost(v), row.conjugate(v)


def _say(
    name: str, learner: Learner, player: Player, sight: Sight, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    padded = np.pad(x, (0, _enough(len(x)) - len(x)))
    cost, conjugate = _ask(name, learner, player, sight(padded[:, None]))
    return -np.asarray(cost, np.float64)[: len(x)], np.asarray(conjugate, np.float64)[: len(x)]


@functools.partial(jax.jit, static_argnames="name")
def _ask(name: str, learner: Learner, player: Player, points: jax.Array) -> tuple[jax.Array, ...]:
    return _costs(name, learner.D(player)(points, None))


def _enough(count: int) -> int:
    """The least power of two times TOGETHER that is not below `count`."""
    return TOGETHER << max(0, -(-count // TOGETHER) - 1).bit_length()
