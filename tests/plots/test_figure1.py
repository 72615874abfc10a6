"""Figure 1 as a picture and as a film."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from gan_cli.plots.figure1 import BLINK, PAUSE, Curves, Frame, animate, draw

X = np.linspace(-2, 2, 101)
CURVES = Curves(X, np.exp(-(X**2)), np.linspace(-1, 1, 5))


@pytest.fixture
def frames() -> list[Frame]:
    return [
        Frame(np.exp(-((X - shift) ** 2)), np.full_like(X, 0.5), CURVES.z + shift, f"step {shift}")
        for shift in (-1.0, -0.5, 0.0, 50.0)
    ]


def test_moments_are_a_png_side_by_side(frames: list[Frame]) -> None:
    picture = Image.open(io.BytesIO(draw(CURVES, frames, "found")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (2112, 675), "RGB")


def test_the_film_has_every_frame_and_stays_at_the_moments(frames: list[Frame]) -> None:
    film = Image.open(io.BytesIO(animate(CURVES, frames, (0, 2), "found")))
    assert (film.format, film.n_frames, film.info["loop"]) == ("GIF", 4, 0)  # type: ignore[attr-defined]
    stays, pictures = [], []
    for number in range(4):
        film.seek(number)
        stays.append(film.info["duration"])
        pictures.append(np.asarray(film.convert("RGB")))
    assert stays == [PAUSE, BLINK, PAUSE, BLINK]
    assert all((one != other).any() for one, other in itertools.pairwise(pictures))
