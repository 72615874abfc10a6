"""The contract of a feature extractor, and the plainest one."""

from collections.abc import Hashable
from typing import Protocol

import numpy as np
from jaxtyping import Float

Features = Float[np.ndarray, "n features"]


class Extractor(Hashable, Protocol):
    """A function from examples in the data's own scale, (N, *shape), to features (N, F).

    name: what a result names it by.
    """

    name: str

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Features: ...


class Pixels:
    """The values of an example themselves: pixels of an image, or coordinates of a point."""

    name = "pixels"

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Features:
        return examples.reshape(len(examples), -1)
