"""Nine f-divergences of two distributions on the line, and the lower bound that any T gives.

D_f(P, Q) = integral q f(p / q), with f(0) for each mass of q where p is zero, and the slope of f at
infinity for each mass of p where q is zero. f(1) is 0, except for `gan`, where it is -log 4. For
any function T with values in the domain of f*(t) = sup_u t u - f(u),

    F(T) = E_P T - E_Q f*(T) <= D_f(P, Q), with equality for T* = f'(p / q).

Source: Nguyen, Wainwright and Jordan 2010, "Estimating divergence functionals and the likelihood
ratio by convex risk minimization", Lemma 1; Nowozin et al. 2016, "f-GAN", Tables 1, 2 and 6.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr, wrightomega, xlogy

from gan_cli.divergences import densities, quadrature
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.quadrature import Estimate
from gan_cli.divergences.vectors import js_terms, kl_terms

Function = Callable[[np.ndarray], np.ndarray]
Terms = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""What is summed or integrated, from x, log p and log q, (N,) each."""

FARTHEST = 700.0  # nats of |log p / q| up to which float64 holds p / q
ACCURACY = 1e-12  # of an integral, as a part of its size and in nats
CRITICAL = 1e-12  # of a precision, below which it counts as zero
REACH = 12.0  # widths of a tail's term beside its centre, beyond which it is gone
DECAYED = 75.0  # nats by which an exponential tail has fallen where it is cut
CEILING, BEYOND = 1e300, 1e250  # where a term is cut off, and what only cut terms can sum to


class FDivergence(NamedTuple):
    """One f-divergence in float64.

    label: its name for people; where it is twice the JS divergence, this is said.
    f: f(u), u >= 0.
    slope: f'(u), as a function of log u.
    conjugate_of_slope: f*(f'(u)), as a function of log u, where no digits are lost.
    conjugate: f*(t).
    terms: q f(p / q), from log p and log q.
    at_zero: f(0).
    at_infinity: the slope of f at infinity.
    domain: where f* is finite.
    farthest: nats of |log p / q| up to which float64 holds T* and f*(T*).
    jumps: whether T* is a step where p = q.
    """

    label: str
    f: Function
    slope: Function
    conjugate_of_slope: Function
    conjugate: Function
    terms: Callable[[np.ndarray, np.ndarray], np.ndarray]
    at_zero: float
    at_infinity: float
    domain: tuple[float, float] = (-math.inf, math.inf)
    farthest: float = FARTHEST
    jumps: bool = False


def _chi_terms(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """(p - q)^2 / q, infinite where q = 0 < p."""
    some = np.maximum(log_p, log_q) > -math.inf
    ratio = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=some)
    near = np.exp(log_q) * np.expm1(np.clip(ratio, -1, 1)) ** 2
    squared = np.exp(np.add(log_p, ratio, out=np.full_like(log_p, -math.inf), where=some))
    far = squared - 2 * np.exp(log_p) + np.exp(log_q)
    return np.asarray(np.where(np.abs(ratio) <= 1, near, far))


