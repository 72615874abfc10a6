"""The scatter picture, read back from its pixels."""

import io
import time

import numpy as np
from PIL import Image, ImageColor

from gan_cli.plots import canvas
from gan_cli.plots.latent_lines import COLOURS
from gan_cli.plots.scatter import Scatter

CORNERS = np.array([[-1.0, -1.0], [1.0, 1.0]])


def normal(x: np.ndarray) -> np.ndarray:
    return -(x**2).sum(axis=1) / (2 * 0.3**2)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)), dtype=int)


def near(picture: np.ndarray, colour: str, within: int = 40) -> np.ndarray:
    """Which pixels of the axes (the legend cut off) have nearly that colour."""
    axes = picture[100:]
    return np.abs(axes - ImageColor.getrgb(colour)).max(axis=2) < within


def centre(mask: np.ndarray) -> np.ndarray:
    return np.argwhere(mask).mean(axis=0)


def test_samples_and_density_lie_on_the_same_axes() -> None:
    scatter = Scatter(CORNERS, normal)
    empty = pixels(scatter.draw(np.full((1, 2), 99.0), ""))
    middle = centre(near(empty, canvas.DENSITY))
    dots = near(pixels(scatter.draw(np.zeros((1, 2)), "")), canvas.SAMPLES)
    np.testing.assert_allclose(centre(dots), middle, atol=1)
    right = near(pixels(scatter.draw(np.array([[0.5, 0.0]]), "")), canvas.SAMPLES)
    above = near(pixels(scatter.draw(np.array([[0.0, 0.5]]), "")), canvas.SAMPLES)
    np.testing.assert_allclose(centre(right)[1] - middle[1], middle[0] - centre(above)[0], atol=2)


def test_the_density_falls_from_the_centre_to_three_standard_deviations() -> None:
    def radius(mask: np.ndarray) -> float:
        return np.sqrt(mask.sum() / np.pi)

    picture = pixels(Scatter(CORNERS, normal).draw(np.full((1, 2), 99.0), ""))
    shaded = picture[100:, :, 2] - picture[100:, :, 0] > 8
    unit = 585 / 2.6
    assert abs(radius(shaded) - 3 * 0.3 * unit) < 6


def test_a_picture_does_not_depend_on_those_before_it() -> None:
    first, second = np.random.default_rng(0).normal(0, 0.3, (2, 200, 2))
    scatter = Scatter(CORNERS, normal)
    scatter.draw(first, "step 1")
    assert scatter.draw(second, "step 2") == Scatter(CORNERS, normal).draw(second, "step 2")


def test_points_outside_are_counted_and_not_drawn() -> None:
    scatter = Scatter(CORNERS, normal)
    lost = np.array([[5.0, 0.0], [0.0, -5.0], [np.nan, 0.0]])
    assert not near(pixels(scatter.draw(lost, "step 7")), canvas.SAMPLES).any()
    title = scatter._heading.title.get_text()
    assert title == "step 7: 3 samples of G over the true density"
    assert scatter._heading.remark.get_text() == "3 outside"


def test_a_density_that_is_zero_in_places_is_drawn() -> None:
    def uniform(x: np.ndarray) -> np.ndarray:
        return np.where(np.abs(x).max(axis=1) <= 0.5, 0.0, -np.inf)

    picture = pixels(Scatter(CORNERS, uniform).draw(np.full((1, 2), 99.0), ""))
    shaded = (picture[100:, :, 2] - picture[100:, :, 0] > 8).sum()
    assert abs(np.sqrt(shaded) - 585 / 2.6) < 8


def test_real_points_stand_in_for_an_unknown_density() -> None:
    reference = np.random.default_rng(0).normal(0, 1, (500, 2))
    scatter = Scatter(reference)
    picture = pixels(scatter.draw(np.full((2, 2), 99.0), "step 1"))
    assert near(picture, canvas.REFERENCE, within=60).sum() > 500
    title = scatter._heading.title.get_text()
    assert title == "step 1: 2 samples of G over 500 real points"


def test_more_than_two_coordinates_are_said_to_be_cut() -> None:
    reference = np.random.default_rng(0).normal(0, 1, (50, 5))
    scatter = Scatter(reference, normal)
    scatter.draw(reference, "")
    assert scatter._figure.axes[0].get_xlabel() == "$x_1$ (first two of 5 coordinates)"
    assert scatter._heading.title.get_text() == "50 samples of G over 50 real points"


def test_coordinates_of_very_different_scale_get_their_own_units() -> None:
    reference = np.random.default_rng(0).uniform(-1, 1, (500, 2)) * [1, 100]
    axes = Scatter(reference)._figure.axes[0]
    assert max(axes.get_xlim()) < 2 < 100 < max(axes.get_ylim())


def test_points_at_the_end_of_single_precision_are_drawn() -> None:
    reference = np.array([[0, 0], [3e38, -3e38]], np.float32)
    scatter = Scatter(reference)
    assert np.isfinite(scatter._box).all()
    assert near(pixels(scatter.draw(reference, "")), canvas.SAMPLES).any()


def test_the_title_of_a_long_run_fits() -> None:
    scatter = Scatter(np.random.default_rng(0).normal(0, 1, (10_000, 2)))
    picture = pixels(scatter.draw(np.full((10_000, 2), 99.0), "step 1,000,000"))
    assert (picture[:100, -8:] == 255).all()
    assert (picture[:50] < 100).any()


def test_a_picture_costs_little_once_the_background_is_drawn() -> None:
    samples = np.random.default_rng(0).normal(0, 0.3, (1024, 2))
    scatter = Scatter(CORNERS, normal)
    scatter.draw(samples, "warm")
    seconds = []
    for step in range(5):
        start = time.perf_counter()
        scatter.draw(samples, f"step {step}")
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.2


def test_a_line_in_z_is_a_connected_path_of_its_own_colour() -> None:
    up = np.array([0.9, -0.9])
    x = np.linspace(-0.8, 0.8, 5)
    lines = np.stack([np.broadcast_to(x, (2, 5)), np.broadcast_to(up[:, None], (2, 5))], axis=-1)
    scatter = Scatter(CORNERS, normal)
    picture = pixels(scatter.draw_lines(lines, "step 1"))
    unit = 585 / 2.6
    places = []
    for colour in COLOURS[:2]:
        found = np.argwhere(near(picture, colour, within=25))
        columns = np.unique(found[:, 1])
        assert abs(np.ptp(columns) - 1.6 * unit) < 15
        assert np.diff(columns).max() < 12, "no gap but the white middle of the ring"
        places.append(np.median(found[:, 0]))
    assert abs(places[1] - places[0] - 1.8 * unit) < 3
    assert near(picture, COLOURS[2], within=25).sum() == 0


def test_lines_leave_later_pictures_as_they_are() -> None:
    samples = np.random.default_rng(0).normal(0, 0.3, (40, 2))
    scatter = Scatter(CORNERS, normal)
    before = scatter.draw(samples, "step 1")
    scatter.draw_lines(samples.reshape(4, 10, 2), "step 1")
    assert scatter.draw(samples, "step 1") == before


def test_lines_beyond_the_axes_and_what_is_not_finite_are_drawn_as_far_as_they_go() -> None:
    lines = np.array([[[0.0, 0.0], [np.nan, 0.0], [9.0, 9.0]]])
    picture = pixels(Scatter(np.eye(3)).draw_lines(lines, ""))
    assert near(picture, COLOURS[0], within=25).any()
