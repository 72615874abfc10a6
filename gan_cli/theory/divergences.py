"""All divergences of two distributions on the line, and what they are made of, point by point."""

import math
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Coupling, Estimate, compare, optimal_coupling
from gan_cli.divergences.densities import common_box
from gan_cli.divergences.distributions import Discrete, LineDensity, OnLine
from gan_cli.divergences.vectors import kl_terms

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
    ends: the ends of an interval that shows both.
    pair: the densities or masses of p and q.
    terms: see `terms`.
    transport: an optimal coupling for W_1.
    """

    there: dict[str, Estimate]
    back: dict[str, Estimate]
    ends: tuple[float, float]
    pair: tuple[Series, Series]
    terms: dict[str, Series]
    transport: Coupling


def divergences(p: OnLine, q: OnLine) -> Divergences:
    """Compares two distributions."""
    ends = interval(p, q)
    return Divergences(
        there=compare(p, q),
        back=compare(q, p),
        ends=ends,
        pair=(weights(p, ends), weights(q, ends)),
        terms=terms(p, q, ends),
        transport=optimal_coupling(p, q, points=CELLS),
    )


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
    }
    return {name: Series(x, y, isinstance(p, Discrete)) for name, y in found.items()}


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
