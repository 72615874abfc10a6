"""Divergences estimated from samples, each with what it is off by when both are from one source.

An estimate of W between N samples of one distribution and N of the same is not zero but a floor:
for W_1 about N^(-1/2) times the spread on the line, N^(-1/D) in D > 2 (Fournier and Guillin 2015,
"On the rate of convergence in Wasserstein distance of the empirical measure", Theorem 1). So
compare estimates of equal N only, and with the floor that two halves of the data give.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from gan_cli.divergences import vectors
from gan_cli.divergences.checks import check_power
from gan_cli.divergences.couplings import by_simplex, line_distance

Bins = int | np.integer | tuple[np.ndarray, ...]


def wasserstein_1d(x: ArrayLike, y: ArrayLike, power: float = 1) -> float:
    """The Wasserstein-r distance of two samples on the line, exactly, in units of x.

    W_r^r = integral |F^-1(u) - G^-1(u)|^r du of the empirical distributions; for N = M the mean of
    |x_(i) - y_(i)|^r over the sorted samples. As an estimate of the distributions' own it is biased
    upwards, with a floor of order N^(-1/2) for r = 1. Time N log N.

    Args:
        x: (N,) or (N, 1).
        y: (M,) or (M, 1); M need not be N.
        power: r, at least 1.

    Raises:
        ValueError: if a sample is empty, not finite or not on the line, or the power below 1.

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    check_power(power)
    x, y = _pair(x, y)
    if x.shape[1] != 1:
        raise ValueError(f"x and y must lie on the line, and have {x.shape[1]} coordinates.")
    return line_distance(x[:, 0], _equal(len(x)), y[:, 0], _equal(len(y)), power)


def wasserstein(x: ArrayLike, y: ArrayLike, power: float = 1) -> float:
    """The Wasserstein-r distance of two samples, exactly, by linear programming, in units of x.

    W_r^r = min sum_ij coupling_ij |x_i - y_j|^r, with Euclidean distances. As an estimate of the
    distributions' own it is biased upwards, with a floor of order N^(-1/D) in D > 2 dimensions:
    twice the accuracy needs 2^D times the samples. Memory N M, time about N^2 to N^3.

    Args:
        x: (N, D), or (N,) on the line.
        y: (M, D), or (M,).
        power: r, at least 1.

    Raises:
        ValueError: if a sample is empty, not finite, or of another dimension than the other, or the
            power is below 1.

    Source: Villani 2009, "Optimal Transport: Old and New", definition 6.1.
    """
    check_power(power)
    x, y = _pair(x, y)
    if x.shape[1] == 1:
        return wasserstein_1d(x, y, power)
    cost = np.linalg.norm(x[:, None] - y[None], axis=-1) ** power
    coupling = by_simplex(_equal(len(x)), _equal(len(y)), cost)
    return float(np.sum(coupling * cost) ** (1 / power))


