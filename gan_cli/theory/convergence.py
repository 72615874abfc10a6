"""The game on p_g itself: with D at its optimum before each step of G, and with a D that learns.

p_data and p_g are probabilities of the N points of a grid, so p_g can be anything there (G has
"enough capacity"), it can be drawn from, and C(G) is known exactly whatever D does. G descends the
gradient of V(D, G) by p_g, which is log(1 - D), in the geometry of the KL divergence:

    p_g <- p_g exp(-rate log(1 - D)) / Z,  the least of  <log(1 - D), p> + KL(p || p_g) / rate.

With D = D*, C is convex in p_g and smooth relative to the negative entropy, with constant one: its
second derivative is 1 / p_g - 1 / (p_data + p_g). So it cannot rise where rate <= 1.

Source: Goodfellow et al. 2014, Proposition 2 and Algorithm 1; Beck and Teboulle 2003, "Mirror
descent and nonlinear projected subgradient methods", section 5; Lu, Freund and Nesterov 2018,
"Relatively smooth convex optimization by first-order methods", Theorem 3.1.
"""

import functools
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.special import expit, log_softmax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Mixture, Normal, js
from gan_cli.objectives.base import Discriminator
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.theory.value import LOG_4
from gan_cli.training.networks import Parameters, build_discriminator, discriminator
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.step import Update, descend

GRID = np.linspace(-4.0, 4.0, 128)
DATA = Mixture((0.4, 0.6), (Normal(-1.5, 0.5), Normal(1.5, 0.6)))
START = Normal(0.0, 1.5)

RATE = 0.25
ROUNDING = 1e-14  # of C in float64, in nats

KS = (1, 2, 5, 20)
GAMES = 8  # of each k
NETWORK = Mlp(discriminator_widths=(32, 32), activation="tanh")
BATCH = 128  # of each distribution
LEARNING_RATE = 1e-3


class Descent(NamedTuple):
    """G's steps with D = D* before each.

    costs: C(G) in nats before the first step and after each, (T + 1,).
    first, last: p_g at the beginning and at the end, (N,).
    """

    costs: np.ndarray
    first: np.ndarray
    last: np.ndarray

    @property
    def gap(self) -> float:
        """C(G) + log 4 at the end, in nats."""
        return float(self.costs[-1] + LOG_4)

    @property
    def largest_rise(self) -> float:
        """The most that C rose in one step, in nats; not above 0 if it never did."""
        return float(np.diff(self.costs).max())

    @property
    def monotone(self) -> bool:
        """Whether C never rose by more than float64's rounding."""
        return self.largest_rise <= ROUNDING


class Game(NamedTuple):
    """Games with k updates of a real D before each step of G, one row a game.

    k: updates of D.
    js: the true JS(p_data, p_g) in nats, (S, T + 1).
    distances: of D from D* when G makes its step, the mean of |D - D*| under (p + p_g) / 2, (S, T).
    """

    k: int
    js: np.ndarray
    distances: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """JS before the first step and after each, the mean of the games, (T + 1,)."""
        return np.asarray(self.js.mean(axis=0))

    @property
    def late(self) -> np.ndarray:
        """The mean of JS over the last quarter of the game, (S,)."""
        return np.asarray(self.js[:, -(self.js.shape[1] // 4) :].mean(axis=1))

    def after(self, updates: int) -> float:
        """The mean of JS once D has had that many updates in all."""
        return float(self.mean[updates // self.k])


def on_grid(distribution: Mixture | Normal) -> np.ndarray:
    """The probabilities of the grid's points, in proportion to the density there."""
    density = np.exp(distribution.log_prob(GRID))
    return np.asarray(density / density.sum())


def at_optimum(steps: int, rate: float = RATE) -> Descent:
    """G's steps with D = D* = p_data / (p_data + p_g) before each.

    Args:
        steps: of G.
        rate: of the descent, at most 1.
    """
    p, start = on_grid(DATA), on_grid(START)
    log_p, log_g = np.log(p), np.log(start)
    costs = [_cost(p, log_g)]
    for _ in range(steps):
        slope = log_g - np.logaddexp(log_p, log_g)
        log_g = log_softmax(log_g - rate * slope)
        costs.append(_cost(p, log_g))
    return Descent(np.array(costs), start, np.exp(log_g))


def with_real_discriminator(k: int, seed: int, steps: int, games: int = GAMES) -> Game:
    """The same steps of G with a D that is an MLP and gets k updates on samples before each.

    Args:
        k: updates of D, by minimax's discriminator loss.
        seed: of all that is drawn; the games of one seed share none of it, nor do those of two.
        steps: of G.
        games: how many are played.
    """
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

    network = build_discriminator(NETWORK, DataSpec((1,)), key(Purpose.DISCRIMINATOR_INIT))

    def D(parameters: Parameters) -> Discriminator:
        return discriminator(network._replace(parameters=parameters), "float32")

    def step(
        before: tuple[Update, jax.Array], number: jax.Array
    ) -> tuple[tuple[Update, jax.Array], tuple[jax.Array, jax.Array]]:
        trained, log_g = before

        def update(inner: jax.Array, before: Update) -> Update:
            real = points[_draw(key(Purpose.DISCRIMINATOR_DATA, number, inner), log_p)]
            fake = points[_draw(key(Purpose.LATENTS, number, inner), log_g)]
            own = key(Purpose.DISCRIMINATOR_LOSS, number, inner)

            def loss(parameters: Parameters) -> jax.Array:
                return Minimax().discriminator_loss(D(parameters), real, fake, own)

            return descend(optimizer, number, before, *jax.value_and_grad(loss)(before.parameters))

        trained = lax.fori_loop(0, k, update, trained)
        logits = D(trained.parameters)(points, None)
        after = jax.nn.log_softmax(log_g + rate * jax.nn.softplus(logits))
        return (trained, after), (after, logits)

    state = optimizer.transformation(jnp.int32(0)).init(network.parameters)
    untrained = Update(network.parameters, state, jnp.float32(0), jnp.float32(0))
    _, (log_g, logits) = lax.scan(step, (untrained, log_start), steps)
    return jnp.concatenate([log_start[None], log_g]), logits


def _draw(key: jax.Array, log_probabilities: jax.Array) -> jax.Array:
    """BATCH points of the grid, by their numbers."""
    upto = jnp.cumsum(jnp.exp(log_probabilities))
    places = jax.random.uniform(key, (BATCH,)) * upto[-1]
    return jnp.minimum(jnp.searchsorted(upto, places, side="right"), len(upto) - 1)


def _cost(p: np.ndarray, log_g: np.ndarray) -> float:
    return 2 * js(p, np.exp(log_g)) - LOG_4
