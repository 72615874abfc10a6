"""`gan theory figure1`: its numbers, its picture and its film."""

import json
from collections.abc import Callable
from typing import Any

from PIL import Image

Command = Callable[..., Any]


def test_numbers_picture_and_film(gan: Command) -> None:
    status, out, err = gan("theory", "figure1", "--steps", "100", "--json")
    assert (status, err) == (0, "")
    numbers = json.loads(out)
    assert numbers["moments"] == ["start", "D trained, G held", "G moved", "end"]
    assert numbers["steps"] == [0, 40, 50, 140]
    assert numbers["js"][0] == numbers["js"][1] > numbers["js"][2] > numbers["js_floor"]
    assert numbers["discriminator_off_optimum"][1] < numbers["discriminator_off_optimum"][0]
    assert numbers["pictures"] == ["outputs/theory/figure1.png", "outputs/theory/figure1.gif"]
    with Image.open("outputs/theory/figure1.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (2112, 675))
    with Image.open("outputs/theory/figure1.gif") as film:
        assert film.format == "GIF"
        assert film.n_frames > 30  # type: ignore[attr-defined]


def test_too_few_steps_are_refused(gan: Command) -> None:
    status, out, err = gan("theory", "figure1", "--steps", "99")
    assert (status, out) == (2, "")
    assert "--steps" in err
    assert "100" in err
