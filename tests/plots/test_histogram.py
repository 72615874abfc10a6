"""The histogram picture: what its bars and its line say."""

import io

import numpy as np
from PIL import Image, ImageColor

from gan_cli.plots.histogram import Histogram
from gan_cli.plots.latent_lines import COLOURS

REFERENCE = np.linspace(-3, 3, 200)[:, None]


def normal(x: np.ndarray) -> np.ndarray:
    return -(x[:, 0] ** 2) / 2 - np.log(2 * np.pi) / 2


def area(histogram: Histogram) -> float:
    heights, edges, _ = histogram._bars.get_data()
    return float((heights * np.diff(edges)).sum())


def test_it_is_a_png_that_grows_no_larger_than_a_screen() -> None:
    picture = Image.open(io.BytesIO(Histogram(REFERENCE, normal).draw(REFERENCE, "step 1")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (700, 500), "RGB")


def test_bars_match_the_density_that_samples_come_from() -> None:
    histogram = Histogram(REFERENCE, normal)
    histogram.draw(np.random.default_rng(0).normal(size=(200_000, 1)), "")
    heights, edges, _ = histogram._bars.get_data()
    centres = (edges[1:] + edges[:-1]) / 2
    np.testing.assert_allclose(heights, np.exp(normal(centres[:, None])), atol=0.02)


def test_samples_outside_are_counted_and_the_area_says_what_is_missing() -> None:
    histogram = Histogram(REFERENCE, normal)
    histogram.draw(np.array([[0.0], [0.5], [50.0], [np.nan]]), "step 9")
    title = histogram._heading.title.get_text()
    assert title == "step 9: 4 samples of G over the true density"
    assert histogram._heading.remark.get_text() == "2 outside"
    np.testing.assert_allclose(area(histogram), 0.5)


def test_the_axis_grows_for_collapsed_samples_and_shrinks_again() -> None:
    histogram = Histogram(REFERENCE, normal)
    histogram.draw(np.zeros((100, 1)), "")
    heights, _, _ = histogram._bars.get_data()
    axes = histogram._axes
    assert axes.get_ylim()[1] > heights.max() > 5
    histogram.draw(np.random.default_rng(0).normal(size=(50_000, 1)), "")
    assert axes.get_ylim()[1] < 0.6


def test_a_picture_does_not_depend_on_those_before_it() -> None:
    first, second = np.random.default_rng(0).normal(size=(2, 100, 1))
    histogram = Histogram(REFERENCE, normal)
    histogram.draw(first, "step 1")
    assert histogram.draw(second, "step 2") == Histogram(REFERENCE, normal).draw(second, "step 2")


def test_real_points_stand_in_for_an_unknown_density() -> None:
    histogram = Histogram(REFERENCE)
    histogram.draw(REFERENCE[:10], "step 1")
    assert histogram._heading.title.get_text() == "step 1: 10 samples of G over 200 real points"


def test_lines_in_z_go_from_left_to_right_at_the_height_of_their_samples() -> None:
    lines = np.broadcast_to(np.array([[2.0], [-2.0]]), (2, 5))[..., None]
    picture = np.asarray(
        Image.open(io.BytesIO(Histogram(REFERENCE).draw_lines(lines, "step 1"))), dtype=int
    )[100:]
    heights = []
    for colour in COLOURS[:2]:
        found = np.argwhere(np.abs(picture - ImageColor.getrgb(colour)).max(axis=2) < 25)
        columns = np.unique(found[:, 1])
        assert np.ptp(columns) > 500
        assert np.diff(columns).max() < 12, "no gap but the white middle of the ring"
        heights.append(np.median(found[:, 0]))
    axes_pixels = (4.4 - 1.4) * 125
    assert abs(heights[1] - heights[0] - axes_pixels * 4 / 7.8) < 3


def test_lines_are_drawn_where_the_density_is_highest_in_the_darkest_shade() -> None:
    lines = np.full((1, 2, 1), 2.9)
    histogram = Histogram(REFERENCE, normal)
    picture = np.asarray(Image.open(io.BytesIO(histogram.draw_lines(lines, ""))), dtype=int)
    blueness = (picture[..., 2] - picture[..., 0])[100:, 300]
    assert abs(np.flatnonzero(blueness == blueness.max()).mean() - (4.4 - 1.4) * 125 / 2) < 4
