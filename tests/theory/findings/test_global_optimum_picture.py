"""The picture of C(G), read back from its pixels."""

import io

import numpy as np
from PIL import Image, ImageColor

from gan_cli.plots import canvas
from gan_cli.theory.findings.global_optimum_picture import draw
from gan_cli.theory.global_optimum import Curve


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)), dtype=int)


def test_the_dot_lies_at_the_curves_foot() -> None:
    x = np.linspace(-3, 3, 61)
    curve = Curve("normal(mu, 1)", 0.0, x, np.minimum(x**2 - np.log(4), 0.0), 0.0, 0.0)
    picture = pixels(draw([curve], ""))
    dot, line = (
        np.argwhere(np.abs(picture - ImageColor.getrgb(colour)).max(axis=2) < 40)
        for colour in (canvas.SAMPLES, canvas.DENSITY)
    )
    below = dot[dot[:, 0] > 250]  # the other dot is the legend's
    foot = line[line[:, 0] > below[:, 0].min() - 12]
    assert abs(below[:, 1].mean() - foot[:, 1].mean()) < 6
    assert line[:, 0].max() <= below[:, 0].max()


def test_each_family_has_axes_of_its_own() -> None:
    x = np.array([0.1, 1.0, 10.0])
    curve = Curve("normal(0, s)", 1.0, x, np.full(3, -1.0), 0.0, 0.0)
    one, two = (pixels(draw([curve] * count, "")) for count in (1, 2))
    assert one.shape == two.shape
    blue = np.abs(two - ImageColor.getrgb(canvas.DENSITY)).max(axis=2) < 40
    assert blue[:, :600].any()
    assert blue[:, 600:].any()
