"""A G that pays for how far it moves its latents, beside the exact optimal map of two normals.

Many G turn P into Q: if P and Q are normal, every x -> m + A P^(1/2) R P^(-1/2) (x - m_p) does, for
any rotation R. The game alone does not choose among them. If G pays for E|G(x) - x|^2 beside what
the critic says, then at the optimum it is the one that moves P onto Q at the least cost:

    max_f min_G  E_Q f(y) - E_P f(G(x)) + w E_P |G(x) - x|^2  =  w W_2^2(P, Q),

with w = 1/2 here. The penalty bounds the critic too, so it needs no Lipschitz constraint.

Source: Kantorovich 1942; Brenier 1991, "Polar factorization and monotone rearrangement of
vector-valued functions" (that the optimal map is the gradient of a convex function); Korotin,
Selikhanovych and Burnaev 2023, "Neural optimal transport", equation 11 (the game).
"""

import logging
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Estimate
from gan_cli.divergences.gaussian import (
    AffineMap,
    Gaussian,
    optimal_map,
    root,
    sliced_wasserstein_2_squared,
    wasserstein_2_squared,
)
from gan_cli.objectives.base import total
from gan_cli.objectives.wgan import Wgan
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import descend, slope
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.networks import build_generator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, untrained

log = logging.getLogger(__name__)

P = Gaussian((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)))
Q = Gaussian((1.0, 2.0), ((2.0, 1.0), (1.0, 2.0)))

OBJECTIVE = Wgan(clip=1e6)  # so great that nothing is clipped
WIDTHS = (64, 64)
WEIGHT = 0.5  # of the transport penalty
BATCH = 512
STEPS = 3000
LEARNING_RATE = 2e-3
AVERAGED = 0.25  # G's parameters are averaged over this last share of the steps
FRESH = 20_000  # points on which the trained G is compared with the exact map


class OptimalTransport(NamedTuple):
    """The exact optimal map from P to Q, and a trained G on fresh points.

    p, q: the two distributions, in D dimensions.
    exact: the optimal map.
    wasserstein: its cost, W_2^2.
    sliced, sliced_shift: the sliced W_2^2 of P and Q, and of P and P shifted to Q's mean.
    x: fresh points of P, (N, D).
    moved: where G moves them, (N, D).
    steps: the number of training steps.
    """

    p: Gaussian
    q: Gaussian
    exact: AffineMap
    wasserstein: Estimate
    sliced: Estimate
    sliced_shift: Estimate
    x: np.ndarray
    moved: np.ndarray
    steps: int

    @property
    def squares(self) -> np.ndarray:
        """|G(x) - T(x)|^2 at each point, (N,)."""
        return np.asarray(((self.moved - self.exact(self.x)) ** 2).sum(axis=1))

    @property
    def error(self) -> Estimate:
        """E|G(x) - T(x)|^2, with its standard error."""
        return _mean(self.squares)

    @property
    def cost(self) -> Estimate:
        """E|G(x) - x|^2, with its standard error where the points' own cost is known.

        The cost of the exact map on the same points differs from W_2^2 by chance alone, so this
        chance is taken out.
        """
        by_g, by_t = (((to - self.x) ** 2).sum(axis=1) for to in (self.moved, self.exact(self.x)))
        value, error = _mean(by_g - by_t)
        return Estimate(value + self.wasserstein.value, error)

    @property
    def unexplained(self) -> float:
        """The error as a share of the variance of Q, which is 1 for a G that gives Q's mean."""
        return float(self.error.value / np.trace(self.q.matrix))

    @property
    def fitted(self) -> AffineMap:
        """The affine map that is nearest to G on the points, by least squares."""
        ones = np.column_stack([self.x - self.p.centre, np.ones(len(self.x))])
        found = np.linalg.lstsq(ones, self.moved, rcond=None)[0]
        return AffineMap(self.p.centre, found[-1], found[:-1].T)

    @property
    def distance(self) -> float:
        """W_2^2 of Q and the normal distribution with the mean and covariance of G's samples."""
        covariance = np.atleast_2d(np.cov(self.moved, rowvar=False))
        samples = Gaussian(
            tuple(self.moved.mean(axis=0).tolist()), tuple(map(tuple, covariance.tolist()))
        )
        return wasserstein_2_squared(samples, self.q).value

    @property
    def angle(self) -> float:
        """The rotation between G and the optimal map in the plane, in degrees."""
        half = root(self.p.matrix)
        turned = np.linalg.solve(self.exact.matrix @ half, self.fitted.matrix @ half)
        return float(np.degrees(np.arctan2(turned[1, 0] - turned[0, 1], np.trace(turned[:2, :2]))))


def optimal_transport(p: Gaussian, q: Gaussian, seed: int, steps: int = STEPS) -> OptimalTransport:
    """Computes the optimal map, and trains a G that pays for its transport.

    Args:
        p: the distribution of the latents.
        q: that of the data, of the same dimension.
        seed: the seed of the networks and of all that is drawn.
        steps: the number of training steps, each with one update of the critic and one of G.
    """
    log.info("training G and its critic")
    rng = np.random.default_rng([seed, 1])
    x = p.sample(rng, FRESH)
    shift = Gaussian(q.mean, p.covariance)
    return OptimalTransport(
        p=p,
        q=q,
        exact=optimal_map(p, q),
        wasserstein=wasserstein_2_squared(p, q),
        sliced=sliced_wasserstein_2_squared(p, q),
        sliced_shift=sliced_wasserstein_2_squared(p, shift),
        x=x,
        moved=trained(p, q, seed, steps, x),
        steps=steps,
    )


