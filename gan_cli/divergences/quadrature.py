"""Adaptive integration on the line and in the plane, with the error that is left."""

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

NODES = {1: 16, 2: 8}  # of the Gauss-Legendre rule along each axis, by dimension
REACH = 9.0  # the number of its widths from its centre beyond which a peak is gone
PANEL = 4.0  # the widest cell to begin with inside a peak's reach, in widths of the peak
HALVINGS = 60
FLOAT_RANGE = 2100  # halvings from the greatest float64 to the least
LARGEST = 100_000  # cells at once; where they do not suffice, the stated error is greater
SIGNS = 257  # points in a cell at which the sign is looked at
INSIDE = 1e-12  # the distance of the outermost of these from the ends, as a part of the cell
BATCH = 2**18  # points at once
SAFETY = 5.0  # the factor that makes the difference of two sums a bound, at a kink too
MEMORY = 0.25  # the part of a cell's error that its halves keep; at a kink errors fall fourfold
ROUNDING = 1e-14  # the part of the integral of the absolute value that float64 may lose


class Estimate(NamedTuple):
    """A number, and how far from the truth it may be, in the same unit; 0 beside rounding."""

    value: float
    error: float = 0.0


def union(boxes: Sequence[np.ndarray]) -> np.ndarray:
    """The smallest box (D, 2) that holds all of these."""
    ends = np.stack(boxes)
    return np.stack([ends[..., 0].min(axis=0), ends[..., 1].max(axis=0)], axis=1)


def cells(box: np.ndarray, breaks: Sequence[float], peaks: np.ndarray) -> np.ndarray:
    """Cuts a box at the breaks, and again wherever a cell is wide beside a peak that reaches it.

    Args:
        box: the ends along each of D axes, (D, 2).
        breaks: coordinates where the integrand may jump, along every axis.
        peaks: centre and width of each place where the integrand is narrow, (M, D + 1).

    Returns:
        The ends of C cells that fill the box, (C, D, 2).
    """
    inner = np.asarray(breaks, np.float64)
    axes = []
    for low, high in box:
        edges = np.unique([low, high, *inner[(low < inner) & (inner < high)]])
        axes.append(np.stack([edges[:-1], edges[1:]], axis=1))
    cut = np.array(list(itertools.product(*axes)), np.float64)
    centres, widths = peaks[:, :-1], peaks[:, -1]
    for _ in range(FLOAT_RANGE):
        middle, half = cut.mean(axis=2)[:, None], np.diff(cut, axis=2)[:, None, :, 0] / 2
        reached = (np.abs(middle - centres) <= half + REACH * widths[:, None]).all(axis=2)
        wide = (reached & (2 * half.max(axis=2) > PANEL * widths)).any(axis=1)
        if not wide.any():
            break
        cut = np.concatenate([cut[~wide], _halves(cut[wide]).reshape(-1, *cut.shape[1:])])
    return cut


def cut_at_crossings(function: Callable[[np.ndarray], np.ndarray], parts: np.ndarray) -> np.ndarray:
    """Cuts cells on the line where a function changes its sign, so its size has no kink inside.

    No quadrature would see a kink that lies between the end of a cell and its last node.

    Args:
        function: x of any shape to values of that shape.
        parts: cells that fill an interval, (C, 1, 2).
    """
    share = np.clip(np.linspace(0, 1, SIGNS), INSIDE, 1 - INSIDE)
    low, width = parts[:, 0, :1], np.diff(parts[:, 0], axis=1)
    x = low + width * share
    positive = function(x) >= 0
    changes = positive[:, 1:] != positive[:, :-1]
    before, after, side = x[:, :-1][changes], x[:, 1:][changes], positive[:, :-1][changes]
    for _ in range(HALVINGS):
        middle = (before + after) / 2
        same = (function(middle) >= 0) == side
        before, after = np.where(same, middle, before), np.where(same, after, middle)
    edges = np.unique(np.concatenate([parts.reshape(-1), after]))
    return np.stack([edges[:-1], edges[1:]], axis=1)[:, None]


