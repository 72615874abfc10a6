"""Divergences estimated from samples, each with its bias when both have the same distribution.

An estimate of W between N samples of one distribution and N of the same is not zero but a floor:
for W_1 about N^(-1/2) times the spread on the line, N^(-1/D) in D > 2 dimensions (Fournier and
Guillin 2015, "On the rate of convergence in Wasserstein distance of the empirical measure", Theorem
1). So compare only estimates of equal N, and compare them with the floor that two halves of the
data give. Each raises a ValueError that names the argument and what is wrong with it.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from gan_cli.divergences import vectors
from gan_cli.divergences.checks import check_power, require
from gan_cli.divergences.couplings import line_distance, linear_program, pot

Bins = int | np.integer | tuple[np.ndarray, ...]


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
    x, y = _pair(x, y)
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
    x, y = _pair(x, y)
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
    x, y = _pair(x, y)
    require(projections >= 1, f"projections must be at least 1, and is {projections}.")
    if x.shape[1] == 1:
        return wasserstein_1d(x, y, power)
    directions = np.random.default_rng(seed).normal(size=(projections, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    return float(pot().sliced_wasserstein_distance(x, y, projections=directions.T, p=power))


def histogram_kl(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The Kullback-Leibler divergence of binned samples, in nats.

    It is infinite where a bin holds some of x and none of y. Binning itself only lowers KL. For
    two samples of one distribution, all of whose B bins are well filled, the expected value is not
    zero but about (B - 1) (1 / N + 1 / M) / 2.

    Args:
        x: one sample, (N, D) with D = 1 or 2, or (N,) on the line.
        y: the other sample, (M, D) or (M,).
        bins: the number of bins along each axis, between the least and the greatest of both
            samples, or the edges along each axis; the outermost bins reach to infinity.

    Source: Kullback and Leibler 1951, "On information and sufficiency", Theorem 4.1, for binning;
        Paninski 2003, "Estimation of entropy and mutual information", for the bias.
    """
    return vectors.kl(*_histograms(x, y, bins))


def histogram_js(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The Jensen-Shannon divergence of binned samples, in nats, at most log 2.

    Binning itself only lowers JS. For two samples of one distribution, all of whose B bins are well
    filled, the expected value is not zero but about (B - 1) (1 / N + 1 / M) / 8. With many bins
    for few samples it approaches log 2 whatever the distributions are.

    Args: as for `histogram_kl`.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy"; Grosse et al. 2002,
        "Analysis of symbolic sequences using the Jensen-Shannon divergence", for the bias.
    """
    return vectors.js(*_histograms(x, y, bins))


def _histograms(x: ArrayLike, y: ArrayLike, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
    """The shares of x and of y that fall in each of B common bins, (B,) each."""
    x, y = _pair(x, y)
    dimension = x.shape[1]
    require(dimension <= 2, f"Histograms need 1 or 2 coordinates, and x and y have {dimension}.")
    if isinstance(bins, int | np.integer):
        both = np.concatenate([x, y])
        bins = tuple(np.linspace(both.min(axis=0), both.max(axis=0), max(int(bins), 0) + 1).T)
    if not isinstance(bins, Sequence | np.ndarray):
        raise ValueError(f"bins must be a whole number or edges along each axis, and is {bins}.")
    axes = len(bins)
    require(
        axes == dimension, f"bins must hold edges for each of {dimension} axes, and has {axes}."
    )
    for edges in bins:
        increasing = np.ndim(edges) == 1 and len(edges) > 1 and (np.diff(edges) >= 0).all()
        require(increasing, "bins must be at least 1 on each axis, and their edges increase.")
    return _shares(x, bins), _shares(y, bins)


def bin_numbers(points: np.ndarray, edges: Sequence[np.ndarray]) -> np.ndarray:
    """The number of the bin that each point falls in; the bins are counted row by row, from 0.

    A bin holds its left edge, and the last one along an axis holds its right edge too.

    Args:
        points: (N, D).
        edges: the edges of the bins along each of the D axes, increasing.

    Returns:
        (N,), between 0 and the number of bins B. A point that lies outside the grid has B.
    """
    counts = [len(e) - 1 for e in edges]
    along = np.array(
        [
            np.searchsorted(e, x, "right") - 1 - (x == e[-1])
            for e, x in zip(edges, points.T, strict=True)
        ]
    )
    inside = ((along >= 0) & (along < np.array(counts)[:, None])).all(axis=0)
    return np.where(inside, np.ravel_multi_index(along, counts, mode="clip"), math.prod(counts))


def _shares(x: np.ndarray, edges: Sequence[np.ndarray]) -> np.ndarray:
    """The share of x (N, D) in each bin, (B,); the outermost bins reach to infinity."""
    low, high = ([e[end] for e in edges] for end in (0, -1))
    numbers = bin_numbers(np.clip(x, low, high), edges)
    counts = np.bincount(numbers, minlength=math.prod(len(e) - 1 for e in edges))
    return np.asarray(counts / len(x))


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both samples as (N, D) and (M, D), checked."""
    x, y = _sample("x", x), _sample("y", y)
    require(
        x.shape[1] == y.shape[1],
        f"x and y must have as many coordinates: x has {x.shape[1]}, and y has {y.shape[1]}.",
    )
    return x, y


def _sample(name: str, values: ArrayLike) -> np.ndarray:
    sample = np.asarray(values, np.float64)
    if sample.ndim == 1:
        sample = sample[:, None]
    require(
        sample.ndim == 2 and sample.size,
        f"{name} must have shape (N, D) or (N,) with at least one sample, and has shape "
        f"{np.shape(values)}.",
    )
    require(np.isfinite(sample).all(), f"{name} must be finite, and holds NaN or infinity.")
    return sample


def _equal(sample: np.ndarray) -> np.ndarray:
    """Equal masses (N,) for the points of a sample."""
    return np.full(len(sample), 1 / len(sample))
