"""Known distributions: their densities, distribution functions and samples.

Those on the line take and give arrays of any shape; PlaneMixture has points (N, 2). Every
distribution tells where its mass lies:

    dimension    the number of coordinates D of x, 1 or 2
    breaks       the coordinates where the density or the distribution function jumps
    peaks        the centre and the width of each place where the density is narrow, (M, D + 1)
    box(outside) the ends along each axis, (D, 2), of a box that holds all but a mass `outside`

One with a density has `log_prob`, in nats, and `support`: the intervals, increasing and apart, in
which each coordinate of x lies where the density is positive.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp, ndtr, ndtri

from gan_cli.divergences.checks import check_finite, check_widths, probabilities, require
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.plane_mixture import PlaneMixture
from gan_cli.divergences.quadrature import union

Intervals = tuple[tuple[float, float], ...]

LOG_ROOT = math.log(2 * math.pi) / 2  # the standard normal density at 0 is exp(-LOG_ROOT)


@dataclass(frozen=True)
class Normal:
    """The normal distribution N(mean, std^2) on the line.

    Raises:
        ValueError: if a number is NaN or above 1e50 in size, or std below 1e-50 or 1e-12 |mean|.
    """

    mean: float
    std: float

    dimension = 1
    breaks = ()
    support = ((-math.inf, math.inf),)

    def __post_init__(self) -> None:
        check_finite(mean=self.mean, std=self.std)
        require(self.std > 0, f"std must be above 0, and is {self.std:g}.")
        check_widths("std", self.std, self.mean)

    @property
    def peaks(self) -> np.ndarray:
        return np.array([[self.mean, self.std]])

    def box(self, outside: float) -> np.ndarray:
        reach = -ndtri(outside / 2) * self.std
        return np.array([[self.mean - reach, self.mean + reach]])

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(-(((x - self.mean) / self.std) ** 2) / 2 - math.log(self.std) - LOG_ROOT)

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(ndtr((x - self.mean) / self.std))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return np.asarray(self.mean + self.std * ndtri(u))

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.normal(self.mean, self.std, n)

    def reflected(self) -> "Normal":
        return Normal(-self.mean, self.std)


@dataclass(frozen=True)
class Uniform:
    """The uniform distribution on [low, high].

    Raises:
        ValueError: if a number is NaN or above 1e50 in size, or high - low is below 1e-50 or below
            1e-12 of either.
    """

    low: float
    high: float

    dimension = 1
    peaks = np.empty((0, 2))

    def __post_init__(self) -> None:
        check_finite(low=self.low, high=self.high)
        ordered = self.low < self.high
        require(ordered, f"low must be below high; they are {self.low:g} and {self.high:g}.")
        check_widths("high - low", self.high - self.low, max(self.low, self.high, key=abs))

    @property
    def breaks(self) -> tuple[float, float]:
        return (self.low, self.high)

    @property
    def support(self) -> Intervals:
        return (self.breaks,)

    def box(self, outside: float) -> np.ndarray:
        return np.array([self.breaks])

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        inside = (self.low <= x) & (x <= self.high)
        return np.where(inside, -math.log(self.high - self.low), -math.inf)

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return np.asarray(self.low + (self.high - self.low) * u)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.uniform(self.low, self.high, n)

    def reflected(self) -> "Uniform":
        return Uniform(-self.high, -self.low)


@dataclass(frozen=True)
class LineMixture:
    """p(x) = sum_m weights_m parts_m(x) on the line; parts with weight 0 are left out.

    Raises:
        ValueError: if the weights are no probability vector or not as many as the parts, or if a
            part has no density on the line.
    """

    weights: tuple[float, ...]
    parts: tuple["Normal | Uniform | LineMixture", ...]

    dimension = 1

    def __post_init__(self) -> None:
        weights = probabilities("weights", self.weights)
        numbers = f"{len(weights)} and {len(self.parts)}"
        alike = len(weights) == len(self.parts)
        require(alike, f"A mixture needs as many weights as parts: {numbers}.")
        for part in self.parts:
            known, kind = isinstance(part, LineDensity), type(part).__name__.lower()
            require(
                known, f"A mixture's parts must be normal, uniform or mixture, and one is {kind}."
            )
        used = weights > 0
        object.__setattr__(self, "weights", tuple(weights[used].tolist()))
        object.__setattr__(self, "parts", tuple(itertools.compress(self.parts, used)))

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple(sorted({x for part in self.parts for x in part.breaks}))

    @property
    def support(self) -> Intervals:
        joined: list[tuple[float, float]] = []
        for low, high in sorted(interval for part in self.parts for interval in part.support):
            if joined and low <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
            else:
                joined.append((low, high))
        return tuple(joined)

    @property
    def peaks(self) -> np.ndarray:
        return np.concatenate([part.peaks for part in self.parts])

    def box(self, outside: float) -> np.ndarray:
        return union([part.box(outside) for part in self.parts])

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        parts = zip(self.weights, self.parts, strict=True)
        logs = [math.log(w) + part.log_prob(x) for w, part in parts]
        return np.asarray(logsumexp(logs, axis=0))

    def cdf(self, x: np.ndarray) -> np.ndarray:
        parts = zip(self.weights, self.parts, strict=True)
        return np.asarray(np.minimum(sum(w * part.cdf(x) for w, part in parts), 1.0))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """By bisection between the least and the greatest of the parts' quantiles, to float64."""
        ends = np.stack([part.quantile(u) for part in self.parts])
        low, high = ends.min(axis=0), ends.max(axis=0)
        while True:
            middle = low / 2 + high / 2
            if not ((low < middle) & (middle < high)).any():
                return np.asarray(high)
            reached = self.cdf(middle) >= u
            low, high = np.where(reached, low, middle), np.where(reached, middle, high)

    def reflected(self) -> "LineMixture":
        return LineMixture(self.weights, tuple(part.reflected() for part in self.parts))

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        which = rng.choice(len(self.parts), n, p=self.weights)
        x = np.empty(n)
        for m, part in enumerate(self.parts):
            x[which == m] = part.sample(rng, int((which == m).sum()))
        return x


LineDensity = Normal | Uniform | LineMixture
OnLine = LineDensity | Discrete
Density = LineDensity | PlaneMixture
Distribution = OnLine | PlaneMixture


def from_modes(
    centres: ArrayLike, std: ArrayLike, weights: ArrayLike
) -> LineMixture | PlaneMixture:
    """The mixture of isotropic normals with these modes, as a data set's `modes()` gives them.

    Args:
        centres: (M, D), D = 1 or 2.
        std: the standard deviation of each mode along each axis, (M,).
        weights: the mass of each mode, (M,).

    Raises:
        ValueError: if there is no such mixture, or D is neither 1 nor 2.
    """
    places = np.asarray(centres, np.float64)
    widths, masses = (np.asarray(each, np.float64).tolist() for each in (std, weights))
    count, dimension = places.shape
    require(dimension in (1, 2), f"The centres must have 1 or 2 coordinates, and have {dimension}.")
    if dimension == 2:
        return PlaneMixture(tuple(map(tuple, places.tolist())), tuple(widths), tuple(masses))
    require(len(widths) == count, f"There must be a std for each of {count} modes.")
    return LineMixture(tuple(masses), tuple(map(Normal, places[:, 0].tolist(), widths)))
