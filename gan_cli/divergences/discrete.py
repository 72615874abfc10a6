"""Discrete distributions on the line."""

from dataclasses import dataclass

import numpy as np

from gan_cli.divergences.checks import check_finite, probabilities, require


@dataclass(frozen=True)
class Discrete:
    """Atoms on the line: probability i sits at point i; by default the points are 0, 1, 2, ...

    Raises:
        ValueError: if the probabilities are no probability vector, or if the points are not as many
            as they, different from one another and at most 1e50 in size.
    """

    probabilities: tuple[float, ...]
    points: tuple[float, ...] = ()

    dimension = 1
    peaks = np.empty((0, 2))

    def __post_init__(self) -> None:
        masses = probabilities("probabilities", self.probabilities)
        points = np.asarray(self.points or range(len(masses)), np.float64)
        require(
            len(points) == len(masses),
            f"There must be a point for each probability: {len(points)} points and {len(masses)} "
            "probabilities.",
        )
        check_finite(points=points)
        values, counts = np.unique(points, return_counts=True)
        most = values[counts.argmax()]
        require(counts.max() == 1, f"points must differ, and {most:g} is there twice.")
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

    def box(self, outside: float) -> np.ndarray:
        return self.atoms[0][None, [0, -1]]

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
