"""Stacked MNIST is made of the digits that its labels name, from the same split of MNIST."""

import os

import numpy as np
import pytest

from gan_cli.datasets.mnist import Mnist
from gan_cli.datasets.stacked_mnist import StackedMnist

pytestmark = pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set")


@pytest.mark.parametrize("name", ["train", "test"])
def test_each_channel_is_a_digit_of_the_label(name: str) -> None:
    images, labels = StackedMnist(count=40).split(name)
    assert labels is not None
    digits, own = Mnist().split(name)
    assert own is not None
    place = {image.tobytes(): label for image, label in zip(digits, own, strict=True)}
    for image, label in zip(images[:40], labels[:40], strict=True):
        found = [place[np.ascontiguousarray(image[..., i]).tobytes()] for i in range(3)]
        assert found == [label // 100, label // 10 % 10, label % 10]


def test_the_seed_and_the_count_choose_the_draws() -> None:
    one, more, other = (
        StackedMnist(**given).split("train").labels
        for given in ({"count": 50}, {"count": 90}, {"count": 50, "seed": 1})
    )
    assert one is not None
    assert more is not None
    np.testing.assert_array_equal(one, more[:50])
    assert (one != other).any()


def test_thousand_modes_are_there() -> None:
    labels = StackedMnist(count=26_000).split("train").labels
    assert len(np.unique(labels)) == 1000
