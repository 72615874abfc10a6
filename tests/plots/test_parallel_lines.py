"""The picture of two segments."""

import io

import numpy as np
from PIL import Image

from gan_cli.plots.parallel_lines import draw


def test_it_is_a_png() -> None:
    thetas, updates = np.array([-1.0, 0.0, 1.0]), np.arange(1, 41)
    looks = np.ones((3, 40)), np.zeros((3, 40))
    picture = Image.open(io.BytesIO(draw(thetas, updates, looks, looks, "found")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (1200, 900), "RGB")
