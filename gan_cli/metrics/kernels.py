"""The maximum mean discrepancy from the values of a kernel for all pairs."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from gan_cli.metrics.base import Rows


def mmd_squared(
    within_x: Float[np.ndarray, "n n"],
    between: Float[np.ndarray, "n m"],
    within_y: Float[np.ndarray, "m m"],
) -> Callable[[Rows], float]:
    """The unbiased estimate of MMD^2 between some points x and all points y, by the rows of x.

    E k(x, x') - 2 E k(x, y) + E k(y, y'), where no point is paired with itself.

    Args:
        within_x: k for all pairs of the N points x.
        between: k of each x and each of the M points y.
        within_y: k for all pairs of points y.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 3.
    """
    n, m = between.shape
    of_y = float(within_y.sum() - np.trace(within_y)) / (m * (m - 1))
    itself, to_y = np.diagonal(within_x), between.mean(axis=1)

    def estimate(rows: Rows) -> float:
        chosen = np.zeros(n)
        chosen[rows] = 1
        count = len(rows)
        pairs = chosen @ within_x @ chosen - itself @ chosen
        return float(pairs / (count * (count - 1)) - 2 * (to_y @ chosen) / count + of_y)

    return estimate