def integrate(
    function: Callable[[np.ndarray], np.ndarray],
    parts: np.ndarray,
    absolute: float,
    relative: float = 1e-12,
) -> Estimate:
    """Integrates over cells, halving along every axis those where halving still changes the result.

    A cell's error is five times the difference between its Gauss-Legendre sum and that of its
    halves, which is used; where the integrand is smooth, this is far above the true error. At a
    kink the two sums can agree by chance, so halves keep at least a quarter of the error of their
    cell. (SciPy's `cubature` states too small an error at a third of all kinks, and it takes 40 to
    900 times as long in the plane.)

    Args:
        function: points (N, D) to values (N,); smooth inside each cell, or nearly everywhere.
        parts: the cells to begin with, (C, D, 2), as `cells` gives them.
        absolute: the sum of all errors to stop at.
        relative: the same beside the integral of the absolute value; the greater counts.

    Returns:
        The integral and the sum of the errors, which is above what was asked for where that needs
        more than 60 halvings or 100,000 cells.
    """
    coarse = _rule(function, parts)
    left = max(absolute, relative * float(np.abs(coarse).sum()))
    totals = np.zeros(3)  # of the values, the errors and the sizes of the cells that are settled
    before = None
    for halving in range(HALVINGS):
        halves = _halves(parts)
        fine = _rule(function, halves.reshape(-1, *parts.shape[1:])).reshape(halves.shape[:2])
        gaps = SAFETY * np.abs(fine.sum(axis=1) - coarse)
        if before is not None:
            gaps = np.maximum(gaps, MEMORY * _shared(before, gaps))
        order = np.argsort(gaps)
        settled = np.empty(len(parts), bool)
        settled[order] = np.cumsum(gaps[order]) <= left / 2
        if halving == HALVINGS - 1 or (~settled).sum() * fine.shape[1] > LARGEST:
            settled[:] = True
        totals += fine[settled].sum(), gaps[settled].sum(), np.abs(fine[settled]).sum()
        left -= float(gaps[settled].sum())
        before = gaps[~settled]
        parts = halves[~settled].reshape(-1, *parts.shape[1:])
        coarse = fine[~settled].reshape(-1)
        if not len(parts):
            break
    value, error, size = totals.tolist()
    return Estimate(value, error + ROUNDING * size)


def nodes(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points and weights of the Gauss-Legendre rule over each of C cells (C, D, 2).

    Returns:
        Points (C, N, D) and their weights (C, N), whose sum is the volume.
    """
    dimension = parts.shape[1]
    along, share = np.polynomial.legendre.leggauss(NODES[dimension])
    points = np.array(list(itertools.product(along, repeat=dimension)))
    weights = np.array(list(itertools.product(share, repeat=dimension))).prod(axis=1)
    middle, half = parts.mean(axis=2), np.diff(parts, axis=2)[:, :, 0] / 2
    return middle[:, None] + half[:, None] * points, half.prod(axis=1)[:, None] * weights


def halved(parts: np.ndarray) -> np.ndarray:
    """The cells (C, D, 2), each cut in half along every axis, (C 2^D, D, 2)."""
    return _halves(parts).reshape(-1, *parts.shape[1:])


def _rule(function: Callable[[np.ndarray], np.ndarray], parts: np.ndarray) -> np.ndarray:
    """The Gauss-Legendre sum over each of C cells (C, D, 2), as (C,)."""
    dimension = parts.shape[1]
    count = NODES[dimension] ** dimension
    sums = []
    for some in np.array_split(parts, -(-len(parts) * count // BATCH)):
        x, weights = nodes(some)
        values = function(x.reshape(-1, dimension)).reshape(weights.shape)
        sums.append((values * weights).sum(axis=1))
    return np.concatenate(sums)


def _shared(before: np.ndarray, gaps: np.ndarray) -> np.ndarray:
    """Deals each cell's error out to its 2^D halves, (N,) to (N 2^D,), in proportion to theirs."""
    theirs = gaps.reshape(len(before), -1)
    total = theirs.sum(axis=1, keepdims=True)
    share = np.divide(theirs, total, out=np.zeros_like(theirs), where=total > 0)
    return np.asarray((before[:, None] * share).reshape(-1))


def _halves(parts: np.ndarray) -> np.ndarray:
    """The 2^D equal parts of each cell: (C, D, 2) to (C, 2^D, D, 2)."""
    axes = np.arange(parts.shape[1])
    ends = np.insert(parts, 1, parts.mean(axis=2), axis=2)
    corners = np.array(list(itertools.product((0, 1), repeat=len(axes))))
    return np.stack([ends[:, axes, corners], ends[:, axes, corners + 1]], axis=-1)
