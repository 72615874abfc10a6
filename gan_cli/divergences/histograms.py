"""Divergences of binned samples, each with its bias when both have the same distribution.

Binning itself only lowers each of them. For two samples of one distribution, all of whose B bins
are well filled, the expected value is not zero but grows with

    b = (B - 1) (1 / N + 1 / M),

which each function states. Each raises a ValueError that names the argument and what is wrong.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from gan_cli.divergences import vectors
from gan_cli.divergences.checks import pair_of_samples, require

Bins = int | np.integer | tuple[np.ndarray, ...]


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


def histogram_squared_hellinger(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The squared Hellinger distance of binned samples, in [0, 2], with a bias of about b / 4.

    Args: as for `histogram_kl`.

    Source: Nowozin et al. 2016, Table 1.
    """
    return vectors.squared_hellinger(*_histograms(x, y, bins))


def histogram_chi_squared(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """Pearson's chi^2 of binned samples, with a bias of about b; Neyman's has x and y swapped.

    It is infinite where a bin holds some of x and none of y.

    Args: as for `histogram_kl`.

    Source: Nowozin et al. 2016, Table 1.
    """
    return vectors.chi_squared(*_histograms(x, y, bins))


def histogram_fisher(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """The distance of Fisher GAN of binned samples, in [0, 2], with a bias of about sqrt(b).

    Args: as for `histogram_kl`.

    Source: Mroueh and Sercu 2017, "Fisher GAN", Theorem 1.
    """
    return vectors.fisher(*_histograms(x, y, bins))


def histogram_relativistic(x: ArrayLike, y: ArrayLike, bins: Bins = 32) -> float:
    """What the relativistic game of pairs measures on binned samples, with a bias of about b / 4.

    It is in nats, and at most log 2.

    Args: as for `histogram_kl`.

    Source: Jolicoeur-Martineau 2018, section 4.1; Huang et al. 2024, equation 2.
    """
    return vectors.relativistic(*_histograms(x, y, bins))


def _histograms(x: ArrayLike, y: ArrayLike, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
    """The shares of x and of y that fall in each of B common bins, (B,) each."""
    x, y = pair_of_samples(x, y)
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
