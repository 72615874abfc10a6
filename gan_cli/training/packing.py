"""Packs: several examples as one, so that D compares groups of data with groups of samples.

D then sees that the samples of a collapsed G are all alike, which no single sample shows.

Source: Lin et al. 2018, "PacGAN: the power of two samples in generative adversarial networks".
"""

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec


def pack(x: jax.Array, m: int) -> jax.Array:
    """Examples in packs of m, joined along their last axis: the coordinates, or the channels.

    Args:
        x: examples, (N, ..., C), where m divides N; a pack takes m that follow one another.
        m: the number of examples in a pack.

    Returns:
        (N / m, ..., m C), whose last axis holds the first example of a pack, then the second.
    """
    if m == 1:
        return x
    packs = jnp.moveaxis(x.reshape(-1, m, *x.shape[1:]), 1, -2)
    return packs.reshape(*packs.shape[:-2], -1)


def packed(data: DataSpec, m: int) -> DataSpec:
    """The shape and the mean of packs of m examples."""
    *sides, last = data.shape
    mean = data.mean
    if mean is not None:
        example = np.reshape(np.asarray(mean), data.shape)
        mean = tuple(np.concatenate([example] * m, axis=-1).ravel().tolist())
    return DataSpec((*sides, m * last), mean)
