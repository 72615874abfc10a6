"""The picture of two segments."""

import io

import numpy as np
from PIL import Image

from gan_cli.theory.findings.parallel_lines import draw, lines
from gan_cli.theory.parallel_lines import ParallelLines, Trained


def test_it_is_a_png() -> None:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    trained = Trained(updates, np.ones((3, 40)), np.zeros((3, 40)))
    found = ParallelLines(thetas, thetas, thetas, np.abs(thetas), trained, trained)
    picture = Image.open(io.BytesIO(draw(found)))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 900), "RGB")


def test_an_estimate_below_zero_is_explained() -> None:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    estimates = np.full((3, 40), 0.5)
    above = Trained(updates, estimates, np.zeros((3, 40)))
    below = above._replace(estimates=estimates * np.array([[1.0], [-1.0], [1.0]]))
    found = ParallelLines(thetas, thetas, thetas, np.abs(thetas), above, below)
    table = lines(found)
    assert [line.count("*") for line in table[5:9]] == [0, 1, 0, 1]
    assert table[8].startswith("* below 0, which no divergence is")
    assert not any("*" in line for line in lines(found._replace(critic=above)))
