"""Spectral norm: every weight matrix of D divided by its largest singular value.

Power iteration finds the singular value, a little further at each update of D, since a matrix moves
little in one. It carries several vectors at once: a single one is left behind for a hundred updates
where another singular value becomes the largest, and is then wrong by up to a half.

Source: Miyato et al. 2018, "Spectral normalization for generative adversarial networks",
section 2.1 and Algorithm 1; Golub and Van Loan 2013, "Matrix computations", section 8.2.4
(orthogonal iteration).
"""

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Float

VECTORS = 16
"""The most singular vectors that are carried for a matrix."""

FIRST, LATER = 50, 4
"""The iterations at the start, from random vectors, and at an update of D.

In trainings of all three architectures the singular values were then right to 1e-3, except in the
first 8 updates of maxout on digits, in which its weights double: there, to 6e-3.
"""

Vectors = Float[Array, "short vectors"]
"""Orthonormal columns near the first singular vectors of a matrix, on its shorter side."""


def first_vectors(parameters: Any) -> Any:
    """The singular vectors of every weight matrix, with None in the place of other parameters.

    Args:
        parameters: a nested dict of arrays. Those with two axes or more are weights; a kernel
            (..., in, out) is the matrix of all its other axes by its outputs.
    """

    def start(w: jax.Array) -> jax.Array | None:
        if w.ndim < 2:
            return None
        matrix = _matrix(w)
        size = matrix.shape[1]
        drawn = jax.random.normal(jax.random.key(0), (size, min(size, VECTORS)))
        return _iterate(matrix, jnp.linalg.qr(drawn)[0], FIRST)

    return jax.tree.map(start, parameters)


def next_vectors(parameters: Any, vectors: Any) -> Any:
    """The singular vectors after an update of D; no gradient flows through them.

    Args:
        parameters: the parameters after the update.
        vectors: those from before it, from `first_vectors`; None stays None.
    """

    def follow(found: jax.Array | None, w: Any) -> jax.Array | None:
        return None if found is None else _iterate(*lax.stop_gradient((_matrix(w), found)), LATER)

    return jax.tree.map(follow, vectors, parameters, is_leaf=_is_none)


def normalised(parameters: Any, vectors: Any) -> Any:
    """The parameters with each weight W in the form W / s, where s = |W v| is its singular value.

    A gradient takes v for a constant. Since |W v| = u^T W v for the unit vector u along W v, it is
    the gradient for constant u and v, as in the paper. A matrix of zeros stays as it is, and so
    does whatever has None for vectors.
    """

    def divide(found: jax.Array | None, w: Any) -> Any:
        return w if found is None else w / singular_value(w, found)

    return jax.tree.map(divide, vectors, parameters, is_leaf=_is_none)


def singular_value(w: jax.Array, vectors: Vectors) -> jax.Array:
    """The largest singular value of a weight by its vectors, or 1 where the weight is 0."""
    squared = jnp.square(_product(_matrix(w), vectors[:, 0])).sum()
    return jnp.sqrt(jnp.where(squared == 0, 1.0, squared))


def _iterate(matrix: Float[Array, "long short"], vectors: Vectors, times: int) -> Vectors:
    """Orthogonal iteration with M^T M, which turns the vectors so that the first is the largest."""

    def once(_: jax.Array, v: jax.Array) -> jax.Array:
        moved = _product(matrix.T, _product(matrix, v))
        rotation = jnp.linalg.eigh(_product(v.T, moved))[1][:, ::-1]
        turned: jax.Array = jnp.linalg.qr(_product(moved, rotation))[0]
        return turned

    found: jax.Array = lax.fori_loop(0, times, once, vectors)
    return found


def _matrix(w: jax.Array) -> Float[Array, "long short"]:
    """A weight as a matrix with at least as many rows as columns."""
    matrix = w.reshape(-1, w.shape[-1])
    return matrix.T if matrix.shape[0] < matrix.shape[1] else matrix


def _product(a: jax.Array, b: jax.Array) -> jax.Array:
    """A product in full float32, which some devices round without being asked."""
    return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)


def _is_none(node: Any) -> bool:
    return node is None
