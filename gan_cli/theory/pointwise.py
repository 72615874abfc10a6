"""What the divergences of two distributions on the line are made of, point by point."""

import math
from typing import NamedTuple

import numpy as np

from gan_cli.divergences.densities import union
from gan_cli.divergences.distributions import Discrete, Mixture, Normal, Uniform

OnLine = Normal | Uniform | Mixture | Discrete

POINTS = 2001
UNSEEN = 1e-5  # of the mass of either lies outside the interval
MARGIN = 0.08  # beside the interval, as a part of it


class Weights(NamedTuple):
    """A distribution as it is drawn: its density at points, or the masses of its points.

    x: increasing, (N,). weight: (N,). discrete: whether it is masses.
    """

    x: np.ndarray
    weight: np.ndarray
    discrete: bool


class Integrands(NamedTuple):
    """The terms of which KL and JS are the integral, or the sum for discrete distributions.

    x: where, (N,). kl_pq: p log(p / q), infinite where q = 0 < p. kl_qp: q log(q / p).
    js: (p log(p / m) + q log(q / m)) / 2 with m = (p + q) / 2. discrete: whether they are summed.
    """

    x: np.ndarray
    kl_pq: np.ndarray
    kl_qp: np.ndarray
    js: np.ndarray
    discrete: bool


def interval(p: OnLine, q: OnLine) -> tuple[float, float]:
    """The ends of an interval that shows both."""
    low, high = union([p.box(UNSEEN), q.box(UNSEEN)])[0]
    beside = MARGIN * float(high - low) or 1.0
    return float(low) - beside, float(high) + beside


def weights(distribution: OnLine, ends: tuple[float, float]) -> Weights:
    """A distribution's masses, or its density between two ends."""
    if isinstance(distribution, Discrete):
        return Weights(*distribution.atoms, discrete=True)
    x = _points([distribution], ends)
    return Weights(x, np.exp(distribution.log_prob(x)), discrete=False)


def integrands(p: OnLine, q: OnLine, ends: tuple[float, float]) -> Integrands | None:
    """The terms of KL and JS; none between a density and masses, which have none in common."""
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        x = np.union1d(p.atoms[0], q.atoms[0])
        return _terms(x, _log_masses(p, x), _log_masses(q, x), discrete=True)
    if isinstance(p, Discrete) or isinstance(q, Discrete):
        return None
    x = _points([p, q], ends)
    return _terms(x, p.log_prob(x), q.log_prob(x), discrete=False)


def _terms(x: np.ndarray, log_p: np.ndarray, log_q: np.ndarray, *, discrete: bool) -> Integrands:
    log_m = np.logaddexp(log_p, log_q) - math.log(2)
    js = (_log_ratio(log_p, log_m) + _log_ratio(log_q, log_m)) / 2
    return Integrands(x, _log_ratio(log_p, log_q), _log_ratio(log_q, log_p), js, discrete)


def _log_ratio(log_a: np.ndarray, log_b: np.ndarray) -> np.ndarray:
    """a log(a / b), where 0 log 0 = 0; from logarithms, as b may be too small for a float64."""
    ratio = np.subtract(log_a, log_b, out=np.zeros_like(log_a), where=log_a > -math.inf)
    finite = np.isfinite(ratio)
    return np.asarray(np.where(finite, np.exp(log_a) * np.where(finite, ratio, 0), math.inf))


def _log_masses(distribution: Discrete, x: np.ndarray) -> np.ndarray:
    points, masses = distribution.atoms
    found = np.full(len(x), -math.inf)
    found[np.searchsorted(x, points)] = np.log(masses)
    return found


def _points(densities: list[Normal | Uniform | Mixture], ends: tuple[float, float]) -> np.ndarray:
    """Points between two ends, with more of them at narrow peaks and on both sides of jumps."""
    breaks = np.array([x for density in densities for x in density.breaks])
    centres, widths = np.concatenate([density.peaks for density in densities]).T
    near = (centres[:, None] + widths[:, None] * np.linspace(-6, 6, 121)).ravel()
    jumps = [np.nextafter(breaks, -np.inf), breaks, np.nextafter(breaks, np.inf)]
    x = np.concatenate([np.linspace(*ends, POINTS), near, *jumps])
    return np.unique(x[(ends[0] <= x) & (x <= ends[1])])
