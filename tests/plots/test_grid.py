"""The grid of images, pixel by pixel."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_cli.plots.grid import Grid, image_grid


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_tiles_run_from_left_to_right_then_down() -> None:
    images = np.linspace(-1, 1, 5).reshape(5, 1, 1, 1) * np.ones((5, 48, 48, 1))
    picture = pixels(image_grid(images, padding=1))
    assert picture.shape == (2 * 49 + 1, 3 * 49 + 1)
    centres = picture[25::49, 25::49]
    assert centres.tolist() == [[0, 64, 128], [191, 255, 128]]


def test_gaps_are_grey_and_surround_every_tile() -> None:
    picture = pixels(image_grid(np.ones((4, 48, 50, 1)), padding=2))
    assert picture.shape == (2 * 50 + 2, 2 * 52 + 2)
    for start in (0, 50, 100):
        assert (picture[start : start + 2] == 128).all()
    for start in (0, 52, 104):
        assert (picture[:, start : start + 2] == 128).all()
    assert (picture == 255).sum() == 4 * 48 * 50


@pytest.mark.parametrize(("side", "scale"), [(8, 6), (28, 2), (32, 2), (64, 1)])
def test_small_images_are_enlarged_in_whole_blocks(side: int, scale: int) -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (1, side, side, 3))
    picture = pixels(image_grid(image, padding=0))
    assert picture.shape == (side * scale, side * scale, 3)
    levels = np.rint((image[0] + 1) * 127.5).astype(np.uint8)
    np.testing.assert_array_equal(picture, np.kron(levels, np.ones((scale, scale, 1), np.uint8)))


def test_many_images_are_not_enlarged_beyond_the_longest_side() -> None:
    assert max(pixels(image_grid(np.zeros((1600, 28, 28, 1)), padding=1)).shape) <= 2048


def test_columns_can_be_given() -> None:
    picture = pixels(image_grid(np.zeros((6, 48, 48, 1)), columns=6, padding=0))
    assert picture.shape == (48, 288)


def test_values_beyond_the_range_are_clipped_and_nan_is_grey() -> None:
    values = np.array([-np.inf, -7, 7, np.nan]).reshape(4, 1, 1, 1)
    picture = pixels(image_grid(values * np.ones((4, 48, 48, 1)), padding=0))
    assert picture[24::48, 24::48].tolist() == [[128, 0], [255, 128]]


def test_the_drawer_draws_the_same_grid() -> None:
    images = np.random.default_rng(0).uniform(-1, 1, (9, 8, 8, 1))
    assert Grid().draw(images, "step 1") == image_grid(images)


@pytest.mark.parametrize("shape", [(0, 8, 8, 1), (2, 8, 8), (2, 8, 8, 2)])
def test_what_is_no_batch_of_images_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"^images must be \(N, height, width, 1 or 3\)"):
        image_grid(np.zeros(shape))
