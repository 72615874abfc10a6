"""The centroids of k-means, a control that copies nothing and still scores well."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float

ROUNDS = 3
BLOCK = 500


def centroids(x: Float[Array, "n d"], count: int) -> Float[Array, "m d"]:
    """Centroids of points after three rounds of Lloyd's algorithm, from random points of a seed.

    A round is one product of all points with all centroids: for 50,000 images of 784 pixels and
    10,000 centroids it takes about ten seconds on two CPU cores.

    Args:
        x: points, (N, D).
        count: how many centroids; one that is nearest to no point stays where it is.

    Source: Lloyd 1982, "Least squares quantization in PCM".
    """
    centres = x[np.random.default_rng(0).permutation(len(x))[:count]]
    for _ in range(ROUNDS):
        centres = _moved(x, centres)
    return centres


@functools.partial(jax.jit, static_argnames="block")
def _moved(
    x: Float[Array, "n d"], centres: Float[Array, "m d"], block: int = BLOCK
) -> Float[Array, "m d"]:
    """Each centroid at the mean of the points that are nearest to it."""
    of_centres = jnp.sum(centres**2, axis=1)

    def rows(part: jax.Array) -> jax.Array:
        products = jnp.matmul(part, centres.T, precision=lax.Precision.HIGHEST)
        return jnp.argmin(of_centres[None] - 2 * products, axis=1)

    padded = jnp.pad(x, ((0, -len(x) % block), (0, 0))).reshape(-1, block, x.shape[1])
    nearest = lax.map(rows, padded).reshape(-1)[: len(x)]
    sums = jnp.zeros_like(centres).at[nearest].add(x)
    counts = jnp.zeros(len(centres)).at[nearest].add(1.0)[:, None]
    return jnp.where(counts > 0, sums / jnp.maximum(counts, 1), centres)
