"""The bins in which samples are compared with a known mixture, and its mass in each."""

import functools

import numpy as np
from scipy.special import log_ndtr, logsumexp

from gan_cli.datasets.base import Modes
from gan_cli.divergences import samples as empirical

LINE_BINS = 300  # the KL of N samples of p_data itself is about LINE_BINS / 2 N, .003 nats
PLANE_BINS = 128  # the most bins along an axis in the plane
REACH = 6.0  # how many standard deviations the grid reaches beyond the outermost modes
RINGS = 40
"""Bins around the grid, each reaching twice as far from its middle as the one inside it; the last
has no end."""

EVEN = 1 / 12
"""The variance of points that are spread evenly over a bin, in units of its width."""
NARROW = EVEN / 4
"""The variance within bins below which they are too wide for the points."""


def edges(modes: Modes) -> list[np.ndarray]:
    """The edges of the grid along each axis, which reach REACH beyond the outermost modes.

    On the line there are LINE_BINS bins. In the plane a bin is half of the smallest standard
    deviation wide, but there are at most PLANE_BINS along an axis.
    """
    std = modes.std[:, None]
    low = (modes.centres - REACH * std).min(axis=0)
    high = (modes.centres + REACH * std).max(axis=0)
    counts = np.minimum(PLANE_BINS, np.ceil((high - low) / (0.5 * modes.std.min()))).astype(int)
    if len(counts) == 1:
        counts = np.array([LINE_BINS])
    return [np.linspace(a, b, n + 1) for a, b, n in zip(low, high, counts, strict=True)]


def in_grid(edges: list[np.ndarray]) -> int:
    """The number of bins in the grid, which are counted before the rings around it."""
    return int(np.prod([len(each) - 1 for each in edges]))


def numbers(points: np.ndarray, edges: list[np.ndarray]) -> np.ndarray:
    """The number of the bin that each of the points (N, D) falls in: of the grid, or of a ring."""
    middle, half = _middle(edges)
    away = (np.abs(points - middle) / half).max(axis=1)
    ring = np.searchsorted(2.0 ** np.arange(1, RINGS), away, side="right")
    inside = empirical.bin_numbers(points, edges)
    grid = in_grid(edges)
    return np.asarray(np.where(inside < grid, inside, grid + ring))


def log_masses(modes: Modes, edges: list[np.ndarray]) -> np.ndarray:
    """The logarithm of a mixture's mass in each bin, which float64 holds however small it is."""
    middle, half = _middle(edges)
    scales = half * 2.0 ** np.arange(RINGS)[:, None]
    inside, beyond = [], []
    for centre, std, weight in zip(*modes, strict=True):
        scaled = [(e - c) / std for e, c in zip(edges, centre, strict=True)]
        axes = map(_log_between, scaled)
        inside.append(np.log(weight) + functools.reduce(np.add.outer, axes).ravel())
        below = log_ndtr((middle - scales - centre) / std)
        above = log_ndtr(-(middle + scales - centre) / std)
        beyond.append(np.log(weight) + logsumexp(np.hstack([below, above]), axis=1))
    outside = logsumexp(beyond, axis=0)
    rings = np.append(_log_difference(outside[:-1], outside[1:]), outside[-1])
    found = np.append(logsumexp(inside, axis=0), rings)
    return np.asarray(found - logsumexp(found))


def too_wide(points: np.ndarray, edges: list[np.ndarray]) -> bool:
    """Whether the points (N, D) lie close together within the bins of the grid, along some axis.

    Then the bins hide how narrow their distribution is.
    """
    number = numbers(points, edges)
    number, points = number[number < in_grid(edges)], points[number < in_grid(edges)]
    counts = np.bincount(number)
    shared = counts > 1
    if not shared.any():
        return False
    variances = []
    for x, edge in zip(points.T, edges, strict=True):
        place = (x - edge[0]) / (edge[1] - edge[0])
        place = place - np.floor(place)
        total, squares = (np.bincount(number, place**power) for power in (1, 2))
        apart = squares[shared] - total[shared] ** 2 / counts[shared]
        variances.append(apart.sum() / (counts[shared] - 1).sum())
    return bool(min(variances) < NARROW)


def _middle(edges: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The middle of the grid and half of its width, along each axis."""
    low, high = (np.array([each[end] for each in edges]) for end in (0, -1))
    return (low + high) / 2, (high - low) / 2


def _log_between(z: np.ndarray) -> np.ndarray:
    """The logarithm of a standard normal's mass between neighbouring points, on both sides."""
    mirrored = z[:-1] > 0
    upper = np.where(mirrored, -z[:-1], z[1:])
    lower = np.where(mirrored, -z[1:], z[:-1])
    return _log_difference(log_ndtr(upper), log_ndtr(lower))


def _log_difference(more: np.ndarray, less: np.ndarray) -> np.ndarray:
    """log(e^more - e^less)."""
    return np.asarray(more + np.log(-np.expm1(less - more)))
