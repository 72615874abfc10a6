"""Distances between many points, computed block by block to spare memory."""

import numpy as np
from jaxtyping import Float

Vectors = Float[np.ndarray, "n features"]

BLOCK = 1000


def squared(x: Vectors, y: Vectors) -> Float[np.ndarray, "n m"]:
    """The squared Euclidean distances of x (N, D) to y (M, D), (N, M).

    |x - y|^2 = |x|^2 - 2 x.y + |y|^2, after moving the mean of y to zero, which keeps the digits.
    """
    centre = y.mean(axis=0)
    x, y = x - centre, y - centre
    of_y = (y**2).sum(axis=1)
    found = np.empty((len(x), len(y)))
    for begin in range(0, len(x), BLOCK):
        rows = slice(begin, begin + BLOCK)
        found[rows] = (x[rows] ** 2).sum(axis=1)[:, None] - 2 * x[rows] @ y.T + of_y
    return np.maximum(found, 0, out=found)


def nearest(x: Vectors, y: Vectors) -> Float[np.ndarray, "n"]:
    """The distance of each point of x to the nearest point of y, (N,).

    The nearest point is found in 32 bits, which may mistake one of two that are equally near but
    for rounding. The distance to it is then computed in 64 bits, and is 0 for a copy.
    """
    centre = y.mean(axis=0)
    near, far = (np.subtract(part, centre, dtype=np.float32) for part in (x, y))
    half_squares = (far**2).sum(axis=1) / 2
    found = []
    for begin in range(0, len(x), BLOCK):
        rows = slice(begin, begin + BLOCK)
        products = near[rows] @ far.T
        products -= half_squares
        closest = y[products.argmax(axis=1)]
        found.append(np.linalg.norm(np.subtract(x[rows], closest, dtype=np.float64), axis=1))
    return np.concatenate(found)


def radii(distances: Float[np.ndarray, "n n"], k: int) -> Float[np.ndarray, "n"]:
    """The distance of each point to its k-th nearest other point, from those of all pairs.

    Of at most k points it is the farthest. Squared distances give squared radii.
    """
    last = min(k, len(distances) - 1)
    return np.asarray(np.partition(distances, last, axis=1)[:, last])