def costs_of_rotations(p: Gaussian, q: Gaussian, degrees: np.ndarray) -> np.ndarray:
    """E|G(x) - x|^2 of perfect G that turn by an angle in the plane of the first two coordinates.

    G(x) = m_q + A P^(1/2) R P^(-1/2) (x - m_p) has the distribution Q for every rotation R.
    """
    half, back = root(p.matrix), root(p.matrix, -0.5)
    matrix = optimal_map(p, q).matrix
    fixed = ((p.centre - q.centre) ** 2).sum() + np.trace(p.matrix) + np.trace(q.matrix)
    found = []
    for angle in np.radians(degrees):
        turn = np.eye(p.dimension)
        turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        found.append(fixed - 2 * np.trace(matrix @ half @ turn @ back @ p.matrix))
    return np.array(found)


def trained(p: Gaussian, q: Gaussian, seed: int, steps: int, x: np.ndarray) -> np.ndarray:
    """Where a trained G moves points x (N, D).

    Both networks see points around the middle of P and Q, in units of the two's spread, which
    changes no optimal map.
    """
    middle = (p.centre + q.centre) / 2
    spread = np.trace(p.matrix + q.matrix) / 2 + ((p.centre - q.centre) ** 2).sum() / 4
    unit = float(np.sqrt(spread / p.dimension))
    ends = [
        (
            jnp.asarray((each.centre - middle) / unit, jnp.float32),
            jnp.asarray(root(each.matrix) / unit, jnp.float32),
        )
        for each in (p, q)
    ]
    schedule = Schedule(kind="cosine", steps=steps)
    adam = Adam(learning_rate=LEARNING_RATE, b1=0.0, b2=0.9, schedule=schedule)
    points = jnp.asarray((x - middle) / unit, jnp.float32)
    found = _train(ends[0], ends[1], adam, seed, steps, points)
    return np.asarray(np.asarray(found, np.float64) * unit + middle)


@jax.jit
def _train(
    latents: tuple[jax.Array, jax.Array],
    data: tuple[jax.Array, jax.Array],
    adam: Adam,
    seed: jax.Array,
    steps: jax.Array,
    points: jax.Array,
) -> jax.Array:
    """G of the points at the end of the training, by the average of its late parameters.

    Args:
        latents, data: the mean and the root of the covariance of P and of Q.
        adam: the optimizer of both players.
        seed: of all that is drawn.
        steps: the number of steps.
        points: (N, D).
    """
    d = points.shape[1]
    network = Mlp(latent=d, generator_widths=WIDTHS, discriminator_widths=WIDTHS, activation="gelu")
    G = build_generator(network, DataSpec((d,)), key_for(seed, Purpose.GENERATOR_INIT))
    learner, critic = discriminator_alone.begin(
        network, DataSpec((d,)), OBJECTIVE, adam, key_for(seed, Purpose.DISCRIMINATOR_INIT)
    )

    def move(player: Player, x: jax.Array) -> jax.Array:
        return generate(player.network(G.graph), x, "float32", train=False)[0]

    def draw(key: jax.Array, ends: tuple[jax.Array, jax.Array]) -> jax.Array:
        return ends[0][None] + jax.random.normal(key, (BATCH, d)) @ ends[1]

    def step(number: jax.Array, players: tuple[Player, Player]) -> tuple[Player, Player]:
        generator, critic = players
        real = draw(key_for(seed, Purpose.DISCRIMINATOR_DATA, number), data)
        key = key_for(seed, Purpose.DISCRIMINATOR_LOSS, number)
        x = draw(key_for(seed, Purpose.LATENTS, number, 0), latents)
        lesson = Lesson(real, move(generator, x), key)
        critic = discriminator_alone.update(learner, critic, number, lesson)[0]
        x = draw(key_for(seed, Purpose.LATENTS, number, 1), latents)

        def loss(parameters: object) -> tuple[jax.Array, None]:
            moved = move(generator._replace(parameters=parameters), x)
            transport = jnp.square(moved - x).sum(axis=1).mean()
            own = OBJECTIVE.generator_loss(learner.D(critic), real, moved, key)
            return total(own) + WEIGHT * transport, None

        found = slope(loss, generator.parameters, "generator", ())
        after = descend(adam, number, generator, found.gradients)
        share = 1.0 / (jnp.maximum(number - (1 - AVERAGED) * steps, 0) + 1.0)
        average = jax.tree.map(
            lambda a, w: a + share * (w - a), generator.average, after.parameters
        )
        return after._replace(average=average), critic

    start = untrained(G, adam)._replace(average=G.parameters)
    generator, _ = lax.fori_loop(0, steps, step, (start, critic))
    return move(generator._replace(parameters=generator.average), points)


def _mean(values: np.ndarray) -> Estimate:
    return Estimate(float(values.mean()), float(values.std() / np.sqrt(len(values))))
