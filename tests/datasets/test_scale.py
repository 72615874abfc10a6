"""Data on a scale that settings are not tuned for is told with what to do."""

from typing import Any

import numpy as np
import pytest

from gan_cli.component import REGISTRY
from gan_cli.datasets.array import Array
from gan_cli.datasets.base import Split
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.mixture import Mixture
from gan_cli.datasets.scale import (
    FAR,
    REMEDY,
    copies,
    odd_copies,
    odd_pixels,
    odd_points,
    odd_scale,
)

POINTS = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("values", "kind", "told"),
    [
        ([0, 1], np.uint8, "0 to 1, where 0 is black and 255"),
        ([3, 130], np.uint8, "3 to 130, where 0 is black and 255"),
        ([0, 200], np.uint8, ""),
        ([0, 1], np.float32, "0 to 1, where -1 is black and 1"),
        ([-0.5, 0.25], np.float32, "-0.5 to 0.25, where -1 is black and 1"),
        ([-0.75, 0.5], np.float32, ""),
    ],
)
def test_pixels_that_fill_no_more_than_half_of_the_range(
    values: list[float], kind: Any, told: str
) -> None:
    images = np.resize(np.array(values, kind), (20, 4, 4, 1))
    levels = 255 if kind is np.uint8 else None
    hint = " is white: scale them if they should fill that range"
    assert odd_pixels(images, levels) == (f"pixels from {told}{hint}" if told else "")


def test_images_of_one_value() -> None:
    assert odd_pixels(np.full((20, 4, 4, 1), 7, np.uint8), 255) == (
        "every pixel is 7, where 0 is black and 255 is white: are these the images that you mean?"
    )


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (POINTS, ""),
        (POINTS * FAR / 2, ""),
        (POINTS + FAR / 2, ""),
        (POINTS * np.array([1, 0]), ""),
        (POINTS + np.array([0, 1e6]), "means of up to 1e+06 and standard deviations of 0."),
        (POINTS * 1e30, "e+28 and standard deviations of 9."),
        (POINTS * 1e-30, "e-32 and standard deviations of 9."),
        (POINTS * np.array([1, 1e3]), "standard deviations of 0."),
    ],
)
def test_points_far_from_the_scale_of_the_settings(points: np.ndarray, told: str) -> None:
    found = odd_points(points.astype(np.float32))
    assert bool(found) == bool(told)
    assert told in found
    assert not found or found.endswith(f"and settings are tuned for about 0 and 1: {REMEDY}")


@pytest.mark.parametrize("shape", [(20, 2), (20, 4, 4)])
def test_examples_that_are_all_the_same(shape: tuple[int, ...], tmp_path: Any) -> None:
    values = np.arange(np.prod(shape[1:]), dtype=np.float32) * 2 / np.prod(shape[1:]) - 1
    path = tmp_path / "x.npy"
    np.save(path, np.broadcast_to(values.reshape(shape[1:]), shape))
    dataset = Array(path=str(path))
    same = "all examples are the same: are these the data that you mean?"
    split = dataset.split("train")
    assert odd_scale(dataset, split) == same
    assert odd_scale(dataset, Split(split.examples[:1])) == ""
    changed = split.examples.copy()
    changed[-1] *= 0.5
    copied = "18 of 20 images are copies of others: are these the data that you mean?"
    assert odd_scale(dataset, Split(changed)) == (copied if len(shape) == 3 else "")


def test_copies_are_counted_as_a_loop_does() -> None:
    """Of large images, some differ where the few values that are compared first are equal."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (60, 40, 40, 1), np.uint8)
    images[20:30] = images[:10]
    images[40:50] = images[0]
    images[45:50, 0, 1] += np.arange(1, 6, dtype=np.uint8)[:, None]
    seen, counted = [], 0
    for each in images:
        counted += any(np.array_equal(each, other) for other in seen)
        seen.append(each)
    assert copies(images) == counted == 15


@pytest.mark.parametrize(("count", "told"), [(0, False), (1, False), (2, True)])
def test_few_copies_among_images_are_not_told(count: int, told: bool) -> None:
    images = np.random.default_rng(0).integers(0, 256, (200, 4, 4, 1), np.uint8)
    images[:count] = images[-1]
    assert bool(odd_copies(images, are_images=True)) == told


def test_nothing_is_odd_about_what_is_shipped() -> None:
    digits = Digits()
    assert odd_scale(digits, digits.split("train")) == ""
    for kind in REGISTRY["dataset"].values():
        if issubclass(kind, Mixture):
            modes = kind().modes()
            rng = np.random.default_rng(0)
            chosen = rng.choice(len(modes.weights), 2000, p=modes.weights)
            noise = rng.normal(size=(2000, modes.centres.shape[1]))
            points = modes.centres[chosen] + modes.std[chosen, None] * noise
            assert odd_scale(kind(), None) == odd_points(points) == ""
