"""Known distributions: their densities, distribution functions and samples.

Those on the line take and give arrays of any shape; PlaneMixture has points (N, 2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from gan_cli.divergences.checks import check_finite, check_widths, probabilities
from gan_cli.divergences.plane_mixture import PlaneMixture

Intervals = tuple[tuple[float, float], ...]

LINE: Intervals = ((-math.inf, math.inf),)


@dataclass(frozen=True)
class Normal:
    """The normal distribution N(mean, std^2) on the line.

    Raises:
        ValueError: if a number is NaN or above 1e50 in size, or std is not above 0, 1e-50 and 1e-12
            of the mean.
    """

    mean: float
    std: float

    dimension = 1
    breaks = ()
    support = LINE

    def __post_init__(self) -> None:
        check_finite(mean=self.mean, std=self.std)
        if self.std <= 0:
            raise ValueError(f"std must be above 0, and is {self.std:g}.")
        check_widths("std", self.std, self.mean)

    @property
    def peaks(self) -> np.ndarray:
        return np.array([[self.mean, self.std]])

    def box(self, outside: float) -> np.ndarray:
        return np.asarray(self.mean + self.std * ndtri(outside / 2) * np.array([[1.0, -1.0]]))

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        z = (np.asarray(x, np.float64) - self.mean) / self.std
        return np.asarray(-0.5 * z**2 - math.log(self.std) - 0.5 * math.log(2 * math.pi))

    def cdf(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(ndtr((np.asarray(x, np.float64) - self.mean) / self.std))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return np.asarray(self.mean + self.std * ndtri(u))

    def reflected(self) -> "Normal":
        return Normal(-self.mean, self.std)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.normal(self.mean, self.std, n)


@dataclass(frozen=True)
class Uniform:
    """The uniform distribution on [low, high].

    Raises:
        ValueError: if a number is NaN or above 1e50 in size, or low is not below high, by
            1e-50 and 1e-12 of their size.
    """

    low: float
    high: float

    dimension = 1

    def __post_init__(self) -> None:
        check_finite(low=self.low, high=self.high)
        if self.low >= self.high:
            raise ValueError(f"low must be below high; they are {self.low:g} and {self.high:g}.")
        check_widths("high - low", self.high - self.low, max(self.low, self.high, key=abs))

    @property
    def breaks(self) -> tuple[float, ...]:
        return (self.low, self.high)

    @property
    def support(self) -> Intervals:
        return ((self.low, self.high),)

    @property
    def peaks(self) -> np.ndarray:
        return np.empty((0, 2))

    def box(self, outside: float) -> np.ndarray:
        return np.array([[self.low, self.high]])

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        x = np.asarray(x, np.float64)
        inside = (self.low <= x) & (x <= self.high)
        return np.where(inside, -math.log(self.high - self.low), -math.inf)

    def cdf(self, x: np.ndarray) -> np.ndarray:
        inside = np.clip(np.asarray(x, np.float64), self.low, self.high)
        return (inside - self.low) / (self.high - self.low)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        return self.low + (self.high - self.low) * np.asarray(u, np.float64)

    def reflected(self) -> "Uniform":
        return Uniform(-self.high, -self.low)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.uniform(self.low, self.high, n)


@dataclass(frozen=True)
class Mixture:
    """p(x) = sum_m weights_m parts_m(x) on the line; parts of weight 0 are left out.

    Raises:
        ValueError: if the weights are no probabilities, are not as many as the parts, or a part has
            no density on the line.
    """

    weights: tuple[float, ...]
    parts: tuple["Normal | Uniform | Mixture", ...]

    dimension = 1

    def __post_init__(self) -> None:
        weights = probabilities("weights", self.weights)
        if len(weights) != len(self.parts):
            raise ValueError(
                f"A mixture needs as many weights as parts: {len(weights)} and {len(self.parts)}."
            )
        known = ("Normal", "Uniform", "Mixture")
        for kind in (type(part).__name__ for part in self.parts):
            if kind not in known:
                raise ValueError(
                    f"A mixture's parts must be normal, uniform or mixture, and one is "
                    f"{kind.lower()}."
                )
        used = [m for m, weight in enumerate(weights) if weight > 0]
        object.__setattr__(self, "weights", tuple(float(weights[m]) for m in used))
        object.__setattr__(self, "parts", tuple(self.parts[m] for m in used))

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
        boxes = np.stack([part.box(outside) for part in self.parts])
        return np.stack([boxes[..., 0].min(axis=0), boxes[..., 1].max(axis=0)], axis=1)

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        parts = zip(self.weights, self.parts, strict=True)
        logs = [math.log(w) + part.log_prob(x) for w, part in parts]
        return np.asarray(np.logaddexp.reduce(logs))

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

    def reflected(self) -> "Mixture":
        return Mixture(self.weights, tuple(part.reflected() for part in self.parts))

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        which = rng.choice(len(self.parts), n, p=self.weights)
        x = np.empty(n)
        for m, part in enumerate(self.parts):
            x[which == m] = part.sample(rng, int((which == m).sum()))
        return x


@dataclass(frozen=True)
class Discrete:
    """Atoms on the line: probability i sits at point i; by default the points are 0, 1, 2, ...

    Raises:
        ValueError: if the probabilities are none, or the points are not as many, different from one
            another and at most 1e50 in size.
    """

    probabilities: tuple[float, ...]
    points: tuple[float, ...] = ()

    dimension = 1

    def __post_init__(self) -> None:
        masses = probabilities("probabilities", self.probabilities)
        points = np.asarray(self.points or range(len(masses)), np.float64)
        if len(points) != len(masses):
            raise ValueError(
                f"There must be a point for each probability: {len(points)} points and "
                f"{len(masses)} probabilities."
            )
        check_finite(points=points)
        values, counts = np.unique(points, return_counts=True)
        if counts.max() > 1:
            raise ValueError(f"points must differ, and {values[counts.argmax()]:g} is there twice.")
        object.__setattr__(self, "probabilities", tuple(masses.tolist()))
        object.__setattr__(self, "points", tuple(points.tolist()))

    @property
    def atoms(self) -> tuple[np.ndarray, np.ndarray]:
        """The points that have mass, increasing, and their masses."""
        order = np.argsort(self.points)
        points, masses = np.array(self.points)[order], np.array(self.probabilities)[order]
        return points[masses > 0], masses[masses > 0]

    @property
    def breaks(self) -> tuple[float, ...]:
        return tuple(self.atoms[0].tolist())

    @property
    def peaks(self) -> np.ndarray:
        return np.empty((0, 2))

    def box(self, outside: float) -> np.ndarray:
        points = self.atoms[0]
        return np.array([[points[0], points[-1]]])

    def cdf(self, x: np.ndarray) -> np.ndarray:
        points, masses = self.atoms
        upto = np.concatenate([[0.0], np.cumsum(masses)])
        return np.asarray((upto / upto[-1])[np.searchsorted(points, x, side="right")])

    def quantile(self, u: np.ndarray) -> np.ndarray:
        points, masses = self.atoms
        upto = np.cumsum(masses)
        return points[np.searchsorted(upto[:-1] / upto[-1], u)]

    def reflected(self) -> "Discrete":
        return Discrete(self.probabilities, tuple(-x for x in self.points))

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        points, masses = self.atoms
        return np.asarray(rng.choice(points, n, p=masses / masses.sum()))


OnLine = Normal | Uniform | Mixture | Discrete
Distribution = OnLine | PlaneMixture


def from_modes(centres: ArrayLike, std: ArrayLike, weights: ArrayLike) -> Mixture | PlaneMixture:
    """The mixture of isotropic normals with these modes, as a data set's `modes()` gives them.

    Args:
        centres: (M, D), D = 1 or 2.
        std: the standard deviation of each mode along each axis, (M,).
        weights: the mass of each mode, (M,).

    Raises:
        ValueError: if there is no such mixture, or D is neither 1 nor 2.
    """
    places: list[Sequence[float]] = np.asarray(centres, np.float64).tolist()
    widths: list[float] = np.asarray(std, np.float64).tolist()
    masses: tuple[float, ...] = tuple(np.asarray(weights, np.float64).tolist())
    dimension = np.shape(centres)[-1]
    if dimension == 1:
        parts = [Normal(place[0], width) for place, width in zip(places, widths, strict=True)]
        return Mixture(masses, tuple(parts))
    if dimension == 2:
        return PlaneMixture(tuple((x, y) for x, y in places), tuple(widths), masses)
    raise ValueError(f"The centres must have 1 or 2 coordinates, and have {dimension}.")
