"""The best value that a D can have on finitely many points, which it may score as it likes.

Each comparison asks D to score one point above another, and D gains log sigma of the difference.
The gain is concave in the scores, so its supremum is found exactly, although no D may reach it.
"""

from typing import Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from gan_cli.divergences.quadrature import Estimate

ROUNDING = 1e-15  # of a mean of logarithms in float64, in nats


class Comparisons(Protocol):
    """Chooses which points a D compares: see `separately`, `by_index` and `over_all_pairs`."""

    def __call__(self, real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of points that should score high, and of those that should score lower, (C,)."""
        ...


def separately(real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Data above 0 and samples below 0, as in the minimax game; the score 0 is number -1."""
    nothing = np.full(len(real), -1), np.full(len(fake), -1)
    return np.concatenate([real, nothing[1]]), np.concatenate([nothing[0], fake])


def by_index(real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each example above the sample of the same index, as in the relativistic game."""
    return real, fake


def over_all_pairs(real: np.ndarray, fake: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each example above every sample, as in the relativistic game of independent pairs."""
    return np.repeat(real, len(fake)), np.tile(fake, len(real))


def best_value(above: np.ndarray, below: np.ndarray) -> Estimate:
    """The supremum over all scores h of the mean of log sigma(h[above_c] - h[below_c]), in nats.

    Points are joined by an arrow from the lower to the higher one of each comparison. Between two
    strongly connected components D can make every difference as great as it likes, which costs
    nothing. Inside one, the gain falls without end in every direction that changes a difference, so
    its greatest value is reached and found by convex optimization.

    Args:
        above: the numbers of the points that should score high, (C,).
        below: the numbers of the points that should score lower, (C,).

    Returns:
        The value, at most 0, and a bound on its error.

    Source: Ford 1957, "Solution of a ranking problem from binary comparisons", for when the
        greatest value is reached.
    """
    points, numbers = np.unique(np.concatenate([above, below]), return_inverse=True)
    high, low = numbers[: len(above)], numbers[len(above) :]
    arrows = coo_array((np.ones(len(low)), (low, high)), shape=(len(points), len(points)))
    component = connected_components(arrows, connection="strong")[1]
    inside = component[high] == component[low]
    value, error = _greatest(high[inside], low[inside], len(points))
    return Estimate(0.0 - value / len(above), error / len(above) + ROUNDING)


def _greatest(high: np.ndarray, low: np.ndarray, count: int) -> tuple[float, float]:
    """The least sum of log(1 + e^-(h_high - h_low)), and a bound on what its search has left.

    The bound is the square of the Newton decrement, which is twice what a further step of Newton's
    method would gain.
    """
    if not len(high):
        return 0.0, 0.0
    joins = np.zeros((len(high), count))
    np.add.at(joins, (np.arange(len(high)), high), 1.0)
    np.add.at(joins, (np.arange(len(high)), low), -1.0)

    def loss(h: np.ndarray) -> float:
        return float(np.logaddexp(0, -joins @ h).sum())

    def gradient(h: np.ndarray) -> np.ndarray:
        return np.asarray(-joins.T @ expit(-joins @ h))

    def curvature(h: np.ndarray) -> np.ndarray:
        p = expit(joins @ h)
        return np.asarray((joins.T * (p * (1 - p))) @ joins)

    found = minimize(
        loss,
        np.zeros(count),
        jac=gradient,
        hess=curvature,
        method="trust-exact",
        options={"gtol": 1e-12},
    )
    slope = gradient(found.x)
    step = np.linalg.lstsq(curvature(found.x), slope, rcond=None)[0]
    return float(found.fun), float(slope @ step)