def _gan_terms(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    p, q = np.exp(log_p), np.exp(log_q)
    return np.asarray(rel_entr(p, p + q) + rel_entr(q, p + q))


def _conjugate_of_jeffrey(t: np.ndarray) -> np.ndarray:
    """w + 1/w + t - 2 with w = W(e^(1 - t)), Lambert's function."""
    w = wrightomega(1 - t)
    return np.asarray(w + 1 / w + t - 2)


ROWS: dict[str, FDivergence] = {
    "total_variation": FDivergence(
        label="total variation",
        f=lambda u: np.abs(u - 1) / 2,
        slope=lambda r: np.sign(r) / 2,
        conjugate_of_slope=lambda r: np.sign(r) / 2,
        conjugate=lambda t: t,
        terms=lambda a, b: np.abs(np.exp(a) - np.exp(b)) / 2,
        at_zero=0.5,
        at_infinity=0.5,
        domain=(-0.5, 0.5),
        jumps=True,
    ),
    "kl": FDivergence(
        label="KL(P, Q)",
        f=lambda u: xlogy(u, u),
        slope=lambda r: 1 + r,
        conjugate_of_slope=np.exp,
        conjugate=lambda t: np.exp(t - 1),
        terms=kl_terms,
        at_zero=0.0,
        at_infinity=math.inf,
    ),
    "reverse_kl": FDivergence(
        label="reverse KL, KL(Q, P)",
        f=lambda u: -np.log(u),
        slope=lambda r: -np.exp(-r),
        conjugate_of_slope=lambda r: r - 1,
        conjugate=lambda t: -1 - np.log(-t),
        terms=lambda a, b: kl_terms(b, a),
        at_zero=math.inf,
        at_infinity=0.0,
        domain=(-math.inf, 0.0),
    ),
    "pearson": FDivergence(
        label="Pearson chi^2",
        f=lambda u: (u - 1) ** 2,
        slope=lambda r: 2 * np.expm1(r),
        conjugate_of_slope=lambda r: np.expm1(2 * r),
        conjugate=lambda t: t**2 / 4 + t,
        terms=_chi_terms,
        at_zero=1.0,
        at_infinity=math.inf,
        farthest=FARTHEST / 2,
    ),
    "neyman": FDivergence(
        label="Neyman chi^2",
        f=lambda u: (1 - u) ** 2 / u,
        slope=lambda r: -np.expm1(-2 * r),
        conjugate_of_slope=lambda r: -2 * np.expm1(-r),
        conjugate=lambda t: 2 - 2 * np.sqrt(1 - t),
        terms=lambda a, b: _chi_terms(b, a),
        at_zero=math.inf,
        at_infinity=1.0,
        domain=(-math.inf, 1.0),
        farthest=FARTHEST / 2,
    ),
    "squared_hellinger": FDivergence(
        label="squared Hellinger",
        f=lambda u: (np.sqrt(u) - 1) ** 2,
        slope=lambda r: -np.expm1(-r / 2),
        conjugate_of_slope=lambda r: np.expm1(r / 2),
        conjugate=lambda t: t / (1 - t),
        terms=lambda a, b: (np.exp(a / 2) - np.exp(b / 2)) ** 2,
        at_zero=1.0,
        at_infinity=1.0,
        domain=(-math.inf, 1.0),
    ),
    "jeffrey": FDivergence(
        label="Jeffrey, KL(P, Q) + KL(Q, P)",
        f=lambda u: (u - 1) * np.log(u),
        slope=lambda r: 1 + r - np.exp(-r),
        conjugate_of_slope=lambda r: np.expm1(r) + r,
        conjugate=_conjugate_of_jeffrey,
        terms=lambda a, b: kl_terms(a, b) + kl_terms(b, a),
        at_zero=math.inf,
        at_infinity=math.inf,
    ),
    "jensen_shannon": FDivergence(
        label="2 JSD",
        f=lambda u: xlogy(u, u) - (u + 1) * np.log((u + 1) / 2),
        slope=lambda r: math.log(2) - np.logaddexp(0, -r),
        conjugate_of_slope=lambda r: np.logaddexp(0, r) - math.log(2),
        conjugate=lambda t: -np.log(2 - np.exp(t)),
        terms=lambda a, b: 2 * js_terms(np.exp(a), np.exp(b)),
        at_zero=math.log(2),
        at_infinity=math.log(2),
        domain=(-math.inf, math.log(2)),
    ),
    "gan": FDivergence(
        label="GAN, 2 JSD - log 4",
        f=lambda u: xlogy(u, u) - (u + 1) * np.log(u + 1),
        slope=lambda r: -np.logaddexp(0, -r),
        conjugate_of_slope=lambda r: np.logaddexp(0, r),
        conjugate=lambda t: -np.log(-np.expm1(t)),
        terms=_gan_terms,
        at_zero=0.0,
        at_infinity=0.0,
        domain=(-math.inf, 0.0),
    ),
}


def f_divergence(name: str, p: OnLine, q: OnLine) -> Estimate:
    """D_f(P, Q) by its definition: a sum over masses, or an integral by quadrature.

    Args:
        name: a key of ROWS.
        p: the distribution P, of the data.
        q: the distribution Q, of the model.

    Returns:
        The value and its largest error. It is infinite where `reason` says why, and where it is too
        large for float64.
    """
    terms = ROWS[name].terms
    if reason(name, p, q):
        return Estimate(math.inf)
    value, error = _total(name, p, q, lambda _, a, b: np.minimum(terms(a, b), CEILING))
    if value > BEYOND:
        return Estimate(math.inf)
    return Estimate(value if name == "gan" else max(0.0, value), error)


def lower_bound(
    name: str,
    p: OnLine,
    q: OnLine,
    said: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]],
    accuracy: float = ACCURACY,
) -> Estimate:
    """F(T) = E_P T - E_Q f*(T), with its largest error.

    Args:
        name: a key of ROWS.
        p, q: see `f_divergence`.
        said: gives T and f*(T), finite, from x and log p / q up to `farthest`, (N,) each.
        accuracy: the error to stop at, as a part of the terms' size and in nats.
    """

    def terms(x: np.ndarray, log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        T, conjugate = said(x, _limited_ratio(log_p, log_q, ROWS[name].farthest))
        return np.asarray(_weighted(log_p, T) - _weighted(log_q, conjugate))

    return _total(name, p, q, terms, accuracy)


def reason(name: str, p: OnLine, q: OnLine) -> str | None:
    """Why a divergence is infinite, in words; None if it is finite."""
    row = ROWS[name]
    first, second = math.isinf(row.at_infinity), math.isinf(row.at_zero)
    found = [
        f"{one} has mass where {other} has none"
        for one, other, counts, pair in (("p", "q", first, (p, q)), ("q", "p", second, (q, p)))
        if counts and _alone(*pair)
    ]
    if found:
        return " and ".join(found)
    if any(_too_heavy(tail) for tail in _far_tails(name, p, q)):
        one, other = ("p", "q") if name == "pearson" else ("q", "p")
        return f"the tail of {one} is so heavy that {one}^2 / {other} has no integral"
    return None


def log_ratio(p: OnLine, q: OnLine, x: np.ndarray, farthest: float) -> np.ndarray:
    """log p / q at x (N,), of masses at a point that has one, and else of densities."""
    log_p, log_q = log_density(p, x), log_density(q, x)
    points, *masses = on_atoms(p, q)
    where = np.isin(x, points)
    log_p[where], log_q[where] = (each[np.searchsorted(points, x[where])] for each in masses)
    return _limited_ratio(log_p, log_q, farthest)


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


def line_cells(name: str, p: OnLine, q: OnLine) -> np.ndarray:
    """The cells (C, 1, 2) to begin an integral of a divergence's terms with; none for masses.

    The mass of p^2 / q and q^2 / p may lie far from that of p and q, so their cells reach farther.
    """
    spread = [each for each in (p, q) if not isinstance(each, Discrete)]
    if not spread:
        return np.empty((0, 1, 2))
    tails = [tail for tail in _far_tails(name, p, q) if not _too_heavy(tail)]
    peaks = np.array([_peak(tail) for tail in tails]).reshape(-1, 2)
    reached = peaks[:, :1] + REACH * peaks[:, 1:] * [-1, 1]
    boxes = [each.box(densities.OUTSIDE) for each in spread]
    parts = quadrature.cells(
        quadrature.union([*boxes, *reached[:, None]]),
        [x for each in spread for x in each.breaks],
        np.concatenate([peaks, *(each.peaks for each in spread)]),
    )
    if len(spread) == 1:
        return parts
    return quadrature.cut_at_crossings(lambda x: _ahead(p, q, x), parts)


def _ahead(p: OnLine, q: OnLine, x: np.ndarray) -> np.ndarray:
    ahead = (1 + densities.NOISE) * np.exp(log_density(p, x))
    return np.asarray(ahead - np.exp(log_density(q, x)))


def _total(name: str, p: OnLine, q: OnLine, terms: Terms, accuracy: float = ACCURACY) -> Estimate:
    """The sum of terms over the points with mass, and their integral where there is a density."""

    def on_line(points: np.ndarray) -> np.ndarray:
        x = points[:, 0]
        return terms(x, log_density(p, x), log_density(q, x))

    with np.errstate(over="ignore", divide="ignore"):
        value, error = float(terms(*on_atoms(p, q)).sum()), 0.0
        parts = line_cells(name, p, q)
        if len(parts):
            integral = quadrature.integrate(on_line, parts, accuracy, accuracy)
            value, error = value + integral.value, integral.error
            error += _rounding(name, p, q) * max(1.0, abs(value))
    return Estimate(value, error)


def _rounding(name: str, p: OnLine, q: OnLine) -> float:
    """The part of an integral that float64 loses in the exponents of the densities."""
    peaks = np.concatenate([p.peaks, q.peaks])
    places = float((np.abs(peaks[:, 0]) / peaks[:, 1]).max(initial=0))
    exponents = [1 + places]
    for tail in _far_tails(name, p, q):
        if _too_heavy(tail):
            continue
        centre, width = _peak(tail)
        around = np.array([centre - 3 * width, centre, centre + 3 * width])
        exponents += [np.abs(log_density(each, around)).max() for each in (p, q)]
    return densities.ROUNDING * float(max(exponents))


def _limited_ratio(log_p: np.ndarray, log_q: np.ndarray, farthest: float) -> np.ndarray:
    """log p / q, at most `farthest` in size, and 0 where both are zero."""
    some = np.maximum(log_p, log_q) > -math.inf
    ratio = np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=some)
    return np.asarray(np.clip(ratio, -farthest, farthest))


