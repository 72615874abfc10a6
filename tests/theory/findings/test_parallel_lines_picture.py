"""The picture of two segments."""

import io

import numpy as np
from PIL import Image

from gan_cli.theory.findings.parallel_lines_picture import draw
from gan_cli.theory.parallel_lines import ParallelLines, Trained


def test_it_is_a_png() -> None:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    trained = Trained(updates, np.ones((3, 40)), np.zeros((3, 40)))
    found = ParallelLines(thetas, thetas, thetas, np.abs(thetas), trained, trained)
    picture = Image.open(io.BytesIO(draw(found, "")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 900), "RGB")
