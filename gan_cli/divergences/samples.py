"""Divergences estimated from samples, each with its bias when both have the same distribution.

An estimate of W between N samples of one distribution and N of the same is not zero but a floor:
for W_1 about N^(-1/2) times the spread on the line, N^(-1/D) in D > 2 dimensions (Fournier and
Guillin 2015, "On the rate of convergence in Wasserstein distance of the empirical measure", Theorem
1). So compare only estimates of equal N, and compare them with the floor that two halves of the
data give. Each raises a ValueError that names the argument and what is wrong with it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist, pdist
from scipy.stats import energy_distance

from gan_cli.divergences.checks import check_power, pair_of_samples, require
from gan_cli.divergences.couplings import line_distance, linear_program, pot
from gan_cli.divergences.histograms import (
    bin_numbers,
    histogram_chi_squared,
    histogram_fisher,
    histogram_js,
    histogram_kl,
    histogram_relativistic,
    histogram_squared_hellinger,
)
from gan_cli.divergences.kernels import Kernel

__all__ = [
    "bin_numbers",
    "energy",
    "histogram_chi_squared",
    "histogram_fisher",
    "histogram_js",
    "histogram_kl",
    "histogram_relativistic",
    "histogram_squared_hellinger",
    "median_distance",
    "mmd",
    "sliced_wasserstein",
    "wasserstein",
    "wasserstein_1d",
]

PAIRS = 2**22  # pairs at once

OfSquares = Callable[[np.ndarray], np.ndarray]
"""A function of squared distances."""


def wasserstein_1d(x: ArrayLike, y: ArrayLike, power: float = 1) -> float:
    """The Wasserstein-r distance of two samples on the line, exactly, in units of x.

    W_r^r = integral |F^-1(u) - G^-1(u)|^r du of the empirical distributions; for N = M the mean of
    |x_(i) - y_(i)|^r over the sorted samples. As an estimate of the distributions' own distance it
    is biased upwards, with a floor of order N^(-1/2) for r = 1. It takes time N log N.

    Args:
        x: one sample, (N,) or (N, 1).
        y: the other sample, (M,) or (M, 1); M need not be N.
        power: the order r, at least 1.

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    check_power(power)
    x, y = pair_of_samples(x, y)
    dimension = x.shape[1]
    require(dimension == 1, f"x and y must lie on the line, and have {dimension} coordinates.")
    return line_distance(x[:, 0], _equal(x), y[:, 0], _equal(y), power)


def wasserstein(x: ArrayLike, y: ArrayLike, power: float = 1) -> float:
    """The Wasserstein-r distance of two samples, exactly, by linear programming, in units of x.

    W_r^r = min sum_ij coupling_ij |x_i - y_j|^r, with Euclidean distances. As an estimate of the
    distributions' own distance it is biased upwards, with a floor of order N^(-1/D) in D > 2
    dimensions: twice the accuracy needs 2^D times the samples. It takes memory N M and time of
    about N^2 to N^3.

    Args: as for `wasserstein_1d`; here x may be (N, D) and y (M, D).

    Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1.
    """
    check_power(power)
    x, y = pair_of_samples(x, y)
    if x.shape[1] == 1:
        return wasserstein_1d(x, y, power)
    cost = cdist(x, y) ** power
    coupling = linear_program(_equal(x), _equal(y), cost)
    return float(np.sum(coupling * cost) ** (1 / power))


