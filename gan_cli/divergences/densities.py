"""KL, JS and total variation of two densities on the line or in the plane, by quadrature.

Each integral is taken over a box that both distributions lie in but for a mass of 1e-30, far below
the quadrature error that is stated.
"""

import math
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from gan_cli.divergences.quadrature import Estimate, cells, cut_at_crossings, integrate

OUTSIDE = 1e-30  # the mass outside the box
TOLERANCE = {1: 1e-12, 2: 1e-5}  # in nats or mass, by dimension
RELATIVE = {1: 1e-12, 2: 1e-4}  # beside the value
ROUNDING = 1e-15  # of log densities in float64, in nats, and for each width of a peak from 0
NOISE = 1e-13  # beside a density, what is no sign of another being above it


class Density(Protocol):
    """A distribution with a density.

    dimension: D, 1 or 2.
    support: the intervals, increasing and apart, that each coordinate of x lies in where the
        density is positive.
    breaks: the coordinates where the density jumps.
    peaks: centre and width of each place where the density is narrow, (M, D + 1).
    """

    @property
    def dimension(self) -> int: ...
    @property
    def support(self) -> tuple[tuple[float, float], ...]: ...
    @property
    def breaks(self) -> Sequence[float]: ...
    @property
    def peaks(self) -> np.ndarray: ...

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        """The log density in nats at x, (N,) on the line and (N, 2) in the plane, as (N,)."""

    def box(self, outside: float) -> np.ndarray:
        """The ends along each axis, (D, 2), of a box that holds all but a mass `outside`."""


def kl(p: Density, q: Density) -> Estimate:
    """The Kullback-Leibler divergence of p from q, in nats.

    KL(p || q) = integral p log(p / q); infinite where q is zero on an interval on which p is not.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Kullback and Leibler 1951, "On information and sufficiency", section 2.
    """
    if p.dimension == q.dimension and not _covers(q.support, p.support):
        return Estimate(math.inf, 0.0)
    value, error = _integral(p, q, _to_other, _parts(p, q))
    return Estimate(max(0.0, value), error)


def js(p: Density, q: Density) -> Estimate:
    """The Jensen-Shannon divergence, in nats: symmetric, and at most log 2.

    JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy", section IV; Goodfellow et
        al. 2014, equation 6.
    """

    def integrand(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        return np.asarray((_to_mixture(log_p, log_q) + _to_mixture(log_q, log_p)) / 2)

    value, error = _integral(p, q, integrand, _parts(p, q))
    return Estimate(min(max(0.0, value), math.log(2)), error)


def total_variation(p: Density, q: Density) -> Estimate:
    """The total variation distance, in [0, 1]: TV(p, q) = integral |p - q| / 2.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Levin, Peres and Wilmer 2009, "Markov Chains and Mixing Times", Proposition 4.2.
    """

    def integrand(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        return np.asarray(np.abs(np.exp(log_p) - np.exp(log_q)) / 2)

    def ahead(x: np.ndarray) -> np.ndarray:
        return np.asarray((1 + NOISE) * np.exp(p.log_prob(x)) - np.exp(q.log_prob(x)))

    parts = _parts(p, q)
    if p.dimension == 1:
        parts = cut_at_crossings(ahead, parts)
    value, error = _integral(p, q, integrand, parts)
    return Estimate(min(1.0, value), error)


class Dimensional(Protocol):
    """What lies on the line or in the plane."""

    @property
    def dimension(self) -> int: ...


def different_dimensions(p: Dimensional, q: Dimensional) -> ValueError:
    """The error of a pair of which one lies on the line and the other in the plane."""
    return ValueError(
        f"p and q must have as many coordinates: p has {p.dimension}, and q has {q.dimension}."
    )


def union(boxes: Sequence[np.ndarray]) -> np.ndarray:
    """The smallest box (D, 2) that holds all of these."""
    ends = np.stack(boxes)
    return np.stack([ends[..., 0].min(axis=0), ends[..., 1].max(axis=0)], axis=1)


def _to_other(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """p log(p / q), where 0 log 0 = 0."""
    return np.asarray(-np.exp(log_p) * _log_ratio(log_q, log_p))


def _to_mixture(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """p log(p / m), m = (p + q) / 2, with p / m = 2 / (1 + q / p)."""
    log_share = math.log(2) - np.logaddexp(0, _log_ratio(log_q, log_p))
    return np.asarray(np.exp(log_p) * log_share)


def _log_ratio(log_q: np.ndarray, log_p: np.ndarray) -> np.ndarray:
    """log(q / p), or 0 where p is 0."""
    zeros = np.zeros_like(log_p)
    return np.asarray(np.subtract(log_q, log_p, out=zeros, where=log_p > -math.inf))


def _parts(p: Density, q: Density) -> np.ndarray:
    """The cells to begin with."""
    if p.dimension != q.dimension:
        raise different_dimensions(p, q)
    box = union([p.box(OUTSIDE), q.box(OUTSIDE)])
    return cells(box, [*p.breaks, *q.breaks], np.concatenate([p.peaks, q.peaks]))


def _integral(
    p: Density,
    q: Density,
    integrand: Callable[[np.ndarray, np.ndarray], np.ndarray],
    parts: np.ndarray,
) -> Estimate:
    """Integrates a function of log p and log q."""

    def function(points: np.ndarray) -> np.ndarray:
        x = points[:, 0] if p.dimension == 1 else points
        return integrand(p.log_prob(x), q.log_prob(x))

    value, error = integrate(function, parts, TOLERANCE[p.dimension], RELATIVE[p.dimension])
    peaks = np.concatenate([p.peaks, q.peaks])
    places = np.abs(peaks[:, :-1]).max(axis=1) / peaks[:, -1]
    return Estimate(value, error + ROUNDING * (1 + float(places.max(initial=0))))


def _covers(outer: Sequence[tuple[float, float]], inner: Sequence[tuple[float, float]]) -> bool:
    """Whether each interval of `inner` lies within one of `outer`."""
    return all(any(low <= a and b <= high for low, high in outer) for a, b in inner)
