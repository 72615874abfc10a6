"""The contract of a feature extractor, and the plainest one."""

from collections.abc import Hashable
from typing import Literal, NoReturn, Protocol

import numpy as np
from jaxtyping import Float

ExtractorName = Literal["pixels", "classifier"]

Features = Float[np.ndarray, "n features"]
Probabilities = Float[np.ndarray, "n classes"]


class Extractor(Hashable, Protocol):
    """A function from examples in the data's own scale, (N, *shape), to features (N, F).

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

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Features: ...

    def probabilities(self, examples: Float[np.ndarray, "n *shape"]) -> Probabilities:
        """The probability of each class, (N, classes), where it tells classes."""
        ...


class Pixels:
    """The values of an example themselves: pixels of an image, or coordinates of a point."""

    name: ExtractorName = "pixels"
    accuracy = None
    description = "the values themselves (pixels or coordinates)"

    def __call__(self, examples: Float[np.ndarray, "n *shape"]) -> Features:
        return examples.reshape(len(examples), -1)

    def probabilities(self, examples: Float[np.ndarray, "n *shape"]) -> NoReturn:
        raise NotImplementedError("pixels tell no classes")
