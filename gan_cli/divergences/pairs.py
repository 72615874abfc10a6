"""Distances of two known distributions that compare pairs of points: energy, MMD, relativistic.

On the line the distributions are gathered in the nodes of a quadrature rule, of which all pairs are
summed; the error is five times what halving the rule's cells still changes.
"""

import functools
import math
from collections.abc import Callable

import numpy as np
from scipy.spatial.distance import cdist
from scipy.special import ive

from gan_cli.divergences import swapped_pairs
from gan_cli.divergences.densities import OUTSIDE, ROUNDING, common_cells, different_dimensions
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import Density, Distribution, Normal, OnLine
from gan_cli.divergences.kernels import Kernel
from gan_cli.divergences.plane_mixture import PlaneMixture
from gan_cli.divergences.quadrature import SAFETY, Estimate, cells, halved, integrate, nodes

TOLERANCE = 1e-13  # of a sum over pairs, at which no cells are halved any more
Modes = tuple[np.ndarray, np.ndarray, np.ndarray]
Normals = PlaneMixture | Normal

LARGEST = {1: 4000, 2: 100_000}  # nodes to stop at, by dimension; the stated error is then greater
ROWS = 2**22  # pairs at once
MERGED = (
    swapped_pairs.ALIKE**2 / 8
)  # of a nat, that is lost where points of like ratio are taken as one


def energy(p: Distribution, q: Distribution) -> Estimate:
    """The energy distance, in units of x: 2 E|X - Y| - E|X - X'| - E|Y - Y'|.

    On the line it is 2 integral (F - G)^2, twice the squared Cramer distance of Bellemare et al.
    Between mixtures of normals in the plane it is a sum of means of Rice distributions.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Szekely and Rizzo 2013, "Energy statistics: a class of statistics based on distances";
        Bellemare et al. 2017, section 4.
    """
    if isinstance(p, PlaneMixture) and isinstance(q, PlaneMixture):
        return _of_modes(_modes(p), _modes(q), lambda gap, std: -_rice_mean(gap, std))
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise different_dimensions(p, q)
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        x = np.array(sorted({*p.breaks, *q.breaks}))
        return Estimate(float(2 * ((p.cdf(x) - q.cdf(x))[:-1] ** 2 * np.diff(x)).sum()))
    parts = common_cells(p, q)
    length = float(np.ptp(parts))
    value, error = integrate(
        lambda x: 2 * (p.cdf(x[:, 0]) - q.cdf(x[:, 0])) ** 2, parts, 1e-14 * length
    )
    return Estimate(value, error + ROUNDING**2 * float(np.abs(parts).max()))


def mmd(p: Distribution, q: Distribution, kernel: Kernel | None = None) -> Estimate:
    """The squared maximum mean discrepancy: E k(X, X') - 2 E k(X, Y) + E k(Y, Y').

    Args:
        p: a distribution.
        q: a distribution of the same dimension.
        kernel: gaussian of width 1 by default; in the plane it must be gaussian.

    Raises:
        ValueError: if p and q are of different dimension, or the kernel is not gaussian in the
            plane.

    Source: Gretton et al. 2012, "A kernel two-sample test", Lemma 6.
    """
    kernel, dimension = kernel or Kernel(), p.dimension
    if dimension != q.dimension:
        raise different_dimensions(p, q)
    gaussian = kernel.shape == "gaussian"
    if gaussian and isinstance(p, Normals) and isinstance(q, Normals):
        mean = functools.partial(_gaussian_mean, kernel, dimension)
        return _of_modes(_modes(p), _modes(q), mean)
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        raise ValueError(f"In the plane the kernel must be gaussian, and is {kernel.shape}.")

    def square(parts: np.ndarray) -> float:
        return _over_pairs(kernel, *_difference(p, q, parts))

    if isinstance(p, Discrete) and isinstance(q, Discrete):
        return Estimate(max(0.0, square(np.empty((0, 1, 2)))))
    value, error = _refined(square, common_cells(p, q), 1)
    return Estimate(max(0.0, value), error)


def self_similarity(p: OnLine, kernel: Kernel) -> Estimate:
    """E k(X, X') for independent X and X' of one distribution, in (0, 1].

    (1 - E k(X, X')) / N is what N samples add to the biased estimate of MMD^2; see `samples.mmd`.

    Args:
        p: a distribution on the line.
        kernel: the kernel k.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 5.
    """
    if isinstance(p, Discrete):
        return Estimate(_over_pairs(kernel, *p.atoms))
    parts = cells(p.box(OUTSIDE), p.breaks, p.peaks)

    def square(parts: np.ndarray) -> float:
        points, weights = (part.reshape(-1) for part in nodes(parts))
        return _over_pairs(kernel, points, weights * np.exp(p.log_prob(points)))

    return _refined(square, parts, 1)


