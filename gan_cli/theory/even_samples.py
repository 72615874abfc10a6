"""Samples of a known distribution that are spread evenly, so that their means have little noise.

The multiples of numbers that no fraction comes near, modulo 1, fill the unit cube evenly in every
stretch of them. Each is made a sample: its last coordinate picks the part of a mixture, the others
are the sample's quantiles within that part. Since the multiples begin anywhere in the cube, each
sample by itself is distributed as any other sample is.

Source: Weyl 1916; Cranley and Patterson 1976, "Randomization of number theoretic methods for
multiple integration" (the random beginning).
"""

import numpy as np
from scipy.special import ndtri

from gan_cli.divergences import LineMixture, PlaneMixture
from gan_cli.divergences.distributions import Density

EDGE = 2.0**-40  # the points keep this distance from the faces of the cube, where quantiles end


class EvenSamples:
    """An endless sequence of samples of one distribution."""

    def __init__(self, distribution: Density, rng: np.random.Generator) -> None:
        """Chooses where the sequence begins.

        Args:
            distribution: what to sample, of dimension D.
            rng: draws the beginning.
        """
        self._distribution = distribution
        self._steps = steps(distribution.dimension + 1)
        self._begin = rng.random(distribution.dimension + 1)
        self._drawn = 0

    def __call__(self, n: int) -> np.ndarray:
        """The next n samples, (n, D)."""
        numbers = np.arange(self._drawn, self._drawn + n)[:, None]
        self._drawn += n
        u = (self._begin + numbers * self._steps) % 1.0
        return placed(self._distribution, np.clip(u, EDGE, 1 - EDGE)).reshape(n, -1)


def steps(coordinates: int) -> np.ndarray:
    """The numbers whose multiples fill the cube: the powers of 1 / g, where g^(C + 1) = g + 1.

    Args:
        coordinates: how many the cube has, C. For one, g is the golden ratio.
    """
    g = 2.0
    for _ in range(64):
        g = (1 + g) ** (1 / (coordinates + 1))
    return np.asarray(g ** -np.arange(1.0, coordinates + 1))


def placed(distribution: Density, u: np.ndarray) -> np.ndarray:
    """The samples of a distribution that belong to points of the unit cube.

    Args:
        distribution: of dimension D.
        u: the points, (N, D + 1); the last coordinate picks a part of a mixture.

    Returns:
        The samples, (N,) on the line and (N, 2) in the plane.
    """
    if not isinstance(distribution, LineMixture | PlaneMixture):
        return distribution.quantile(u[:, 0])
    upto = np.cumsum(distribution.weights)
    part = np.minimum(np.searchsorted(upto, u[:, -1], side="right"), len(upto) - 1)
    if isinstance(distribution, PlaneMixture):
        std = np.array(distribution.std)[part, None]
        return np.asarray(np.array(distribution.centres)[part] + std * ndtri(u[:, :-1]))
    x = np.empty(len(u))
    for number, each in enumerate(distribution.parts):
        chosen = part == number
        within = (u[chosen, -1] - upto[number]) / distribution.weights[number] + 1
        inner = np.column_stack([u[chosen, :-1], np.clip(within, EDGE, 1 - EDGE)])
        x[chosen] = placed(each, inner)
    return x
