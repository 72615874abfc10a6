"""The contract of a data set: finite examples on the host, or a distribution to draw from."""

from typing import Literal, NamedTuple

import jax
import numpy as np
from jaxtyping import Float, Float32, Int, Key, UInt8

from gan_cli.component import Component

SplitName = Literal["train", "validation", "test"]


class Split(NamedTuple):
    """A part of a finite data set.

    examples: the examples, (N, *shape), as uint8 levels or float32 values.
    labels: one integer for each example, (N,), or None.
    """

    examples: UInt8[np.ndarray, "n *shape"] | Float32[np.ndarray, "n *shape"]
    labels: Int[np.ndarray, "n"] | None = None


class Modes(NamedTuple):
    """The components of a mixture of isotropic normal distributions.

    centres: the mean of each mode, (M, D).
    std: the standard deviation of each mode along each axis, (M,).
    weights: the mass of each mode, (M,); the masses sum to one.
    """

    centres: Float[np.ndarray, "modes dimensions"]
    std: Float[np.ndarray, "modes"]
    weights: Float[np.ndarray, "modes"]


class Dataset(Component):
    """What G learns to imitate: images (height, width, channels) in [-1, 1], or points (D,)."""

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
        """The stored value that stands for +1, where 0 stands for -1; None for stored floats."""
        return 255

    @property
    def classes(self) -> int | None:
        """The number of classes, where labels 0, 1, ... tell them apart; None without labels."""
        return None

    @property
    def left_out(self) -> str:
        """What of the user's own files is no example, and why; empty where there is nothing."""
        return ""

    def manifest(self) -> str | None:
        """A hash of what the system knows of the user's own files; None where there are none.

        Equal for files that have the names, sizes, times of change and inodes that they had.

        Raises:
            DataError: if a file cannot be read.
        """
        return None

    def split(self, name: SplitName) -> Split:
        """Reads one part of the data set as host arrays (memory-mapped where they are large).

        Raises:
            DataError: if a file is missing, damaged or cannot be fetched.
        """
        raise NotImplementedError


class SyntheticDataset(Dataset):
    """A distribution with known density, from which any number of examples can be drawn."""

    def sample(self, key: Key[jax.Array, ""], n: int) -> Float[jax.Array, "n *shape"]:
        """Draws n independent examples."""
        raise NotImplementedError

    def log_prob(self, x: Float[jax.Array, "n *shape"]) -> Float[jax.Array, "n"]:
        """The log density at each point, in nats."""
        raise NotImplementedError


def scaled(examples: np.ndarray, levels: int | None) -> Float32[np.ndarray, "n *shape"]:
    """Stored examples in the data's own scale: images in [-1, 1], points as they are."""
    values = np.asarray(examples, np.float32)
    return values if levels is None else values * np.float32(2 / levels) - 1
