"""Divergences of two densities on the line or in the plane that are integrals, by quadrature.

Each integral is taken over a box that both distributions lie in but for a mass of 1e-30, far below
the quadrature error that is stated.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from scipy.special import ndtri

from gan_cli.divergences.distributions import Density, Distribution
from gan_cli.divergences.quadrature import Estimate, cells, cut_at_crossings, integrate, union
from gan_cli.divergences.terms import js_terms, kl_terms, triangular_terms

OUTSIDE = 1e-30  # the mass of a distribution outside the box
TOLERANCE = {1: 1e-12, 2: 1e-5}  # of the integral, in nats or mass, by dimension
RELATIVE = {1: 1e-12, 2: 1e-4}  # of the integral, as a part of its size
ROUNDING = 1e-15  # nats that float64 loses, and again for each width between a peak and 0
BEYOND = 700.0  # the logarithm of what is as good as infinite for float64
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


def squared_hellinger(p: Density, q: Density) -> Estimate:
    """The squared Hellinger distance, in [0, 2]: H^2(p, q) = integral (sqrt p - sqrt q)^2.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Nowozin et al. 2016, Table 1; many books halve it.
    """
    value, error = _integral(
        p, q, lambda a, b: (np.exp(a / 2) - np.exp(b / 2)) ** 2, common_cells(p, q)
    )
    return Estimate(min(2.0, value), error)


def triangular_discrimination(p: Density, q: Density) -> Estimate:
    """The triangular discrimination, in [0, 2]: LC(p, q) = integral (p - q)^2 / (p + q).

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Topsoe 2000, "Some inequalities for information divergence and related measures of
        discrimination"; Mao et al. 2017, Theorem 1, for what it is to the least-squares GAN.
    """
    value, error = _integral(
        p, q, lambda a, b: triangular_terms(np.exp(a), np.exp(b)), common_cells(p, q)
    )
    return Estimate(min(2.0, value), error)


def fisher(p: Density, q: Density) -> Estimate:
    """The distance that Fisher GAN's critic finds, in [0, 2]; see `vectors.fisher`.

    sqrt(integral (p - q)^2 / ((p + q) / 2)), the root of twice the triangular discrimination.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Mroueh and Sercu 2017, "Fisher GAN", Theorem 1.
    """
    return root(triangular_discrimination(p, q), 2)


def root(square: Estimate, factor: float = 1) -> Estimate:
    """sqrt(factor x) for an x that is known with an error."""
    value, error = square
    low, middle, high = (
        math.sqrt(factor * max(0.0, end)) for end in (value - error, value, value + error)
    )
    return Estimate(middle, max(middle - low, high - middle))


def chi_squared(p: Density, q: Density) -> Estimate:
    """Pearson's chi^2 of p from q: integral (p - q)^2 / q; Neyman's is chi_squared(q, p).

    It is infinite where q is zero on an interval on which p is not, where the tails of p are wider
    than those of q by a factor of sqrt 2 or more, and where it is too great for float64.

    Raises:
        ValueError: if p and q are of different dimension.

    Source: Nowozin et al. 2016, Table 1; Nielsen and Nock 2014, "On the chi square and higher-order
        chi distances for approximating f-divergences", for normal distributions.
    """
    reach = common_box(p, q, OUTSIDE)
    if not covers(q.support, p.support):
        return Estimate(math.inf)
    peaks = np.concatenate([p.peaks, q.peaks])
    if len(p.peaks) and len(q.peaks):
        ratios = _ratio_peaks(p.peaks, q.peaks)
        if ratios is None:
            return Estimate(math.inf)
        centres = ratios[:, 0] if p.dimension == 1 else ratios[:, :-1]
        heights = 2 * p.log_prob(centres) - q.log_prob(centres) + np.log(ratios[:, -1])
        if heights.max() > BEYOND:
            return Estimate(math.inf)
        peaks = np.concatenate([peaks, ratios])
        ends = -ndtri(OUTSIDE) * ratios[:, -1:]
        reach = union([reach, *np.stack([ratios[:, :-1] - ends, ratios[:, :-1] + ends], axis=2)])

    def integrand(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        gap = np.subtract(log_p, log_q, out=np.zeros_like(log_q), where=log_q > -math.inf)
        return np.asarray((np.exp(log_q / 2 + gap) - np.exp(log_q / 2)) ** 2)

    with np.errstate(over="ignore", invalid="ignore"):
        value, error = _integral(p, q, integrand, cells(reach, [*p.breaks, *q.breaks], peaks))
    return Estimate(value, error) if math.isfinite(value + error) else Estimate(math.inf)


def _ratio_peaks(p: np.ndarray, q: np.ndarray) -> np.ndarray | None:
    """Where p^2 / q is largest for each pair of normal parts, (M, D + 1); None if it is infinite.

    N(a, s^2)^2 / N(b, t^2) is in proportion to a normal density of variance 1 / (2/s^2 - 1/t^2).
    Only the widest part of q counts, which is all that is left of q far out.
    """
    widest = q[q[:, -1] == q[:, -1].max()]
    if 2 * widest[0, -1] ** 2 <= p[:, -1].max() ** 2:
        return None
    found = []
    for a in p:
        for b in widest:
            precision = 2 / a[-1] ** 2 - 1 / b[-1] ** 2
            centre = (2 * a[:-1] / a[-1] ** 2 - b[:-1] / b[-1] ** 2) / precision
            found.append([*centre, precision**-0.5])
    return np.array(found)


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
