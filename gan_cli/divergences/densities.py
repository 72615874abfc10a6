"""KL, JS and total variation of two densities on the line or in the plane, by quadrature.

Each integral is taken over a box that both distributions lie in but for a mass of 1e-30, far below
the quadrature error that is stated.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from gan_cli.divergences.distributions import Density, Distribution
from gan_cli.divergences.quadrature import Estimate, cells, cut_at_crossings, integrate, union
from gan_cli.divergences.vectors import js_terms, kl_terms

OUTSIDE = 1e-30  # the mass of a distribution outside the box
TOLERANCE = {1: 1e-12, 2: 1e-5}  # of the integral, in nats or mass, by dimension
RELATIVE = {1: 1e-12, 2: 1e-4}  # of the integral, as a part of its size
ROUNDING = 1e-15  # nats that float64 loses, and again for each width between a peak and 0
NOISE = 1e-13  # of a density, by which another one may exceed it through rounding alone


def kl(p: Density, q: Density) -> Estimate:
    """The Kullback-Leibler divergence of p from q, in nats.

    KL(p || q) = integral p log(p / q); infinite where q is zero on an interval on which p is not.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Kullback and Leibler 1951, "On information and sufficiency", section 2.
    """
    if p.dimension == q.dimension and not covers(q.support, p.support):
        return Estimate(math.inf)
    value, error = _integral(p, q, kl_terms, common_cells(p, q))
    return Estimate(max(0.0, value), error)


def js(p: Density, q: Density) -> Estimate:
    """The Jensen-Shannon divergence, in nats: symmetric, and at most log 2.

    JS(p, q) = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Lin 1991, "Divergence measures based on the Shannon entropy", section IV; Goodfellow et
        al. 2014, equation 6.
    """
    value, error = _integral(
        p, q, lambda log_p, log_q: js_terms(np.exp(log_p), np.exp(log_q)), common_cells(p, q)
    )
    return Estimate(min(max(0.0, value), math.log(2)), error)


def total_variation(p: Density, q: Density) -> Estimate:
    """The total variation distance, in [0, 1]: TV(p, q) = integral |p - q| / 2.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Levin, Peres and Wilmer 2009, "Markov Chains and Mixing Times", Proposition 4.2.
    """

    def ahead(x: np.ndarray) -> np.ndarray:
        return np.asarray((1 + NOISE) * np.exp(p.log_prob(x)) - np.exp(q.log_prob(x)))

    parts = common_cells(p, q)
    if p.dimension == 1:
        parts = cut_at_crossings(ahead, parts)
    value, error = _integral(p, q, lambda a, b: np.abs(np.exp(a) - np.exp(b)) / 2, parts)
    return Estimate(min(1.0, value), error)


def different_dimensions(p: Distribution, q: Distribution) -> ValueError:
    """The error of a pair of which one lies on the line and the other in the plane."""
    return ValueError(
        f"p and q must have as many coordinates: p has {p.dimension}, and q has {q.dimension}."
    )


def common_box(p: Distribution, q: Distribution, outside: float) -> np.ndarray:
    """The smallest box (D, 2) that holds both but for a mass of at most `outside` of each.

    Raises:
        ValueError: if p and q are of different dimension.
    """
    if p.dimension != q.dimension:
        raise different_dimensions(p, q)
    return union([p.box(outside), q.box(outside)])


def common_cells(p: Distribution, q: Distribution) -> np.ndarray:
    """The cells to begin an integral over p and q with, (C, D, 2); see `quadrature.cells`.

    Raises:
        ValueError: if p and q are of different dimension.
    """
    return cells(
        common_box(p, q, OUTSIDE), [*p.breaks, *q.breaks], np.concatenate([p.peaks, q.peaks])
    )


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


def covers(outer: Sequence[tuple[float, float]], inner: Sequence[tuple[float, float]]) -> bool:
    """Whether each interval of `inner` lies within one of `outer`."""
    return all(any(low <= a and b <= high for low, high in outer) for a, b in inner)
