"""The contract of a feature extractor, and the plainest one."""

from collections.abc import Hashable
from typing import Literal, NamedTuple, Protocol

import numpy as np
from jaxtyping import Float

ExtractorName = Literal["pixels", "classifier"]


class Seen(NamedTuple):
    """What an extractor says of examples.

    features: numbers that describe each example.
    probabilities: the probability of each class; without columns where it tells no classes.
    """

    features: Float[np.ndarray, "n features"]
    probabilities: Float[np.ndarray, "n classes"]


class Extractor(Hashable, Protocol):
    """A function from examples in the data's own scale, (N, *shape), to their features.

    name: what a result names it by.
    accuracy: the share of test examples whose class it tells; None if it tells no classes.
    description: what it is, in words.
    """

    @property
    def name(self) -> ExtractorName: ...

    @property
    def accuracy(self) -> float | None: ...

    @property
    def description(self) -> str: ...

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Seen: ...


class Pixels:
    """The values of an example themselves: pixels of an image, or coordinates of a point."""

    name: ExtractorName = "pixels"
    accuracy = None
    description = "the values themselves (pixels or coordinates)"

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Seen:
        return Seen(examples.reshape(len(examples), -1), np.empty((len(examples), 0)))
