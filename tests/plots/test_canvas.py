"""The axes' box and the title of a picture."""

import numpy as np

from gan_cli.plots import canvas


def test_bounds_widen_the_box_of_the_points_by_the_margin() -> None:
    points = np.array([[0.0, 10.0], [2.0, 30.0], [1.0, 20.0]])
    np.testing.assert_allclose(canvas.bounds(points, margin=0.25), [[-0.5, 5], [2.5, 35]])


def test_bounds_of_equal_points_have_a_width() -> None:
    np.testing.assert_allclose(canvas.bounds(np.full((4, 1), 3.0), margin=0.5), [[2.5], [3.5]])


def test_the_heading_says_when_what_and_how_many_are_outside() -> None:
    heading = canvas.heading(canvas.blank(5.6, 4.0, "$x$", "$y$"), [])
    heading.say("step 1,000", "5,120 samples of G over points", np.arange(2500) < 3)
    assert heading.title.get_text() == "step 1,000: 5,120 samples of G over points"
    assert heading.remark.get_text() == "2,497 outside"
    heading.say("", "3 samples of G over 9 points", np.ones(3, bool))
    assert heading.title.get_text() == "3 samples of G over 9 points"
    assert heading.remark.get_text() == ""


def test_points_on_the_edge_of_the_axes_are_inside() -> None:
    axes = canvas.blank(5.6, 4.0, "$x$", "$y$")
    axes.set(xlim=(0, 1), ylim=(0, 2))
    x, y = np.array([0, 1, 1.1, 0.5, np.nan]), np.array([0, 2, 0, -0.1, 1])
    assert canvas.inside(axes, x, y).tolist() == [True, True, False, False, False]