def witness(p: OnLine, q: OnLine, x: np.ndarray, kernel: Kernel | None = None) -> np.ndarray:
    """The function that tells p from q best on the line: E k(x, X) - E k(x, Y) at points x (N,).

    Args:
        p, q: distributions on the line.
        x: points of any order.
        kernel: as for `mmd`.

    Source: Gretton et al. 2012, "A kernel two-sample test", section 2.3.
    """
    places, mass = _difference(p, q, common_cells(p, q))
    squared = cdist(x[:, None], places[:, None], "sqeuclidean")
    return np.asarray((kernel or Kernel())(squared) @ mass)


def relativistic(p: Density, q: Density) -> Estimate:
    """What the relativistic game of pairs measures, in nats, at most log 2.

    log 2 + sup_D E log sigmoid(D(x) - D(y)) for x ~ p and y ~ q; see `vectors.relativistic`. Nodes
    of which there are more than 2,000 are gathered by the ratio p / q, which lowers the result by
    no more than is in the error.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Jolicoeur-Martineau 2018, section 4.1; Huang et al. 2024, equation 2.
    """
    merged = 0.0

    def gap(parts: np.ndarray) -> float:
        nonlocal merged
        points, weights = (part.reshape(-1, *part.shape[2:]) for part in nodes(parts))
        x = points[:, 0] if p.dimension == 1 else points
        masses = [weights * np.exp(each.log_prob(x)) for each in (p, q)]
        if len(x) > swapped_pairs.PAIRED:
            masses, merged = list(swapped_pairs.gathered_by_ratio(*masses)), MERGED
        return swapped_pairs.between(*masses)

    value, error = _refined(gap, common_cells(p, q), p.dimension)
    return Estimate(min(max(0.0, value), math.log(2)), error + merged)


def _refined(
    function: Callable[[np.ndarray], float], parts: np.ndarray, dimension: int
) -> Estimate:
    """A sum over the nodes of cells, which are halved until that changes it no more."""
    before = function(parts)
    while True:
        parts = halved(parts)
        value = function(parts)
        error = SAFETY * abs(value - before)
        count = len(nodes(parts[:1])[1][0]) * len(parts)
        if error <= TOLERANCE or count * 2**dimension > LARGEST[dimension]:
            return Estimate(value, error + ROUNDING)
        before = value


def _over_pairs(kernel: Kernel, x: np.ndarray, mass: np.ndarray) -> float:
    """sum_ij mass_i k(x_i, x_j) mass_j of points x (N,)."""
    rows = np.array_split(np.arange(len(x)), -(-(len(x) ** 2) // ROWS))
    column = x[:, None]
    return sum(
        float(mass[some] @ kernel(cdist(column[some], column, "sqeuclidean")) @ mass)
        for some in rows
    )


def _difference(p: OnLine, q: OnLine, parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points x (N,) and the mass (N,) that p has there above that of q."""
    points, weights = (part.reshape(-1) for part in nodes(parts))
    places, masses = [points], [np.zeros(len(points))]
    for each, sign in ((p, 1.0), (q, -1.0)):
        if isinstance(each, Discrete):
            atoms, probabilities = each.atoms
            places.append(atoms)
            masses.append(sign * probabilities)
        else:
            masses[0] += sign * weights * np.exp(each.log_prob(points))
    return np.concatenate(places), np.concatenate(masses)


def _modes(p: PlaneMixture | Normal) -> Modes:
    """The centres (M, D), standard deviations (M,) and weights (M,) of a mixture of normals."""
    if isinstance(p, Normal):
        return np.array([[p.mean]]), np.array([p.std]), np.ones(1)
    return np.array(p.centres), np.array(p.std), np.array(p.weights)


def _of_modes(p: Modes, q: Modes, mean: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Estimate:
    """E k(X, X') - 2 E k(X, Y) + E k(Y, Y') for mixtures of normals.

    Args:
        p, q: the modes of both.
        mean: the mean of k over normal differences, of their mean length and standard deviation.
    """
    centres, std, weights = (
        np.concatenate(each) for each in ((p[0], q[0]), (p[1], q[1]), (p[2], -q[2]))
    )
    values = mean(cdist(centres, centres), np.hypot(std[:, None], std))
    lost = ROUNDING * float(np.abs(weights) @ np.abs(values) @ np.abs(weights))
    return Estimate(max(0.0, float(weights @ values @ weights)), lost)


def _rice_mean(gap: np.ndarray, std: np.ndarray) -> np.ndarray:
    """E |X| for X ~ N(m, std^2 I) in the plane with |m| = gap: the mean of a Rice distribution."""
    half = (gap / std) ** 2 / 4
    bessel = (1 + 2 * half) * ive(0, half) + 2 * half * ive(1, half)
    return np.asarray(std * math.sqrt(math.pi / 2) * bessel)


def _gaussian_mean(kernel: Kernel, dimension: int, gap: np.ndarray, std: np.ndarray) -> np.ndarray:
    """E k(|X|) for X ~ N(m, std^2 I) with |m| = gap and a gaussian kernel k."""
    means = []
    for width in kernel.widths:
        wider = np.hypot(width, std)
        means.append((width / wider) ** dimension * np.exp(-((gap / wider) ** 2) / 2))
    return np.asarray(sum(means) / len(means))
