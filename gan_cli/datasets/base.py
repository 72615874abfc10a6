"""The contract of a data set: finite examples on the host, or a distribution to draw from."""

from typing import Literal, NamedTuple

import jax
import numpy as np

from gan_cli.component import Component

SplitName = Literal["train", "validation", "test"]


class Split(NamedTuple):
    """A part of a finite data set.

    examples: (N, *shape), uint8 levels or float32 values.
    labels: (N,) integers, or None.
    """

    examples: np.ndarray
    labels: np.ndarray | None = None


class Modes(NamedTuple):
    """The components of a mixture of isotropic normals: centres (M, D), std (M,), weights (M,)."""

    centres: np.ndarray
    std: np.ndarray
    weights: np.ndarray


class Dataset(Component):
    """What is to be imitated. Images are (height, width, channels) in [-1, 1]; points are (D,)."""

    group = "dataset"

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example.

        Raises:
            DataError: if it has to be read from a file that is missing or damaged.
        """
        raise NotImplementedError


class FiniteDataset(Dataset):
    """A data set with a fixed number of examples."""

    @property
    def levels(self) -> int | None:
        """The stored value of +1, where 0 is -1; None where values stand as they are."""
        return 255

    def split(self, name: SplitName) -> Split:
        """Reads one part of the data set as host arrays (memory-mapped where they are large).

        Raises:
            DataError: if a file is missing, damaged or cannot be fetched.
        """
        raise NotImplementedError


class SyntheticDataset(Dataset):
    """A distribution that can be drawn from without end and whose density is known."""

    def sample(self, key: jax.Array, n: int) -> jax.Array:
        """Draws n independent examples, (n, *shape)."""
        raise NotImplementedError

    def log_prob(self, x: jax.Array) -> jax.Array:
        """The log density in nats of points x (N, *shape), as (N,)."""
        raise NotImplementedError
