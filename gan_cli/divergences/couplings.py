"""Optimal couplings of weighted points, by POT: sorting on the line, else linear programming."""

import functools
import os
from types import ModuleType
from typing import NamedTuple

import numpy as np

ITERATIONS = 2**31 - 1  # of the network simplex, which reaches the optimum long before


class Coupling(NamedTuple):
    """An optimal coupling of two distributions, each gathered in points.

    x: the points that p is gathered in, (N,) on the line and (N, 2) in the plane.
    y: the points that q is gathered in, (M,) or (M, 2).
    mass: the mass that goes from point i of x to point j of y, (N, M), with a sum of one.
    """

    x: np.ndarray
    y: np.ndarray
    mass: np.ndarray


def on_line(x: np.ndarray, p: np.ndarray, y: np.ndarray, q: np.ndarray) -> np.ndarray:
    """The coupling of points on the line that is optimal for every cost |x - y|^r with r >= 1.

    Args:
        x: the places (N,) of the first points, in any order.
        p: their masses (N,), at least 0, with a sum of one.
        y: the places (M,) of the other points.
        q: their masses (M,).

    Returns:
        The mass that goes from point i of x to point j of y, (N, M).

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    return np.asarray(pot().emd_1d(x, y, p, q))


def line_distance(
    x: np.ndarray, p: np.ndarray, y: np.ndarray, q: np.ndarray, power: float
) -> float:
    """The Wasserstein-r distance of points on the line, given as for `on_line`, exactly."""
    places = np.concatenate([x, y])
    low, length = float(places.min()), float(np.ptp(places)) or 1.0
    x, y = (x - low) / length, (y - low) / length  # so that no power of a distance overflows
    cost = float(pot().emd2_1d(x, y, p, q, metric="minkowski", p=power))
    return float(length * cost ** (1 / power))


def linear_program(p: np.ndarray, q: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """The coupling (N, M) of masses p (N,) and q (M,) that minimises sum_ij coupling_ij cost_ij.

    Args:
        p: at least 0, with a sum of one.
        q: at least 0, with a sum of one.
        cost: the cost of moving a unit of mass from i to j, (N, M), finite.

    Raises:
        RuntimeError: if the solver found no optimum.

    Source: Bonneel et al. 2011, "Displacement interpolation using Lagrangian mass transport": the
        network simplex that POT (Flamary et al. 2021) offers as `ot.emd`.
    """
    scale = float(np.max(np.abs(cost))) or 1.0  # the solver's tolerance is absolute
    coupling, log = pot().emd(p, q, cost / scale, numItermax=ITERATIONS, log=True)
    if log["warning"] is not None:
        raise RuntimeError(f"Optimal transport found no optimum: {log['warning']}")
    return np.asarray(coupling)


@functools.cache
def pot() -> ModuleType:
    """POT, imported late and without the tensor libraries, which it would start and not need."""
    for library in ("JAX", "PYTORCH", "TENSORFLOW", "CUPY"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{library}", "1")
    import ot

    return ot  # type: ignore[no-any-return]