def _weighted(log_weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """weight x value, although the weight alone may be too small for float64."""
    return np.asarray(np.sign(value) * np.exp(log_weight + np.log(np.abs(value))))


def _alone(p: OnLine, q: OnLine) -> bool:
    """Whether p has mass where q has none."""
    if isinstance(p, Discrete) or isinstance(q, Discrete):
        _, log_p, log_q = on_atoms(p, q)
        spread = not isinstance(p, Discrete)
        return spread or bool((log_q[log_p > -math.inf] == -math.inf).any())
    return not densities.covers(q.support, p.support)


class _Tail(NamedTuple):
    """p^2 / q far out on one side: exp(-precision y^2 / 2 + slope y) for y = side x.

    flat: whether its precision is zero, up to rounding.
    start: the y from which on it is so, if it is flat.
    """

    side: int
    precision: float
    slope: float
    flat: bool
    start: float


def _far_tails(name: str, p: OnLine, q: OnLine) -> list[_Tail]:
    """The tails of a divergence's terms that may lie beyond those of p and q."""
    return {"pearson": _tails(p, q), "neyman": _tails(q, p)}.get(name, [])


def _tails(p: OnLine, q: OnLine) -> list[_Tail]:
    """The tails of p^2 / q on either side, where both have one.

    Far out a mixture is its widest normal, and among equals the one whose mean is farthest out.
    """
    found = []
    for side in (1, -1):
        ends = [
            max(((std, side * mean) for mean, std in each.peaks.tolist()), default=None)
            for each in (p, q)
        ]
        if ends[0] and ends[1]:
            (s, m), (S, M) = ends
            precision, slope = 2 / s**2 - 1 / S**2, 2 * m / s**2 - M / S**2
            flat = abs(precision) <= CRITICAL / S**2
            found.append(_Tail(side, precision, slope, flat, max(m + 9 * s, M + 9 * S)))
    return found


def _too_heavy(tail: _Tail) -> bool:
    return tail.slope >= 0 if tail.flat else tail.precision < 0


def _peak(tail: _Tail) -> tuple[float, float]:
    """The centre and the width of p^2 / q on one side; of an exponential tail, its beginning."""
    if tail.flat:
        return tail.side * tail.start, DECAYED / REACH / abs(tail.slope)
    return tail.side * tail.slope / tail.precision, tail.precision**-0.5
