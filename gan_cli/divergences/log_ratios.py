"""log p / q on the line, of masses at the points that have one, and else of densities."""

import math

import numpy as np

from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import OnLine


def log_ratio(p: OnLine, q: OnLine, x: np.ndarray, farthest: float) -> np.ndarray:
    """log p / q at x (N,), of masses at a point that has one, and else of densities."""
    log_p, log_q = log_density(p, x), log_density(q, x)
    points, *masses = on_atoms(p, q)
    where = np.isin(x, points)
    log_p[where], log_q[where] = (each[np.searchsorted(points, x[where])] for each in masses)
    return limited_ratio(log_p, log_q, farthest)


def on_atoms(p: OnLine, q: OnLine) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The points x that have mass, and the logarithms of their masses under p and q, (N,) each."""
    atoms = [each.atoms if isinstance(each, Discrete) else np.empty((2, 0)) for each in (p, q)]
    x = np.union1d(atoms[0][0], atoms[1][0])
    logs = np.full((2, len(x)), -math.inf)
    for log_masses, (points, masses) in zip(logs, atoms, strict=True):
        log_masses[np.searchsorted(x, points)] = np.log(masses)
    return x, *logs


def log_density(distribution: OnLine, x: np.ndarray) -> np.ndarray:
    """log of the density at x; -inf for masses, which have none."""
    if isinstance(distribution, Discrete):
        return np.full(x.shape, -math.inf)
    return distribution.log_prob(x)


def limited_ratio(log_p: np.ndarray, log_q: np.ndarray, farthest: float) -> np.ndarray:
    """log p / q, at most `farthest` in size, and 0 where both are zero."""
    some = np.maximum(log_p, log_q) > -math.inf
    ratio = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=some)
    return np.asarray(np.clip(ratio, -farthest, farthest))