def sliced_wasserstein(
    x: ArrayLike, y: ArrayLike, power: float = 1, *, projections: int = 128, seed: int = 0
) -> float:
    """The sliced Wasserstein-r distance of two samples, in units of x.

    SW_r^r = the mean over directions t on the unit sphere of W_r^r(x . t, y . t). On the line it is
    W_r itself. It is at most W_r; for a shift SW_2 is D^(-1/2) of W_2. Its floor is of order
    N^(-1/2) for r = 1 whatever D, and the noise over directions falls as projections^(-1/2).

    Args:
        x: (N, D), or (N,) on the line.
        y: (M, D), or (M,).
        power: r, at least 1.
        projections: the number of random directions.
        seed: of the directions; equal seeds give equal directions.

    Raises:
        ValueError: if a sample is empty, not finite, or of another dimension than the other, the
            power is below 1, or there are no projections.

    Source: Rabin et al. 2011, "Wasserstein barycenter and its application to texture mixing";
        Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures".
    """
    check_power(power)
    x, y = _pair(x, y)
    if projections < 1:
        raise ValueError(f"projections must be at least 1, and is {projections}.")
    if x.shape[1] == 1:
        return wasserstein_1d(x, y, power)
    directions = np.random.default_rng(seed).normal(size=(projections, x.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    costs = [wasserstein_1d(x @ along, y @ along, power) ** power for along in directions]
    return float(np.mean(costs) ** (1 / power))


def histogram_kl(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The Kullback-Leibler divergence of binned samples, in nats.

    It is infinite where a bin holds some of x and none of y. Binning itself only lowers KL. For
    two samples of one distribution, all of whose B bins are well filled, the expected value is not
    zero but about (B - 1) (1 / N + 1 / M) / 2.

    Args:
        x: (N, D) with D = 1 or 2, or (N,).
        y: (M, D), or (M,).
        bins: their number along each axis, between the least and the greatest of both samples, or
            the edges along each axis; the outermost bins reach to infinity.

    Raises:
        ValueError: if a sample is empty, not finite, of another dimension than the other or of more
            than 2, or the bins are not at least 1 a side with increasing edges.

    Source: Kullback and Leibler 1951, "On information and sufficiency", Theorem 4.1, for binning;
        Paninski 2003, "Estimation of entropy and mutual information", for the bias.
    """
    return vectors.kl(*_histograms(x, y, bins))


def histogram_js(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The Jensen-Shannon divergence of binned samples, in nats, at most log 2.

    Binning itself only lowers JS. For two samples of one distribution, all of whose B bins are well
    filled, the expected value is not zero but about (B - 1) (1 / N + 1 / M) / 8; and with many bins
    to few samples it goes to log 2 whatever the distributions.

    Args:
        x: (N, D) with D = 1 or 2, or (N,).
        y: (M, D), or (M,).
        bins: their number along each axis, between the least and the greatest of both samples, or
            the edges along each axis; the outermost bins reach to infinity.

    Raises:
        ValueError: if a sample is empty, not finite, of another dimension than the other or of more
            than 2, or the bins are not at least 1 a side with increasing edges.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy"; Grosse et al. 2002,
        "Analysis of symbolic sequences using the Jensen-Shannon divergence", for the bias.
    """
    return vectors.js(*_histograms(x, y, bins))


def _histograms(x: ArrayLike, y: ArrayLike, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
    """The shares of x and of y that fall in each of B common bins, (B,) each."""
    x, y = _pair(x, y)
    dimension = x.shape[1]
    if dimension > 2:
        raise ValueError(f"Histograms need 1 or 2 coordinates, and x and y have {dimension}.")
    if isinstance(bins, int | np.integer):
        count = int(bins)
        both = np.concatenate([x, y])
        ends = zip(both.min(axis=0), both.max(axis=0), strict=True)
        bins = tuple(np.linspace(low, high, max(count, 0) + 1) for low, high in ends)
    if not isinstance(bins, Sequence | np.ndarray):
        raise ValueError(f"bins must be a whole number or edges along each axis, and is {bins}.")
    if len(bins) != dimension:
        raise ValueError(f"bins must hold edges for each of {dimension} axes, and has {len(bins)}.")
    for edges in bins:
        if np.ndim(edges) != 1 or len(edges) < 2 or not (np.diff(edges) >= 0).all():
            raise ValueError("bins must be at least 1 on each axis, and their edges increase.")
    inner = [np.asarray(edges)[1:-1] for edges in bins]
    shape = [len(edges) + 1 for edges in inner]
    return _shares(x, inner, shape), _shares(y, inner, shape)


def _shares(x: np.ndarray, inner: list[np.ndarray], shape: list[int]) -> np.ndarray:
    """The share of x in each bin between these inner edges."""
    places = [np.searchsorted(edges, x[:, i], side="right") for i, edges in enumerate(inner)]
    counts = np.bincount(np.ravel_multi_index(places, shape), minlength=math.prod(shape))
    return np.asarray(counts / len(x))


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both samples as (N, D) and (M, D), checked."""
    checked = []
    for name, values in (("x", x), ("y", y)):
        sample = np.asarray(values, np.float64)
        if sample.ndim == 1:
            sample = sample[:, None]
        if sample.ndim != 2 or not sample.size:
            raise ValueError(
                f"{name} must have shape (N, D) or (N,) with at least one sample, and has shape "
                f"{np.shape(values)}."
            )
        if not np.isfinite(sample).all():
            raise ValueError(f"{name} must be finite, and holds NaN or infinity.")
        checked.append(sample)
    x, y = checked
    if x.shape[1] != y.shape[1]:
        raise ValueError(
            f"x and y must have as many coordinates: x has {x.shape[1]}, and y has {y.shape[1]}."
        )
    return x, y


def _equal(count: int) -> np.ndarray:
    return np.full(count, 1 / count)
