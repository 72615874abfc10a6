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

import numpy as np

from gan_cli.divergences import densities, quadrature
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_functions import ROWS, Function
from gan_cli.divergences.far_tails import REACH, far_tails, peak, too_heavy
from gan_cli.divergences.log_ratios import limited_ratio, log_density, on_atoms
from gan_cli.divergences.overlap import alone
from gan_cli.divergences.quadrature import Estimate

Terms = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""What is summed or integrated, from x, log p and log q, (N,) each."""

ACCURACY = 1e-12  # of an integral, as a part of its size and in nats
ENDLESS = 1e300  # what stands for an infinite log p / q
CEILING, BEYOND = 1e300, 1e250  # where a term is cut off, and what only cut terms can sum to


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


def attained(name: str, p: OnLine, q: OnLine) -> Estimate:
    """F(T*) = E_P T* - E_Q f*(T*), with its largest error, for a divergence that is finite.

    Where log p / q is so far from 0 that float64 does not hold T* or f*(T*), which are exponentials
    of it, their logarithms are weighted by those of p and q.

    Args:
        name: a key of ROWS.
        p, q: see `f_divergence`.
    """
    row = ROWS[name]

    def terms(_: np.ndarray, log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
        r = limited_ratio(log_p, log_q, ENDLESS)
        return np.asarray(
            _grown(row.slope, row.slope_growth, row.farthest, r, log_p)
            - _grown(row.conjugate_of_slope, row.conjugate_growth, row.farthest, r, log_q)
        )

    return _total(name, p, q, terms)


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
        T, conjugate = said(x, limited_ratio(log_p, log_q, ROWS[name].farthest))
        return np.asarray(_weighted(log_p, T) - _weighted(log_q, conjugate))

    return _total(name, p, q, terms, accuracy)


def reason(name: str, p: OnLine, q: OnLine) -> str | None:
    """Why a divergence is infinite, in words; None if it is finite."""
    row = ROWS[name]
    first, second = math.isinf(row.at_infinity), math.isinf(row.at_zero)
    found = [
        f"{one} has mass where {other} has none"
        for one, other, counts, pair in (("p", "q", first, (p, q)), ("q", "p", second, (q, p)))
        if counts and alone(*pair)
    ]
    if found:
        return " and ".join(found)
    if any(too_heavy(tail) for tail in far_tails(name, p, q)):
        one, other = ("p", "q") if name == "pearson" else ("q", "p")
        return f"the tail of {one} is so heavy that {one}^2 / {other} has no integral"
    return None


def line_cells(name: str, p: OnLine, q: OnLine) -> np.ndarray:
    """The cells (C, 1, 2) to begin an integral of a divergence's terms with; none for masses.

    The mass of p^2 / q and q^2 / p may lie far from that of p and q, so their cells reach farther.
    """
    spread = [each for each in (p, q) if not isinstance(each, Discrete)]
    if not spread:
        return np.empty((0, 1, 2))
    tails = [tail for tail in far_tails(name, p, q) if not too_heavy(tail)]
    peaks = np.array([peak(tail) for tail in tails]).reshape(-1, 2)
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
    for tail in far_tails(name, p, q):
        if too_heavy(tail):
            continue
        centre, width = peak(tail)
        around = np.array([centre - 3 * width, centre, centre + 3 * width])
        exponents += [np.abs(log_density(each, around)).max() for each in (p, q)]
    return densities.ROUNDING * float(max(exponents))


def _weighted(log_weight: np.ndarray, value: np.ndarray) -> np.ndarray:
    """weight x value, although the weight alone may be too small for float64."""
    return np.asarray(np.sign(value) * np.exp(log_weight + np.log(np.abs(value))))


def _grown(
    function: Function,
    growth: tuple[float, float],
    farthest: float,
    r: np.ndarray,
    log_weight: np.ndarray,
) -> np.ndarray:
    """weight x function(r), although float64 may hold neither of the two.

    Args:
        function: what is weighted, a function of log p / q.
        growth: the nats by which it grows for each nat of r below -farthest and above farthest.
        farthest: how far from 0 float64 holds it on a side on which it grows.
        r: log p / q, (N,).
        log_weight: the logarithms of the weights, (N,).
    """
    ends = [farthest if each else ENDLESS for each in growth]
    held = np.clip(r, -ends[0], ends[1])
    beyond = growth[0] * np.maximum(0, held - r) + growth[1] * np.maximum(0, r - held)
    return _weighted(log_weight + beyond, function(held))
