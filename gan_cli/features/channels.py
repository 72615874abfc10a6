"""The classifier of MNIST on each channel of stacked MNIST."""

import dataclasses

import numpy as np
from jaxtyping import Float

from gan_cli.features.base import ExtractorName, Seen
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

    def __call__(self, examples: Float[np.ndarray, "n h w 3"]) -> Seen:
        """The features of the three channels side by side, and the probability of each number.

        That of a number with three digits is the product of those of its digits.
        """
        seen = [self.digits(examples[..., channel, None]) for channel in range(3)]
        red, green, blue = (each.probabilities for each in seen)
        pairs = red[:, :, None] * green[:, None, :]
        products = pairs[..., None] * blue[:, None, None, :]
        features = np.concatenate([each.features for each in seen], axis=1)
        return Seen(features, products.reshape(len(examples), -1))
