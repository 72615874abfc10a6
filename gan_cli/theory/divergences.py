"""All divergences of two distributions on the line, and what they are made of, point by point."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from scipy.integrate import cumulative_trapezoid

from gan_cli.divergences import Coupling, Estimate, Kernel, compare, optimal_coupling
from gan_cli.divergences.beyond_float64 import CHI_SQUARED, log_chi_squared
from gan_cli.divergences.densities import common_box
from gan_cli.divergences.distributions import Discrete, LineDensity, OnLine
from gan_cli.divergences.pairs import witness
from gan_cli.divergences.terms import hellinger_terms, kl_terms, triangular_terms
from gan_cli.theory.sampled_mmd import SampledMmd

LOG_2 = math.log(2)
POINTS = 2001
UNSEEN = 1e-5  # the mass of either distribution outside the interval
MARGIN = 0.08  # the margin on each side of the interval, as a share of its length
CELLS = 48  # how many cells a density is gathered in for the transport


class Series(NamedTuple):
    """Values at increasing points x (N,): to be summed if discrete, otherwise integrated."""

    x: np.ndarray
    y: np.ndarray
    discrete: bool


class Divergences(NamedTuple):
    """Two distributions compared.

    there: the divergences by name, as `compare(p, q)` gives them.
    back: those of `compare(q, p)`.
    losses: see `best_losses`.
    ends: the ends of an interval that shows both.
    pair: the densities or masses of p and q.
    terms: see `terms`.
    cdfs: the distribution functions of p and q.
    critics: see `critics`.
    transport: an optimal coupling for W_1.
    kernel: that of MMD.
    logarithms: of those among `there` that are finite and float64 does not hold, by name.
    sampled: what MMD^2 is estimated as from samples, where that is asked for.
    """

    there: dict[str, Estimate]
    back: dict[str, Estimate]
    losses: dict[str, Estimate]
    ends: tuple[float, float]
    pair: tuple[Series, Series]
    terms: dict[str, Series]
    cdfs: tuple[Series, Series]
    critics: dict[str, Series]
    transport: Coupling
    kernel: Kernel = Kernel()
    logarithms: Mapping[str, float] = MappingProxyType({})
    sampled: SampledMmd | None = None


def divergences(
    p: OnLine, q: OnLine, kernel: Kernel | None = None, sampled: SampledMmd | None = None
) -> Divergences:
    """Compares two distributions.

    Args:
        p, q: the distributions.
        kernel: that of MMD, by default gaussian of width 1.
        sampled: estimates of MMD^2 to be shown beside it.
    """
    kernel = kernel or Kernel()
    ends, there = interval(p, q), compare(p, q, kernel)
    return Divergences(
        there=there,
        back=compare(q, p, kernel),
        losses=best_losses(there),
        ends=ends,
        pair=(weights(p, ends), weights(q, ends)),
        terms=terms(p, q, ends),
        cdfs=(cdf(p, ends), cdf(q, ends)),
        critics=critics(p, q, ends, kernel),
        transport=optimal_coupling(p, q, points=CELLS),
        kernel=kernel,
        logarithms=logarithms(p, q, there),
        sampled=sampled,
    )


def logarithms(p: OnLine, q: OnLine, found: dict[str, Estimate]) -> dict[str, float]:
    """The logarithm of each chi^2 that is finite and float64 does not hold, by its name."""
    beyond = {
        name: log_chi_squared(name, p, q) for name in CHI_SQUARED if math.isinf(found[name].value)
    }
    return {name: value for name, value in beyond.items() if math.isfinite(value)}


def best_losses(found: dict[str, Estimate]) -> dict[str, Estimate]:
    """The least that D's loss can be in four games, from the divergence that each measures.

    minimax: 2 log 2 - 2 JS, in nats. least_squares: (1 - LC / 2) / 4 with the triangular
    discrimination LC, half of the square of Fisher's distance. hinge: 2 - 2 TV. relativistic:
    log 2 less the gap, in nats; this is -sup E log sigmoid(D(x) - D(y)).

    Source: Goodfellow et al. 2014, Theorem 1; Mao et al. 2017, Theorem 1; Lim and Ye 2017, section
        2; Jolicoeur-Martineau 2018, section 4.1.
    """
    (js, js_error), (tv, tv_error) = found["js"], found["total_variation"]
    (fisher, fisher_error), (gap, gap_error) = found["fisher"], found["relativistic"]
    return {
        "minimax": Estimate(2 * (LOG_2 - js), 2 * js_error),
        "least_squares": Estimate((1 - fisher**2 / 4) / 4, fisher * fisher_error / 8),
        "hinge": Estimate(2 - 2 * tv, 2 * tv_error),
        "relativistic": Estimate(LOG_2 - gap, gap_error),
    }


def interval(p: OnLine, q: OnLine) -> tuple[float, float]:
    """The ends of an interval that shows both."""
    low, high = common_box(p, q, UNSEEN)[0]
    beside = MARGIN * float(high - low) or 1.0
    return float(low) - beside, float(high) + beside


def weights(distribution: OnLine, ends: tuple[float, float]) -> Series:
    """The masses of a distribution, or its density between two ends."""
    if isinstance(distribution, Discrete):
        return Series(*distribution.atoms, discrete=True)
    x = _points([distribution], ends)
    return Series(x, np.exp(distribution.log_prob(x)), discrete=False)


def terms(p: OnLine, q: OnLine, ends: tuple[float, float]) -> dict[str, Series]:
    """The terms whose integral, or sum, is a divergence, in nats.

    Returns:
        kl_pq: p log(p / q), infinite where q = 0 < p. kl_qp: q log(q / p).
        js: (p log(p / m) + q log(q / m)) / 2 with m = (p + q) / 2.
        squared_hellinger: (sqrt p - sqrt q)^2.
        triangular_discrimination: (p - q)^2 / (p + q), half of Fisher's distance squared.
        Nothing where one has a density and the other masses: they have no point in common.
    """
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        x = np.union1d(p.atoms[0], q.atoms[0])
        log_p, log_q = _log_masses(p, x), _log_masses(q, x)
    elif isinstance(p, Discrete) or isinstance(q, Discrete):
        return {}
    else:
        x = _points([p, q], ends)
        log_p, log_q = p.log_prob(x), q.log_prob(x)
    log_m = np.logaddexp(log_p, log_q) - math.log(2)
    found = {
        "kl_pq": kl_terms(log_p, log_q),
        "kl_qp": kl_terms(log_q, log_p),
        "js": (kl_terms(log_p, log_m) + kl_terms(log_q, log_m)) / 2,
        "squared_hellinger": hellinger_terms(np.exp(log_p), np.exp(log_q)),
        "triangular_discrimination": triangular_terms(np.exp(log_p), np.exp(log_q)),
    }
    return {name: Series(x, y, isinstance(p, Discrete)) for name, y in found.items()}


def cdf(distribution: OnLine, ends: tuple[float, float]) -> Series:
    """The distribution function between two ends, with both sides of each of its jumps."""
    x = _line([distribution], ends)
    return Series(x, distribution.cdf(x), discrete=False)


def critics(p: OnLine, q: OnLine, ends: tuple[float, float], kernel: Kernel) -> dict[str, Series]:
    """The functions between two ends that tell p from q best, each between -1 and 1.

    Returns:
        fisher: (p - q) / (p + q), which is 2 D* - 1 for the D* of minimax and least squares; only
            where both have a density. mmd: E k(x, X) - E k(x, Y) with the kernel k.
            energy: E|x - Y| - E|x - X|. The latter two are scaled, and energy is centred, which
            changes nothing of what they tell.
    """
    x = _line([p, q], ends)
    found = {}
    if not isinstance(p, Discrete) and not isinstance(q, Discrete):
        found["fisher"] = np.tanh(_log_ratio(p.log_prob(x), q.log_prob(x)) / 2)
    found["mmd"] = witness(p, q, x, kernel)
    slopes = 2 * (q.cdf(x) - p.cdf(x))
    rising = cumulative_trapezoid(slopes, x, initial=0)
    found["energy"] = rising - (rising.max() + rising.min()) / 2
    for name in ("mmd", "energy"):
        found[name] = found[name] / (np.abs(found[name]).max() or 1.0)
    return {name: Series(x, y, discrete=False) for name, y in found.items()}


def _log_ratio(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """log(p / q), which is NaN where both are 0."""
    with np.errstate(invalid="ignore"):
        return np.asarray(log_p - log_q)


def _line(distributions: list[OnLine], ends: tuple[float, float]) -> np.ndarray:
    """Points between two ends, with more of them where any of the distributions changes fast."""
    jumps = np.array([x for each in distributions for x in each.breaks])
    sides = np.concatenate([np.nextafter(jumps, -np.inf), jumps])
    densities = [each for each in distributions if not isinstance(each, Discrete)]
    x = np.concatenate([np.linspace(*ends, POINTS), sides])
    inside = x[(ends[0] <= x) & (x <= ends[1])]
    return np.union1d(inside, _points(densities, ends)) if densities else np.unique(inside)


def _log_masses(distribution: Discrete, x: np.ndarray) -> np.ndarray:
    points, masses = distribution.atoms
    found = np.full(len(x), -math.inf)
    found[np.searchsorted(x, points)] = np.log(masses)
    return found


def _points(densities: list[LineDensity], ends: tuple[float, float]) -> np.ndarray:
    """Points between two ends, with more of them at narrow peaks and on both sides of jumps."""
    breaks = np.array([x for density in densities for x in density.breaks])
    centres, widths = np.concatenate([density.peaks for density in densities]).T
    near = (centres[:, None] + widths[:, None] * np.linspace(-6, 6, 121)).ravel()
    jumps = [np.nextafter(breaks, -np.inf), breaks, np.nextafter(breaks, np.inf)]
    x = np.concatenate([np.linspace(*ends, POINTS), near, *jumps])
    return np.unique(x[(ends[0] <= x) & (x <= ends[1])])
