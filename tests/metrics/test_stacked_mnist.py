"""The modes of stacked MNIST are counted as in plain NumPy, from the digits of the channels."""

import math
from collections import Counter

import numpy as np
import pytest

from gan_cli.datasets.stacked_mnist import StackedMnist
from gan_cli.features.base import Seen
from gan_cli.features.channels import Channels
from gan_cli.metrics.base import Reference
from gan_cli.metrics.stacked_mnist import StackedModes


class OneByOne:
    """A classifier of images of one pixel, whose value over ten is the digit."""

    name, dataset, accuracy, description = "classifier", "toy", 1.0, "a toy"

    def __call__(self, examples: np.ndarray) -> Seen:
        digits = np.rint(10 * examples[:, 0, 0, 0]).astype(int)
        return Seen(examples.reshape(len(examples), -1), 0.5 * np.eye(10)[digits] + 0.05)


def test_it_equals_plain_numpy(rng: np.random.Generator) -> None:
    digits = rng.integers(0, 6, (400, 3))
    channels = Channels(OneByOne())  # type: ignore[arg-type]
    answers = channels(digits[:, None, None, :] / 10).probabilities
    assert answers.shape == (400, 1000)
    np.testing.assert_allclose(answers.sum(axis=1), 1)
    real = Reference(StackedMnist(), answers, answers, answers)
    found = StackedModes().measure(answers, real)
    counts = Counter(map(tuple, digits.tolist()))
    assert 100 < len(counts) < 216
    assert found["captured"] == len(counts)
    assert found["of"] == 1000
    kl = sum(c / 400 * math.log(1000 * c / 400) for c in counts.values())
    assert found["reverse_kl"] == pytest.approx(kl)


def test_the_features_of_the_channels_stand_side_by_side() -> None:
    images = np.arange(6).reshape(2, 1, 1, 3) / 10
    features = Channels(OneByOne())(images).features  # type: ignore[arg-type]
    np.testing.assert_array_equal(features, [[0, 0.1, 0.2], [0.3, 0.4, 0.5]])


def test_published_rows() -> None:
    assert "PacGAN2 (Lin et al. 2018): 1000 modes, KL 0.06" in StackedModes().published(
        StackedMnist()
    )