def sliced_wasserstein(
    x: ArrayLike, y: ArrayLike, power: float = 1, *, projections: int = 128, seed: int = 0
) -> float:
    """The sliced Wasserstein-r distance of two samples, in units of x.

    SW_r^r = the mean over directions t on the unit sphere of W_r^r(x . t, y . t). On the line it is
    W_r itself. It is at most W_r; for a shift SW_2 is D^(-1/2) of W_2. Its floor is of order
    N^(-1/2) for r = 1 whatever D, and the noise over directions falls as projections^(-1/2).

    Args: as for `wasserstein`, and
        projections: the number of random directions.
        seed: the seed for the directions.

    Source: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing";
        Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures".
    """
    check_power(power)
    x, y = pair_of_samples(x, y)
    require(projections >= 1, f"projections must be at least 1, and is {projections}.")
    if x.shape[1] == 1:
        return wasserstein_1d(x, y, power)
    directions = np.random.default_rng(seed).normal(size=(projections, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return float(pot().sliced_wasserstein_distance(x, y, projections=directions.T, p=power))


def energy(x: ArrayLike, y: ArrayLike, *, biased: bool = False) -> float:
    """The energy distance of two samples, in units of x.

    2 E|x - y| - E|x - x'| - E|y - y'| over all pairs. Unbiased, no point is paired with itself, and
    the estimate may be below 0. Biased, every pair counts: it is at least 0, and for two samples of
    one distribution (1 / N + 1 / M) E|X - X'| on average. It takes time N log N on the line if
    biased, else N M, and memory in blocks.

    Args:
        x: one sample, (N, D) or (N,) on the line.
        y: the other sample, (M, D) or (M,).
        biased: whether a point counts as a pair with itself; else N and M must be at least 2.

    Source: Szekely and Rizzo 2013, "Energy statistics: a class of statistics based on distances";
        Bellemare et al. 2017, section 4.
    """
    x, y = pair_of_samples(x, y)
    if biased and x.shape[1] == 1:
        return float(energy_distance(x[:, 0], y[:, 0]) ** 2)
    between = _mean_between(np.sqrt, x, y)
    return 2 * between - _mean_within(np.sqrt, x, biased) - _mean_within(np.sqrt, y, biased)


def mmd(x: ArrayLike, y: ArrayLike, kernel: Kernel | None = None, *, biased: bool = False) -> float:
    """The squared maximum mean discrepancy of two samples.

    E k(x, x') - 2 E k(x, y) + E k(y, y') over all pairs. Unbiased, no point is paired with itself,
    and the estimate may be below 0. Biased, every pair counts: it is at least 0, and for two
    samples of one distribution (1 / N + 1 / M) (1 - E k(X, X')) on average.

    Args:
        x, y, biased: as for `energy`.
        kernel: by default gaussian of width 1; see `median_distance` for a width that suits.

    Source: Gretton et al. 2012, "A kernel two-sample test", equations 3 and 5.
    """
    x, y = pair_of_samples(x, y)
    kernel = kernel or Kernel()
    within = _mean_within(kernel, x, biased) + _mean_within(kernel, y, biased)
    return within - 2 * _mean_between(kernel, x, y)


def median_distance(x: ArrayLike, y: ArrayLike) -> float:
    """The median distance of two points among both samples, a usual width for a kernel.

    Args:
        x, y: as for `energy`; together at most some thousands.

    Source: Gretton et al. 2012, "A kernel two-sample test", section 8.
    """
    return float(np.median(pdist(np.concatenate(pair_of_samples(x, y)))))


def _mean_between(function: OfSquares, x: np.ndarray, y: np.ndarray) -> float:
    """The mean of a function of the squared distances of x (N, D) and y (M, D)."""
    blocks = np.array_split(x, -(-len(x) * len(y) // PAIRS))
    total = sum(float(function(cdist(some, y, "sqeuclidean")).sum()) for some in blocks)
    return total / (len(x) * len(y))


def _mean_within(function: OfSquares, x: np.ndarray, biased: bool) -> float:
    """The mean over all pairs of x (N, D), those of a point with itself among them if biased."""
    n, mean = len(x), _mean_between(function, x, x)
    if biased:
        return mean
    require(n > 1, "An unbiased estimate needs at least 2 points of each sample, and one has 1.")
    return (n * mean - float(function(np.zeros(1))[0])) / (n - 1)


def _equal(sample: np.ndarray) -> np.ndarray:
    """Equal masses (N,) for the points of a sample."""
    return np.full(len(sample), 1 / len(sample))
