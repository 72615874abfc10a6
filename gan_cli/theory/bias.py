"""Three losses whose estimates are biased: a gradient penalty, a sample's Wasserstein, and its JS.

WGAN-GP at two points a distance m apart, where the critic's best slope is 1 + m / (2 lambda); the
Wasserstein distance from a sample of a Bernoulli law, which is least at a wrong parameter, while
the Cramer distance is not; and the Jensen-Shannon divergence between the law of a training set and
that of G, which is log 2 however good G is.
"""

import functools
import logging
import math
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from scipy.stats import binom

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.objectives.base import total
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.wgan_gp import WganGp
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

SHARES = (0.25, 0.5, 0.75, 1.0)  # of the distance m at which critics are trained too
CRITIC = Mlp(discriminator_widths=(32, 32), activation="silu")
CRITIC_UPDATES = 1000
CRITIC_BATCH = 64
SIZES = (1, 2, 5, 20)  # of the samples of a Bernoulli law
GRID = 501  # parameters theta at which the losses are computed
STEPS = 3000  # of stochastic gradient descent on them
RATE = 0.05  # at its first step; it falls as 1 / sqrt(step)
DIMENSION = 32  # of the points of the training set
MEMORISER = Mlp(discriminator_widths=(128, 128), activation="silu")
BATCH = 128
LOOKS = 40  # how often that discriminator is measured during its training
HELD_OUT = 4096  # fresh points of each law for its estimates


class Penalised(NamedTuple):
    """Critics of WGAN-GP that were trained on two points.

    distances: the distances m of the points, (M,); W_1 is m.
    penalty: lambda.
    estimates: E D(x) - E D(G(z)), (M,).
    values: the same less the penalty, which is what D maximises, (M,).
    """

    distances: np.ndarray
    penalty: float
    estimates: np.ndarray
    values: np.ndarray

    @property
    def expected_estimates(self) -> np.ndarray:
        """m + m^2 / (2 lambda)."""
        return np.asarray(self.distances + self.distances**2 / (2 * self.penalty))

    @property
    def expected_values(self) -> np.ndarray:
        """m + m^2 / (4 lambda)."""
        return np.asarray(self.distances + self.distances**2 / (4 * self.penalty))

    @property
    def worst_error(self) -> float:
        """The largest error of an estimate or a value, as a part of what it should be."""
        pairs = (self.estimates, self.expected_estimates), (self.values, self.expected_values)
        return max(float(np.abs(found / expected - 1).max()) for found, expected in pairs)


class Sampled(NamedTuple):
    """Losses of a Bernoulli model by its parameter, on average over samples of a Bernoulli law.

    truth: the parameter theta* of the law.
    thetas: parameters of the model, (T,).
    wasserstein: E W_1 = E |k / n - theta| for each size n of a sample, (T,).
    cramer: E (k / n - theta)^2, the squared Cramer distance, likewise.
    least: the ends of the interval of parameters with the least E W_1, for each size.
    paths: the parameters at each step of stochastic gradient descent on samples of one, by the
        name of the loss, (STEPS + 1,).
    """

    truth: float
    thetas: np.ndarray
    wasserstein: dict[int, np.ndarray]
    cramer: dict[int, np.ndarray]
    least: dict[int, tuple[float, float]]
    paths: dict[str, np.ndarray]


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


class Bias(NamedTuple):
    """The three findings."""

    penalised: Penalised
    sampled: Sampled
    memorised: Memorised


def bias(
    seed: int,
    distance: float = 1.0,
    penalty: float = 10.0,
    theta: float = 0.6,
    points: int = 256,
    updates: int = 1000,
) -> Bias:
    """Measures the three.

    Args:
        seed: the seed for the networks and for all that is drawn.
        distance: m, above 0.
        penalty: lambda, above 0.
        theta: the parameter theta* of the Bernoulli law, in [0, 1].
        points: the size of the training set.
        updates: how often its discriminator is updated, at least LOOKS.
    """
    log.info("training %d critics on two points", len(SHARES))
    critics = penalised(seed, distance, penalty)
    log.info("training a discriminator on %d points", points)
    return Bias(critics, sampled(seed, theta), memorised(seed, points, updates))


