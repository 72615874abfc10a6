"""Figure 1 as a picture and as a film."""

import io
import itertools

import numpy as np
from PIL import Image

from gan_cli.theory.findings.figure1_picture import BLINK, PAUSE, animate, draw
from tests.theory.findings.test_figure1 import FILM


def test_moments_are_a_png_side_by_side() -> None:
    picture = Image.open(io.BytesIO(draw(FILM, "")))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (2112, 675), "RGB")


def test_the_film_has_every_frame_and_stays_at_the_moments() -> None:
    shown = Image.open(io.BytesIO(animate(FILM, "")))
    assert (shown.format, shown.n_frames, shown.info["loop"]) == ("GIF", 5, 0)  # type: ignore[attr-defined]
    stays, pictures = [], []
    for number in range(5):
        shown.seek(number)
        stays.append(shown.info["duration"])
        pictures.append(np.asarray(shown.convert("RGB")))
    assert stays == [PAUSE, BLINK, PAUSE, PAUSE, PAUSE]
    assert all((one != other).any() for one, other in itertools.pairwise(pictures))
