"""The game played on p_g itself: with an optimal D before each step of G, and with a D that learns.

p_data and p_g give probabilities to the N points of a grid. So p_g can take any shape there (G has
"enough capacity"), it can be sampled, and C(G) is known exactly for every D. G descends along the
gradient of V(D, G) in p_g, which is log(1 - D), in the geometry of the KL divergence:

    p_g <- p_g exp(-rate log(1 - D)) / Z, which minimises <log(1 - D), p> + KL(p || p_g) / rate.

If D = D*, C is convex in p_g and smooth relative to the negative entropy with constant one: its
second derivative is 1 / p_g - 1 / (p_data + p_g). So C cannot rise if rate <= 1.

Source: Goodfellow et al. 2014, Proposition 2 and Algorithm 1; Beck and Teboulle 2003, "Mirror
descent and nonlinear projected subgradient methods", section 5; Lu, Freund and Nesterov 2018,
"Relatively smooth convex optimization by first-order methods", Theorem 3.1.
"""

import functools
import logging
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.special import expit, log_softmax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import LineMixture, Normal, js
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.theory.value import LOG_4
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

GRID = np.linspace(-4.0, 4.0, 128)
DATA = LineMixture((0.4, 0.6), (Normal(-1.5, 0.5), Normal(1.5, 0.6)))
START = Normal(0.0, 1.5)

RATE = 0.25
ROUNDING = 1e-14  # rounding error of C in float64, in nats

KS = (1, 2, 5, 20)
GAMES = 8  # for each k
NETWORK = Mlp(discriminator_widths=(32, 32), activation="tanh")
BATCH = 128  # from each distribution
LEARNING_RATE = 1e-3


class Descent(NamedTuple):
    """A game in which D = D* before each of T steps of G.

    costs: C(G) in nats before the first step and after each, (T + 1,).
    last: p_g at the end, (N,).
    """

    costs: np.ndarray
    last: np.ndarray

    @property
    def gap(self) -> float:
        """C(G) + log 4 at the end, in nats."""
        return float(self.costs[-1] + LOG_4)

    @property
    def largest_rise(self) -> float:
        """The largest change of C in one step, in nats; at most 0 if C never rose."""
        return float(np.diff(self.costs).max())

    @property
    def monotone(self) -> bool:
        """Whether C never rose by more than its rounding error."""
        return self.largest_rise <= ROUNDING


