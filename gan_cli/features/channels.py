"""The classifier of MNIST on each channel of stacked MNIST."""

import dataclasses

import numpy as np
from jaxtyping import Float

from gan_cli.features.base import ExtractorName, Features, Probabilities
from gan_cli.features.classifier import Classifier


@dataclasses.dataclass(frozen=True, eq=False)
class Channels:
    """A classifier of grey images, which looks at the three channels of an image one by one.

    digits: the classifier.
    """

    digits: Classifier
    name: ExtractorName = "classifier"

    @property
    def accuracy(self) -> float:
        return self.digits.accuracy

    @property
    def description(self) -> str:
        return f"for each channel, {self.digits.description}"

    def __call__(self, examples: Float[np.ndarray, "n h w 3"]) -> Features:
        """The features of the three channels, side by side."""
        return np.concatenate([self.digits(x) for x in _channels(examples)], axis=1)

    def probabilities(self, examples: Float[np.ndarray, "n h w 3"]) -> Probabilities:
        """The probability of each number with three digits: the product of those of its digits."""
        red, green, blue = (self.digits.probabilities(x) for x in _channels(examples))
        pairs = red[:, :, None] * green[:, None, :]
        products: np.ndarray = pairs[..., None] * blue[:, None, None, :]
        return products.reshape(len(examples), -1)


def _channels(examples: np.ndarray) -> list[np.ndarray]:
    return [examples[..., i : i + 1] for i in range(examples.shape[-1])]
