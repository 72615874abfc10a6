"""Normal distributions in D dimensions: their Wasserstein-2 distance and optimal map, exactly."""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from gan_cli.divergences.checks import check_finite, require
from gan_cli.divergences.quadrature import Estimate

ANGLES = 4096  # of the directions in the plane
DIRECTIONS = 200_000  # random ones in more dimensions
NARROWEST = 1e-10  # the least variance in any direction, as a part of the greatest
ROUNDING = 1e-14  # relative: what float64 loses in the roots of covariances


@dataclass(frozen=True)
class Gaussian:
    """The normal distribution N(mean, covariance) in D dimensions.

    Raises:
        ValueError: if a number is NaN or above 1e50 in size, or the covariance is not (D, D),
            symmetric and positive definite.
    """

    mean: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        d, rows = len(self.mean), [len(row) for row in self.covariance]
        square = f"The covariance must have {d} rows of {d} numbers, as many as the mean has."
        require(d > 0, "The mean must have at least one number.")
        require(rows == [d] * d, square)
        check_finite(mean=np.array(self.mean), covariance=self.matrix)
        skew = np.abs(self.matrix - self.matrix.T).max()
        require(skew <= 1e-12 * np.abs(self.matrix).max(), "The covariance must be symmetric.")
        variances = np.linalg.eigvalsh(self.matrix)
        wide = variances[0] > NARROWEST * variances[-1]
        least = f"its variance is {variances[0]:.3g} in one direction"
        require(wide, f"The covariance must be positive definite, and {least}.")

    @property
    def dimension(self) -> int:
        return len(self.mean)

    @property
    def centre(self) -> np.ndarray:
        """The mean, (D,)."""
        return np.array(self.mean, np.float64)

    @property
    def matrix(self) -> np.ndarray:
        """The covariance, (D, D)."""
        return np.array(self.covariance, np.float64)

    def sample(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """n draws, (n, D)."""
        return np.asarray(self.centre + rng.normal(size=(n, self.dimension)) @ root(self.matrix))


class AffineMap(NamedTuple):
    """x -> to + matrix (x - start), for points x (N, D)."""

    start: np.ndarray
    to: np.ndarray
    matrix: np.ndarray

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.asarray(self.to + (x - self.start) @ self.matrix.T)


def root(covariance: np.ndarray, power: float = 0.5) -> np.ndarray:
    """The symmetric root of a positive definite matrix (D, D), or another power of it."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.maximum(values, 0.0) ** power) @ vectors.T)


def optimal_map(p: Gaussian, q: Gaussian) -> AffineMap:
    """The map that moves p onto q at the least cost E|T(x) - x|^2.

    T(x) = m_q + A (x - m_p) with A = P^(-1/2) (P^(1/2) Q P^(1/2))^(1/2) P^(-1/2), which is the only
    symmetric positive definite matrix for which A P A = Q; P and Q are the covariances.

    Args:
        p: where mass comes from.
        q: where it goes, of the same dimension.

    Source: Olkin and Pukelsheim 1982, "The distance between two random vectors with given
        dispersion matrices"; Peyré and Cuturi 2019, "Computational Optimal Transport", remark 2.31.
    """
    _check(p, q)
    half, back = root(p.matrix), root(p.matrix, -0.5)
    return AffineMap(p.centre, q.centre, back @ root(half @ q.matrix @ half) @ back)


def wasserstein_2_squared(p: Gaussian, q: Gaussian) -> Estimate:
    """The squared Wasserstein-2 distance, |m_p - m_q|^2 + tr(P + Q - 2 (P^(1/2) Q P^(1/2))^(1/2)).

    Args and source: as for `optimal_map`.
    """
    _check(p, q)
    half = root(p.matrix)
    shift = float(((p.centre - q.centre) ** 2).sum())
    traces = float(np.trace(p.matrix) + np.trace(q.matrix))
    cross = float(np.trace(root(half @ q.matrix @ half)))
    return Estimate(max(0.0, shift + traces - 2 * cross), ROUNDING * (shift + traces))


def sliced_wasserstein_2_squared(p: Gaussian, q: Gaussian) -> Estimate:
    """The mean over directions u of the squared W_2 of u.x and u.y; |m|^2 / D for a shift by m.

    Along u both are normal: the square is (u.(m_p - m_q))^2 + (s_p(u) - s_q(u))^2 with the standard
    deviations s(u)^2 = u'Cu. The mean is exact on the line, a sum over angles in the plane that
    converges exponentially, and of random directions, with its standard error, beyond.

    Args: as for `optimal_map`.

    Source: Bonneel et al. 2015, "Sliced and Radon Wasserstein barycenters of measures", section 3.
    """
    _check(p, q)
    d = p.dimension
    if d == 1:
        u = np.ones((1, 1))
    elif d == 2:
        angles = np.pi * np.arange(ANGLES) / ANGLES
        u = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    else:
        u = np.random.default_rng(0).normal(size=(DIRECTIONS, d))
        u /= np.linalg.norm(u, axis=1, keepdims=True)
    spread = [np.sqrt(np.einsum("ni,ij,nj->n", u, each.matrix, u)) for each in (p, q)]
    squares = (u @ (p.centre - q.centre)) ** 2 + (spread[0] - spread[1]) ** 2
    error = 3 * float(squares.std()) / math.sqrt(len(u)) if d > 2 else 0.0
    value = float(squares.mean())
    return Estimate(value, error + ROUNDING * (1 + value))


def _check(p: Gaussian, q: Gaussian) -> None:
    alike = p.dimension == q.dimension
    numbers = f"p has {p.dimension}, and q has {q.dimension}"
    require(alike, f"p and q must have as many coordinates: {numbers}.")
