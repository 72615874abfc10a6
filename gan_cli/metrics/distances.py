"""Distances between many points, computed block by block to spare memory."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float

Vectors = Float[np.ndarray, "n features"]

BLOCK = 1000


def blocks(x: Vectors, y: Vectors) -> Iterator[tuple[slice, Float[np.ndarray, "block m"]]]:
    """The squared Euclidean distances of x (N, D) to y (M, D), at most BLOCK rows at a time.

    |x - y|^2 = |x|^2 - 2 x.y + |y|^2, after moving the mean of y to zero, which keeps the digits.
    """
    centre = y.mean(axis=0)
    x, y = x - centre, y - centre
    of_y = (y**2).sum(axis=1)
    for begin in range(0, len(x), BLOCK):
        rows = slice(begin, min(begin + BLOCK, len(x)))
        found = (x[rows] ** 2).sum(axis=1)[:, None] - 2 * x[rows] @ y.T + of_y
        yield rows, np.maximum(found, 0)


def squared(x: Vectors, y: Vectors) -> Float[np.ndarray, "n m"]:
    """The squared Euclidean distances of x (N, D) to y (M, D), (N, M)."""
    return np.concatenate([part for _, part in blocks(x, y)])


def nearest(x: Vectors, y: Vectors) -> Float[np.ndarray, "n"]:
    """The distance of each point of x to the nearest point of y, (N,)."""
    found = [part.min(axis=1) for _, part in blocks(x, y)]
    return np.asarray(np.sqrt(np.concatenate(found)))


def radii(distances: Float[np.ndarray, "n n"], k: int) -> Float[np.ndarray, "n"]:
    """The distance of each point to its k-th nearest other point, from those of all pairs.

    Of at most k points it is the farthest. Squared distances give squared radii.
    """
    last = min(k, len(distances) - 1)
    return np.asarray(np.partition(distances, last, axis=1)[:, last])
