"""The axes' box and the title of a picture."""

import numpy as np

from gan_cli.plots import canvas


def test_bounds_widen_the_box_of_the_points_by_the_margin() -> None:
    points = np.array([[0.0, 10.0], [2.0, 30.0], [1.0, 20.0]])
    np.testing.assert_allclose(canvas.bounds(points, margin=0.25), [[-0.5, 5], [2.5, 35]])


def test_bounds_of_equal_points_have_a_width() -> None:
    np.testing.assert_allclose(canvas.bounds(np.full((4, 1), 3.0), margin=0.5), [[2.5], [3.5]])


def test_the_title_says_when_how_many_and_over_what() -> None:
    assert (
        canvas.describe("step 1,000", 5120, "the true density")
        == "step 1,000: 5,120 samples of G over the true density"
    )
    assert canvas.describe("", 64, "9 real points") == "64 samples of G over 9 real points"


def test_the_remark_counts_what_is_lost() -> None:
    assert canvas.lost(np.arange(2500) < 3) == "2,497 outside"
    assert canvas.lost(np.ones(3, bool)) == ""
