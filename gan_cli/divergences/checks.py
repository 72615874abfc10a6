"""Checks of the numbers that make up distributions, and of what is asked about them."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

SUM_TOLERANCE = 1e-6  # what float32 leaves of a sum of one; what is accepted is then normalised
GREATEST, LEAST = 1e50, 1e-50  # of places and widths: float64 holds their squares and quotients
FINEST = 1e-12  # of a width beside its place: float64 still tells points within it apart


def probabilities(name: str, values: ArrayLike) -> np.ndarray:
    """Checks a probability vector and divides it by its sum.

    Args:
        name: what the error calls it.
        values: (N,), N >= 1; finite, at least 0, with a sum of one to within 1e-6.

    Raises:
        ValueError: naming it and what is wrong with it.
    """
    vector = np.asarray(values, np.float64)
    if vector.ndim != 1:
        raise ValueError(f"{name} must be a vector, and has shape {vector.shape}.")
    if not vector.size:
        raise ValueError(f"{name} is empty: it must have at least one probability.")
    if not np.isfinite(vector).all():
        raise ValueError(f"{name} must be finite, and holds NaN or infinity.")
    if vector.min() < 0:
        where = int(vector.argmin())
        raise ValueError(f"{name} must not be negative, and {name}[{where}] is {vector[where]:g}.")
    total = float(vector.sum())
    if abs(total - 1) > SUM_TOLERANCE:
        raise ValueError(f"The sum of {name} must be one, and is {total:.10g}.")
    return vector / total


def check_finite(**numbers: Any) -> None:
    """Refuses NaN and what is too great to compute with, in numbers or arrays, by name."""
    for name, value in numbers.items():
        if not (np.abs(value) <= GREATEST).all():
            raise ValueError(f"{name} must be at most {GREATEST:g} in size, and is {value}.")


def check_widths(name: str, widths: ArrayLike, places: ArrayLike) -> None:
    """Refuses widths (M,) within which float64 does not tell points at the places (M,) apart."""
    for width, place in np.broadcast(widths, places):
        if width < max(LEAST, FINEST * abs(place)):
            raise ValueError(
                f"{name} must be at least {LEAST:g}, and {FINEST:g} of where it is, and is "
                f"{width:g} at {place:g}."
            )


def check_points(points: int) -> None:
    """Refuses a number of points to gather a distribution in that is below 1."""
    if not points >= 1:
        raise ValueError(f"points must be at least 1, and is {points}.")


def check_power(power: float) -> None:
    """Refuses an order r of a Wasserstein distance below 1, for which it is none."""
    if not 1 <= power < math.inf:
        raise ValueError(f"power must be a number of at least 1, and is {power:g}.")
