"""The nine functions f of the f-divergences in float64, with their slopes and their conjugates.

f(1) is 0, except for `gan`, where it is -log 4. For any function T with values in the domain of
f*(t) = sup_u t u - f(u), E_P T - E_Q f*(T) is at most D_f(P, Q), and it is that for T* = f'(p / q).

Source: Nowozin et al. 2016, "f-GAN", Tables 1, 2 and 6.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.special import rel_entr, wrightomega, xlogy

from gan_cli.divergences.terms import js_terms, kl_terms

Function = Callable[[np.ndarray], np.ndarray]

FARTHEST = 700.0  # nats of |log p / q| up to which float64 holds p / q


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
    slope_growth, conjugate_growth: by how many nats T* and f*(T*) grow for each nat of |log p / q|
        beyond `farthest`, where p is below q and where it is above; 0 where float64 holds them.
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
    slope_growth: tuple[float, float] = (0.0, 0.0)
    conjugate_growth: tuple[float, float] = (0.0, 0.0)
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
        conjugate_growth=(0.0, 1.0),
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
        slope_growth=(1.0, 0.0),
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
        slope_growth=(0.0, 1.0),
        conjugate_growth=(0.0, 2.0),
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
        slope_growth=(2.0, 0.0),
        conjugate_growth=(1.0, 0.0),
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
        slope_growth=(0.5, 0.0),
        conjugate_growth=(0.0, 0.5),
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
        slope_growth=(1.0, 0.0),
        conjugate_growth=(0.0, 1.0),
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
