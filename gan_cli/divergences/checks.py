"""Checks of the numbers that make up distributions, and of what is asked about them."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

SUM_TOLERANCE = 1e-6  # how far rounding to float32 may take a sum from one
GREATEST, LEAST = 1e50, 1e-50  # sizes whose squares and quotients float64 holds
FINEST = 1e-12  # the least width, as a part of its place, within which float64 tells points apart


def require(condition: object, problem: str) -> None:
    """Raises a ValueError that tells the problem, unless the condition holds."""
    if not condition:
        raise ValueError(problem)


def probabilities(name: str, values: ArrayLike) -> np.ndarray:
    """Checks a probability vector and divides it by its sum.

    Args:
        name: what the error calls the vector.
        values: (N,), N >= 1; finite, at least 0, with a sum of one to within 1e-6.

    Raises:
        ValueError: naming the vector and what is wrong with it.
    """
    vector = np.asarray(values, np.float64)
    require(vector.ndim == 1, f"{name} must be a vector, and has shape {vector.shape}.")
    require(vector.size, f"{name} is empty: it must have at least one probability.")
    require(np.isfinite(vector).all(), f"{name} must be finite, and holds NaN or infinity.")
    i, least, total = vector.argmin(), vector.min(), vector.sum()
    require(least >= 0, f"{name} must not be negative, and {name}[{i}] is {least:g}.")
    wrong = abs(total - 1) > SUM_TOLERANCE
    require(not wrong, f"The sum of {name} must be one, and is {total:.10g}.")
    return np.asarray(vector / total)


def check_finite(**numbers: Any) -> None:
    """Refuses NaN and what is too great to compute with, in numbers or arrays, by name."""
    for name, value in numbers.items():
        problem = f"{name} must be at most {GREATEST:g} in size, and is {value}."
        require((np.abs(value) <= GREATEST).all(), problem)


def check_widths(name: str, widths: ArrayLike, places: ArrayLike) -> None:
    """Refuses widths (M,) within which float64 does not tell points at the places (M,) apart."""
    for width, place in np.broadcast(widths, places):
        require(
            width >= max(LEAST, FINEST * abs(place)),
            f"{name} must be at least {LEAST:g}, and {FINEST:g} of where it is, and is {width:g} "
            f"at {place:g}.",
        )


def check_power(power: float) -> None:
    """Refuses an order r for which there is no Wasserstein distance."""
    require(1 <= power < math.inf, f"power must be a number of at least 1, and is {power:g}.")


def pair_of_samples(x: ArrayLike, y: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both samples as (N, D) and (M, D), checked."""
    x, y = _sample("x", x), _sample("y", y)
    require(
        x.shape[1] == y.shape[1],
        f"x and y must have as many coordinates: x has {x.shape[1]}, and y has {y.shape[1]}.",
    )
    return x, y


def _sample(name: str, values: ArrayLike) -> np.ndarray:
    sample = np.asarray(values, np.float64)
    if sample.ndim == 1:
        sample = sample[:, None]
    require(
        sample.ndim == 2 and sample.size,
        f"{name} must have shape (N, D) or (N,) with at least one sample, and has shape "
        f"{np.shape(values)}.",
    )
    require(np.isfinite(sample).all(), f"{name} must be finite, and holds NaN or infinity.")
    return sample
