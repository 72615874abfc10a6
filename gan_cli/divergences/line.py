"""Wasserstein distances on the line, through the distribution functions."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from gan_cli.divergences.densities import Density, union
from gan_cli.divergences.quadrature import REACH, Estimate, cells, cut_at_crossings, integrate

OUTSIDE = 1e-30  # the mass outside the interval that is integrated over
TOLERANCE = 1e-14  # of the integral, where that interval has length 1
ROUNDING = 1e-15  # of float64: of levels, and of quantiles beside the ends of that interval
SMALLEST = 1e-300  # above 0, where quantiles may be infinite


class Line(Protocol):
    """A distribution on the line.

    breaks: where its distribution function F or the derivative of F jumps.
    peaks: centre and width of each place where F is steep, (M, 2).
    """

    @property
    def breaks(self) -> Sequence[float]: ...
    @property
    def peaks(self) -> np.ndarray: ...

    def cdf(self, x: np.ndarray) -> np.ndarray:
        """F(x), the mass up to and including x."""

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """min {x : F(x) >= u} for u between 0 and 1."""

    def box(self, outside: float) -> np.ndarray:
        """The ends, (1, 2), of an interval that holds all but a mass `outside`."""

    def reflected(self) -> "Line":
        """The distribution of -x."""


class LineDensity(Density, Line, Protocol):
    """A distribution on the line that has a density."""

    def reflected(self) -> "LineDensity":
        """The distribution of -x."""


def between_cdfs(p: Line, q: Line) -> Estimate:
    """The Wasserstein-1 distance, integral |F(x) - G(x)| dx, in units of x.

    Source: Vallender 1974, "Calculation of the Wasserstein distance between probability
        distributions on the line".
    """

    def gap(x: np.ndarray) -> np.ndarray:
        return np.asarray(p.cdf(x) - q.cdf(x))

    box = union([p.box(OUTSIDE), q.box(OUTSIDE)])
    parts = cells(box, [*p.breaks, *q.breaks], np.concatenate([p.peaks, q.peaks]))
    parts = cut_at_crossings(lambda x: gap(x) + ROUNDING, parts)
    length = float(np.ptp(box))
    value, error = integrate(lambda x: np.abs(gap(x[:, 0])), parts, TOLERANCE * length)
    return Estimate(value, error + ROUNDING * float(np.abs(box).max()))


def between_quantiles(p: LineDensity, q: Line, power: float) -> Estimate:
    """The Wasserstein-r distance, W_r^r = integral |F^-1(u) - G^-1(u)|^r du, in units of x.

    The two halves of the unit interval are integrated apart, the upper one as the lower one of the
    reflected distributions: float64 tells quantiles apart near u = 0 and does not near u = 1.

    Args:
        p: what is integrated over; where only one of the two is unbounded, let it be this.
        q: the other.
        power: r, at least 1.

    Source: Villani 2003, "Topics in Optimal Transportation", Theorem 2.18 and remark 2.19.
    """
    box = union([p.box(OUTSIDE), q.box(OUTSIDE)])
    length = float(np.ptp(box))
    lower = _lower_half(p, q, power, length)
    upper = _lower_half(p.reflected(), q.reflected(), power, length)
    value, error = lower.value + upper.value, lower.error + upper.error
    ends = (max(0.0, value - error), max(0.0, value), value + error)
    low, middle, high = (length * end ** (1 / power) for end in ends)
    return Estimate(middle, max(middle - low, high - middle) + ROUNDING * float(np.abs(box).max()))


def _lower_half(p: LineDensity, q: Line, power: float, unit: float) -> Estimate:
    """The integral over u < 1/2, as that of p(x) |G^-1(F(x)) - x|^r over x below p's median.

    Distances are measured in this unit, whose powers are finite.
    """

    def move(x: np.ndarray) -> np.ndarray:
        return np.asarray((q.quantile(np.maximum(p.cdf(x), SMALLEST)) - x) / unit)

    def function(points: np.ndarray) -> np.ndarray:
        x = points[:, 0]
        return np.asarray(np.exp(p.log_prob(x)) * np.abs(move(x)) ** power)

    centres, widths = q.peaks.T
    steps = [centres - REACH * widths, centres, centres + REACH * widths, np.array(q.breaks)]
    levels = np.clip(q.cdf(np.concatenate(steps)), SMALLEST, 0.5)
    below = np.array([[p.box(OUTSIDE)[0, 0], p.quantile(np.array(0.5))]])
    parts = cells(below, [*p.breaks, *p.quantile(levels)], p.peaks)
    if power % 2:  # else it is smooth where the sign of the move changes
        parts = cut_at_crossings(lambda x: move(x) + ROUNDING, parts)
    return integrate(function, parts, TOLERANCE)
