"""Optimal couplings of weighted points: by sorting on the line, by linear programming elsewhere."""

import functools
import os
from types import ModuleType
from typing import NamedTuple

import numpy as np

ITERATIONS = 2**31 - 1  # of the network simplex: it ends at the optimum long before


class Pairs(NamedTuple):
    """A coupling of K pairs: `mass[k]` goes from point `source[k]` to point `target[k]`."""

    source: np.ndarray
    target: np.ndarray
    mass: np.ndarray


def by_quantiles(x: np.ndarray, p: np.ndarray, y: np.ndarray, q: np.ndarray) -> Pairs:
    """Couples points on the line in their order, which is optimal for every cost |x - y|^r, r >= 1.

    Args:
        x: places (N,), in any order.
        p: their masses (N,), at least 0, of sum one.
        y: places (M,).
        q: their masses (M,).

    Returns:
        At most N + M - 1 pairs, indices into x and y.

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    sources, targets = np.argsort(x, kind="stable"), np.argsort(y, kind="stable")
    upto_x, upto_y = np.cumsum(p[sources]), np.cumsum(q[targets])
    upto_x, upto_y = upto_x / upto_x[-1], upto_y / upto_y[-1]
    levels = np.union1d(upto_x, upto_y)
    mass = np.diff(levels, prepend=0.0)
    levels, mass = levels[mass > 0], mass[mass > 0]
    at_x, at_y = np.searchsorted(upto_x, levels), np.searchsorted(upto_y, levels)
    return Pairs(sources[at_x], targets[at_y], mass)


def line_distance(
    x: np.ndarray, p: np.ndarray, y: np.ndarray, q: np.ndarray, power: float
) -> float:
    """The Wasserstein-r distance of points on the line, as `by_quantiles` takes them, exactly."""
    source, target, mass = by_quantiles(x, p, y, q)
    distances = np.abs(x[source] - y[target])
    farthest = float(distances.max())
    if farthest == 0:
        return 0.0
    mean = float(mass @ (distances / farthest) ** power)
    return float(farthest * mean ** (1 / power))


def by_simplex(p: np.ndarray, q: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """The coupling (N, M) of masses p (N,) and q (M,) that minimises sum_ij coupling_ij cost_ij.

    Args:
        p: at least 0, of sum one.
        q: at least 0, of sum one.
        cost: finite, (N, M).

    Raises:
        RuntimeError: if the solver found no optimum.

    Source: Bonneel et al. 2011, "Displacement interpolation using Lagrangian mass transport": the
        network simplex that POT (Flamary et al. 2021) offers as `ot.emd`.
    """
    # the solver's tolerance is absolute, so it is given costs of the order of one
    scale = float(np.max(np.abs(cost))) or 1.0
    coupling, log = _pot().emd(p, q, cost / scale, numItermax=ITERATIONS, log=True)
    if log["warning"] is not None:
        raise RuntimeError(f"Optimal transport found no optimum: {log['warning']}")
    return np.asarray(coupling)


@functools.cache
def _pot() -> ModuleType:
    """POT, imported late and without the tensor libraries that it would start and not need."""
    for library in ("JAX", "PYTORCH", "TENSORFLOW", "CUPY"):
        os.environ.setdefault(f"POT_BACKEND_DISABLE_{library}", "1")
    import ot

    return ot  # type: ignore[no-any-return]
