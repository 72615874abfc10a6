"""Stacked MNIST: a thousand modes from the ten digits."""

from typing import Annotated, Literal

import numpy as np
from annotated_types import Interval

from gan_cli.bounds import MAX_INTEGER, Count
from gan_cli.component import component
from gan_cli.datasets.base import FiniteDataset, Split, SplitName
from gan_cli.datasets.mnist import Mnist

HELD_OUT = 26_000
"""How many examples there are for validation and for the test, as many as samples are judged."""

DRAWS = {"train": 0, "validation": 1, "test": 2}


@component
class StackedMnist(FiniteDataset):
    """Three random MNIST digits as the red, green and blue channel: 1,000 modes.

    The label of an image is the number with these three digits. Each split is drawn with
    replacement from the same split of MNIST.

    count: how many training examples are drawn; PacGAN's authors draw 128,000.
    seed: the seed of the draws.
    root: the folder that holds mnist/; without it $GAN_DATA_DIR is used, or else the user's cache.
    size: the height and width in pixels: 28, or 32 with a border of two empty pixels.

    Source: Metz et al. 2017, "Unrolled generative adversarial networks", section 3.3.1; Lin,
        Khetan, Fanti and Oh 2018, "PacGAN", section 4.2, with the authors' code.
    """

    name = "stacked_mnist"

    count: Count = 128_000
    seed: Annotated[int, Interval(ge=0, le=MAX_INTEGER)] = 0
    root: str | None = None
    size: Literal[28, 32] = 28

    @property
    def digits(self) -> Mnist:
        """The data set that the channels are drawn from."""
        return Mnist(root=self.root, size=self.size)

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.size, self.size, 3)

    @property
    def classes(self) -> int:
        return 1000

    def split(self, name: SplitName) -> Split:
        digits, labels = self.digits.split(name)
        assert labels is not None
        count = self.count if name == "train" else HELD_OUT
        rng = np.random.default_rng((self.seed, DRAWS[name]))
        rows = rng.integers(0, len(digits), (count, 3))
        images = np.empty((count, *self.shape), np.uint8)
        for channel in range(3):
            images[..., channel] = digits[rows[:, channel], ..., 0]
        return Split(images, labels[rows] @ np.array([100, 10, 1], np.int32))
