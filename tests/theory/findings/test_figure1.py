"""Figure 1 as a picture and as a film."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from gan_cli.theory.figure1 import Film
from gan_cli.theory.findings.figure1 import BLINK, PAUSE, animate, draw, title

X = np.linspace(-2, 2, 101)
Z = np.linspace(-1, 1, 5)
SHIFTS = np.array([-1.0, -0.7, -0.5, 0.0, 50.0])


@pytest.fixture
def film() -> Film:
    zeros = np.zeros(len(SHIFTS))
    return Film(
        x=X,
        data=np.exp(-(X**2)),
        z=Z,
        steps=np.arange(len(SHIFTS)),
        density=np.exp(-((X - SHIFTS[:, None]) ** 2)),
        outputs=np.full((len(SHIFTS), len(X)), 0.5),
        images=Z + SHIFTS[:, None],
        js=zeros,
        floor=0.0,
        off_optimum=zeros,
        off_half=zeros,
        farthest_off_half=zeros,
        moments=(0, 2, 3, 4),
    )


def test_moments_are_a_png_side_by_side(film: Film) -> None:
    picture = Image.open(io.BytesIO(draw(film)))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (2112, 675), "RGB")


def test_the_film_has_every_frame_and_stays_at_the_moments(film: Film) -> None:
    shown = Image.open(io.BytesIO(animate(film)))
    assert (shown.format, shown.n_frames, shown.info["loop"]) == ("GIF", 5, 0)  # type: ignore[attr-defined]
    stays, pictures = [], []
    for number in range(5):
        shown.seek(number)
        stays.append(shown.info["duration"])
        pictures.append(np.asarray(shown.convert("RGB")))
    assert stays == [PAUSE, BLINK, PAUSE, PAUSE, PAUSE]
    assert all((one != other).any() for one, other in itertools.pairwise(pictures))


def test_the_title_says_whether_the_game_has_ended(film: Film) -> None:
    assert title(film).startswith("$p_g$ becomes the data: JS goes from 0.000 to 0.0000 nats.")
    far = film._replace(js=np.linspace(0.5, 0.05, 5), off_half=np.full(5, 0.08))
    assert title(far) == (
        "$p_g$ is not yet the data: JS falls from 0.500 to 0.0500 nats. "
        "D is not yet 1/2: its mean distance over the data ends at 0.0800."
    )
