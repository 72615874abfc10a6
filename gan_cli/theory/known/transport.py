"""Known costs and maps of optimal transport between normals."""

from collections.abc import Iterator

import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.divergences.gaussian import (
    Gaussian,
    optimal_map,
    sliced_wasserstein_2_squared,
    wasserstein_2_squared,
)
from gan_cli.theory.known.base import Known
from gan_cli.theory.optimal_transport import P, Q

MATRIX = ((1.3660254, 0.3660254), (0.3660254, 1.3660254))
SHIFTED = Gaussian(Q.mean, P.covariance)


def transport() -> Iterator[Known]:
    """The optimal map between two normals in the plane, its cost, and the sliced cost of a shift.

    Source: Olkin and Pukelsheim 1982, for the map; Bonneel et al. 2015, for the sliced cost.
    """
    yield Known("two normals: W_2^2", 5.5358984, wasserstein_2_squared(P, Q))
    matrix = np.asarray(optimal_map(P, Q).matrix)
    for (i, j), value in np.ndenumerate(MATRIX):
        entry = Estimate(float(matrix[i, j]), 1e-14)
        yield Known(f"two normals: A[{i}, {j}] of the map m + A x", value, entry)
    shift = "a shift by m = (1, 2)"
    yield Known(f"{shift}: W_2^2 = |m|^2", 5.0, wasserstein_2_squared(P, SHIFTED))
    sliced = sliced_wasserstein_2_squared(P, SHIFTED)
    yield Known(f"{shift}: sliced W_2^2 = |m|^2 / 2", 2.5, sliced)