def penalised(seed: int, distance: float, penalty: float) -> Penalised:
    """Trains critics of WGAN-GP on a point at 0 and a point at shares of the distance.

    With slope s between the points the critic gets m s - lambda (|s| - 1)^2, which is greatest for
    s = 1 + m / (2 lambda). A critic that begins with s below 0 would stay at the lesser maximum
    there, s = -1 + m / (2 lambda), so its last layer begins at zero, where only m s pulls.

    Source: Gulrajani et al. 2017, equation 3; the optimum is that of a quadratic function.
    """
    distances = distance * np.array(SHARES)
    optimizer = Adam(
        learning_rate=0.01, b1=0.9, schedule=Schedule(kind="cosine", steps=CRITIC_UPDATES)
    )
    lanes = jnp.asarray(distances, jnp.float32), jnp.arange(len(distances))
    estimates, values = _critics(WganGp(penalty=penalty), optimizer, seed, *lanes)
    return Penalised(distances, penalty, np.asarray(estimates), np.asarray(values))


@jax.jit
def _critics(
    objective: WganGp,
    optimizer: Optimizer,
    seed: jax.Array | int,
    distances: jax.Array,
    lanes: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """Trains one critic for each distance; all are lanes of one program."""

    def train(distance: jax.Array, lane: jax.Array) -> tuple[jax.Array, jax.Array]:
        key = key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane)
        learner, untrained = discriminator_alone.begin(
            CRITIC, DataSpec((1,)), objective, optimizer, key
        )
        flat = {"output": jax.tree.map(jnp.zeros_like, untrained.parameters["output"])}
        level = untrained._replace(parameters=untrained.parameters | flat)
        real, fake = jnp.full((CRITIC_BATCH, 1), distance), jnp.zeros((CRITIC_BATCH, 1))

        def update(step: jax.Array, player: Player) -> Player:
            drawn = key_for(seed, Purpose.DISCRIMINATOR_LOSS, step, lane)
            lesson = Lesson(real, fake, drawn)
            return discriminator_alone.update(learner, player, step, lesson)[0]

        D = learner.D(lax.fori_loop(0, CRITIC_UPDATES, update, level))
        drawn = key_for(seed, Purpose.THEORY, 0, lane)
        loss = total(objective.discriminator_loss(D, real, fake, drawn))
        return objective.estimate(D(real, None), D(fake, None)), -loss

    found: tuple[jax.Array, jax.Array] = jax.vmap(train)(distances, lanes)
    return found


def sampled(seed: int, truth: float) -> Sampled:
    """The losses of a Bernoulli model exactly, and what gradient descent on samples makes of them.

    W_1 between Bernoulli laws is |theta - theta'|, and the squared Cramer distance its square.

    Source: Bellemare et al. 2017, section 3 and Theorem 1.
    """
    thetas = np.linspace(0, 1, GRID)
    wasserstein, cramer, least = {}, {}, {}
    for n in SIZES:
        shares, masses = np.arange(n + 1) / n, binom.pmf(np.arange(n + 1), n, truth)
        wasserstein[n] = np.abs(thetas[:, None] - shares) @ masses
        cramer[n] = (thetas[:, None] - shares) ** 2 @ masses
        corners = np.abs(shares[:, None] - shares) @ masses  # the least of a convex polygon's
        lowest = shares[corners <= corners.min() + 1e-12]
        least[n] = float(lowest[0]), float(lowest[-1])
    drawn = np.random.default_rng(seed).random(STEPS) < truth
    paths = {
        "wasserstein": _descent(drawn, lambda theta, x: math.copysign(1.0, theta - x)),
        "cramer": _descent(drawn, lambda theta, x: 2 * (theta - x)),
    }
    return Sampled(truth, thetas, wasserstein, cramer, least, paths)


def _descent(drawn: np.ndarray, slope: Callable[[float, float], float]) -> np.ndarray:
    """The parameters of stochastic gradient descent from 1/2, a sample a step, within [0, 1]."""
    path = [0.5]
    for step, x in enumerate(drawn.tolist()):
        moved = path[-1] - RATE / math.sqrt(step + 1) * slope(path[-1], float(x))
        path.append(min(1.0, max(0.0, moved)))
    return np.array(path)


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
