"""Distances between the vectors that a critic of several outputs gives for data and for samples."""

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array
from jaxtyping import Float

from gan_cli.objectives.base import Outputs, Scalar

Vectors = Float[Array, "n features"]
Pairs = Float[Array, "n m"]


def as_vectors(outputs: Outputs) -> Vectors:
    """D's outputs as (N, outputs), also where D has one."""
    return outputs.reshape(len(outputs), -1)


def norms(vectors: Vectors) -> Float[Array, "n"]:
    """The length of each vector."""
    return root(jnp.square(vectors).sum(axis=1))


def root(squares: Array) -> Array:
    """The square root; at 0, where it has no derivative, that is taken as 0."""
    none = squares == 0.0
    return jnp.where(none, 0.0, jnp.sqrt(jnp.where(none, 1.0, squares)))


def squared_distances(x: Vectors, y: Vectors) -> Pairs:
    """|x_i - y_j|^2 of all pairs, after moving the mean of y to zero, which keeps the digits."""
    centre = y.mean(axis=0, keepdims=True)
    x, y = x - centre, y - centre
    squares = jnp.square(x).sum(axis=1)[:, None] + jnp.square(y).sum(axis=1)[None]
    return jnp.maximum(squares - 2.0 * x @ y.T, 0.0)


def discrepancy(kernel: Callable[[Pairs], Pairs], real: Outputs, fake: Outputs) -> Scalar:
    """E k(x, x') - 2 E k(x, y) + E k(y, y'), unbiased: no example is paired with itself.

    Args:
        kernel: k of squared distances; a constant that is added to it changes nothing, so it should
            be 0 at 0, which keeps the digits of small distances.
        real: D's outputs x on data.
        fake: D's outputs y on samples.

    Source: Gretton et al. 2012, "A kernel two-sample test", equation 3.
    """
    x, y = as_vectors(real), as_vectors(fake)
    between = kernel(squared_distances(x, y)).mean()
    return _within(kernel, x) + _within(kernel, y) - 2.0 * between


def told_right(kernel: Callable[[Pairs], Pairs], real: Outputs, fake: Outputs) -> Float[Array, "n"]:
    """Whether each example of data, then each sample, is more alike the others of its own side.

    E k(z, x) > E k(z, y) for data x and samples y, where z is not paired with itself.
    """
    x, y = as_vectors(real), as_vectors(fake)
    between = kernel(squared_distances(x, y))
    of_real = _others(kernel, x) > between.mean(axis=1)
    of_fake = _others(kernel, y) >= between.mean(axis=0)
    return jnp.concatenate([of_real, of_fake])


def _within(kernel: Callable[[Pairs], Pairs], x: Vectors) -> Scalar:
    return _others(kernel, x).mean()


def _others(kernel: Callable[[Pairs], Pairs], x: Vectors) -> Float[Array, "n"]:
    """The mean of k of each vector and the others; k(0) is taken for 0."""
    values = jnp.where(jnp.eye(len(x), dtype=bool), 0.0, kernel(squared_distances(x, x)))
    return values.sum(axis=1) / max(len(x) - 1, 1)