class Game(NamedTuple):
    """S games of T steps, in which a real D gets k updates before each step of G.

    k: the number of updates.
    js: the true JS(p_data, p_g) in nats before the first step and after each, (S, T + 1).
    distances: the mean of |D - D*| under (p_data + p_g) / 2 before each step, (S, T).
    """

    k: int
    js: np.ndarray
    distances: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """The mean of JS over the games, (T + 1,)."""
        return np.asarray(self.js.mean(axis=0))

    @property
    def late(self) -> np.ndarray:
        """The mean of JS over the last quarter of each game, (S,)."""
        return np.asarray(self.js[:, -(self.js.shape[1] // 4) :].mean(axis=1))

    def after(self, updates: int) -> float:
        """The mean of JS over the games after that many updates of D in all."""
        return float(self.mean[updates // self.k])


class Convergence(NamedTuple):
    """The descent with an optimal D, and the games with k updates for each k of KS."""

    descent: Descent
    games: list[Game]

    @property
    def updates(self) -> int:
        """The number of updates of D that every game has reached."""
        return int(min(game.k * game.distances.shape[1] for game in self.games))


def convergence(seed: int, steps: int) -> Convergence:
    """Plays every game with this seed for this number of steps of G."""
    return Convergence(at_optimum(steps), [with_real_discriminator(k, seed, steps) for k in KS])


def on_grid(distribution: LineMixture | Normal) -> np.ndarray:
    """The probabilities of the grid's points, in proportion to the density there."""
    density = np.exp(distribution.log_prob(GRID))
    return np.asarray(density / density.sum())


def at_optimum(steps: int, rate: float = RATE) -> Descent:
    """Lets G descend with D = D* = p_data / (p_data + p_g) before each step.

    Args:
        steps: the number of steps of G.
        rate: the rate of the descent, at most 1.
    """
    p = on_grid(DATA)
    log_p, log_g = np.log(p), np.log(on_grid(START))
    costs = [_cost(p, log_g)]
    for _ in range(steps):
        slope = log_g - np.logaddexp(log_p, log_g)
        log_g = log_softmax(log_g - rate * slope)
        costs.append(_cost(p, log_g))
    return Descent(np.array(costs), np.exp(log_g))


def with_real_discriminator(k: int, seed: int, steps: int, games: int = GAMES) -> Game:
    """Lets G descend with an MLP as D, which gets k updates on samples before each step.

    Args:
        k: the number of updates, by minimax's discriminator loss.
        seed: the seed for every random number; no two games share any, with one seed or two.
        steps: the number of steps of G.
        games: the number of games.
    """
    log.info("playing %d games with k = %d", games, k)
    p, start = on_grid(DATA), on_grid(START)
    tables = (jnp.asarray(np.log(p), jnp.float32), jnp.asarray(np.log(start), jnp.float32))
    adam = Adam(learning_rate=LEARNING_RATE)
    found, logits = _play(*tables, adam, RATE, k, jnp.arange(steps), seed, jnp.arange(games))
    log_g = log_softmax(np.asarray(found, np.float64), axis=-1)
    divergences = np.array([[js(p, np.exp(each)) for each in game] for game in log_g])
    before = np.exp(log_g[:, :-1])
    gaps = np.abs(expit(np.asarray(logits, np.float64)) - p / (p + before))
    return Game(k, divergences, np.sum((p + before) / 2 * gaps, axis=-1))


@jax.jit
@functools.partial(jax.vmap, in_axes=(None, None, None, None, None, None, None, 0))
def _play(
    log_p: jax.Array,
    log_start: jax.Array,
    optimizer: Adam,
    rate: jax.Array,
    k: jax.Array,
    steps: jax.Array,
    seed: jax.Array,
    game: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """One game; all games are lanes of one program, whatever k is.

    Returns:
        log p_g before the first step and after each, (T + 1, N), and D's logits on the grid when G
        makes each step, (T, N).
    """
    points = jnp.asarray(GRID, jnp.float32)[:, None]

    def key(purpose: Purpose, step: jax.Array | int = 0, inner: jax.Array | int = 0) -> jax.Array:
        return jax.random.fold_in(key_for(seed, purpose, step, inner), game)

    learner, untrained = discriminator_alone.begin(
        NETWORK, DataSpec((1,)), Minimax(), optimizer, key(Purpose.DISCRIMINATOR_INIT)
    )

    def step(
        before: tuple[Player, jax.Array], number: jax.Array
    ) -> tuple[tuple[Player, jax.Array], tuple[jax.Array, jax.Array]]:
        player, log_g = before

        def update(inner: jax.Array, player: Player) -> Player:
            lesson = Lesson(
                points[_draw(key(Purpose.DISCRIMINATOR_DATA, number, inner), log_p)],
                points[_draw(key(Purpose.LATENTS, number, inner), log_g)],
                key(Purpose.DISCRIMINATOR_LOSS, number, inner),
            )
            return discriminator_alone.update(learner, player, number, lesson)[0]

        trained = lax.fori_loop(0, k, update, player)
        logits = learner.D(trained)(points, None)
        after = jax.nn.log_softmax(log_g + rate * jax.nn.softplus(logits))
        return (trained, after), (after, logits)

    _, (log_g, logits) = lax.scan(step, (untrained, log_start), steps)
    return jnp.concatenate([log_start[None], log_g]), logits


def _draw(key: jax.Array, log_probabilities: jax.Array) -> jax.Array:
    """Returns the indices of BATCH random points of the grid."""
    upto = jnp.cumsum(jnp.exp(log_probabilities))
    places = jax.random.uniform(key, (BATCH,)) * upto[-1]
    return jnp.minimum(jnp.searchsorted(upto, places, side="right"), len(upto) - 1)


def _cost(p: np.ndarray, log_g: np.ndarray) -> float:
    return 2 * js(p, np.exp(log_g)) - LOG_4
