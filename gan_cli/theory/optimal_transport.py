"""A G that pays for how far it moves its latents, beside the exact optimal map of two normals.

Many G turn P into Q: if P and Q are normal, every x -> m + A P^(1/2) R P^(-1/2) (x - m_p) does, for
any rotation R. The game alone does not choose among them; a G that pays for its transport is the
one of the least cost. `transport_game` trains it.

Source: Kantorovich 1942; Brenier 1991, "Polar factorization and monotone rearrangement of
vector-valued functions" (that the optimal map is the gradient of a convex function).
"""

import logging
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.divergences.gaussian import (
    AffineMap,
    Gaussian,
    optimal_map,
    root,
    sliced_wasserstein_2_squared,
    wasserstein_2_squared,
)
from gan_cli.theory.transport_game import trained

log = logging.getLogger(__name__)

P = Gaussian((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)))
Q = Gaussian((1.0, 2.0), ((2.0, 1.0), (1.0, 2.0)))

STEPS = 3000
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


def _mean(values: np.ndarray) -> Estimate:
    return Estimate(float(values.mean()), float(values.std() / np.sqrt(len(values))))
