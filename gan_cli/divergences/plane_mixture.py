"""Mixtures of isotropic normal distributions in the plane."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtr, ndtri

from gan_cli.divergences.checks import check_finite, check_widths, probabilities, require


@dataclass(frozen=True)
class PlaneMixture:
    """p(x) = sum_m w_m N(x; c_m, s_m^2 I) for points x of the plane, such as ring and grid.

    centres: (M, 2).
    std: the standard deviation of each mode along each axis, (M,).
    weights: the mass of each mode, (M,).

    Raises:
        ValueError: if the shapes do not fit, a number is NaN or huge, a standard deviation is not
            above 0, 1e-50 and 1e-12 of its centre, or the weights are no probabilities.
    """

    centres: tuple[tuple[float, float], ...]
    std: tuple[float, ...]
    weights: tuple[float, ...]

    dimension = 2
    breaks = ()
    support = ((-math.inf, math.inf),)

    def __post_init__(self) -> None:
        weights = probabilities("weights", self.weights)
        centres, std = np.asarray(self.centres, np.float64), np.asarray(self.std, np.float64)
        count = len(weights)
        require(
            centres.shape == (count, 2) and std.shape == (count,),
            f"For {count} weights the centres must have shape ({count}, 2) and the standard "
            f"deviations ({count},); they have {centres.shape} and {std.shape}.",
        )
        check_finite(centres=centres, std=std)
        require(std.min() > 0, f"std must be above 0, and one is {std.min():g}.")
        check_widths("std", std, np.abs(centres).max(axis=1))
        used = weights > 0
        object.__setattr__(self, "centres", tuple(map(tuple, centres[used].tolist())))
        object.__setattr__(self, "std", tuple(std[used].tolist()))
        object.__setattr__(self, "weights", tuple(weights[used].tolist()))

    @property
    def peaks(self) -> np.ndarray:
        return np.column_stack([np.array(self.centres), np.array(self.std)])

    def box(self, outside: float) -> np.ndarray:
        reach = -ndtri(outside / 4) * np.array(self.std)[:, None]
        centres = np.array(self.centres)
        return np.stack([(centres - reach).min(axis=0), (centres + reach).max(axis=0)], axis=1)

    def log_prob(self, x: np.ndarray) -> np.ndarray:
        centres, std = np.array(self.centres), np.array(self.std)
        squared = sum((np.asarray(x)[:, None, axis] - centres[:, axis]) ** 2 for axis in (0, 1))
        log_scale = np.log(self.weights) - 2 * np.log(std) - math.log(2 * math.pi)
        exponents = log_scale - 0.5 * squared / std**2
        return np.asarray(logsumexp(exponents, axis=1))

    def cell_masses(self, x_edges: np.ndarray, y_edges: np.ndarray) -> np.ndarray:
        """The mass of each cell of a grid with these N + 1 and M + 1 edges, (N, M)."""
        along = [
            np.diff(
                ndtr((edges - np.array(self.centres)[:, axis, None]) / np.array(self.std)[:, None])
            )
            for axis, edges in enumerate((x_edges, y_edges))
        ]
        return np.asarray(np.einsum("m,mi,mj->ij", self.weights, *along))

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        which = rng.choice(len(self.weights), n, p=self.weights)
        return np.array(self.centres)[which] + np.array(self.std)[which, None] * rng.normal(
            size=(n, 2)
        )
