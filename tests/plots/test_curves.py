"""Scalars over steps: one panel each, bands where there are several runs."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_cli.plots import curves

STEPS = np.arange(5)


def colours(picture: bytes) -> set[tuple[int, ...]]:
    counted = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(maxcolors=2**24)
    return {colour for _, colour in counted}


@pytest.mark.parametrize("panels", [1, 2, 4])
def test_every_line_has_its_colour(panels: int) -> None:
    lines = [curves.Line(STEPS, STEPS + 1.0), curves.Line(STEPS, 5.0 - STEPS)]
    scalars = {f"loss/{i}": lines for i in range(panels)}
    found = colours(curves.draw("a title", scalars, ["one", "two"]))
    assert {(0x3B, 0x6F, 0xB6), (0xD9, 0x48, 0x0F)} <= found
    assert (0x2B, 0x8A, 0x3E) not in found


def test_a_band_is_drawn_around_its_line() -> None:
    line = curves.Line(STEPS, STEPS + 1.0)
    banded = line._replace(band=(STEPS + 0.5, STEPS + 1.5))
    plain, around = (curves.draw("", {"x": [each]}, ["one"]) for each in (line, banded))
    assert len(colours(around) - colours(plain)) > 0
    assert plain != around


@pytest.mark.parametrize("values", [[2.0], [np.nan, 2.0, np.nan], [1.0, 1.0, np.nan, 2.0]])
def test_a_point_that_stands_alone_is_seen_and_so_is_its_band(values: list[float]) -> None:
    steps, y = np.arange(len(values)), np.array(values)
    assert list(steps[curves.alone(y)]) == [values.index(2.0)]
    plain, around = (
        curves.draw("", {"x": [curves.Line(steps, y, band)]}, []) for band in (None, (y - 1, y + 1))
    )
    assert (0x3B, 0x6F, 0xB6) in colours(plain)
    assert len(colours(around) - colours(plain)) > 0


def test_no_point_of_a_line_stands_alone() -> None:
    assert not curves.alone(np.array([1.0, 2.0, np.nan, 3.0, 4.0])).any()
    assert not curves.alone(np.array([])).any()


def test_no_two_lines_look_the_same() -> None:
    looks = [curves.look(place) for place in range(40)]
    assert len(set(looks)) == len(looks)


def test_a_lower_bound_is_marked_and_its_band_has_no_upper_end() -> None:
    line = curves.Line(STEPS, STEPS + 1.0, (STEPS + 0.5, STEPS + 1.5))
    none, some = (line._replace(bounds=np.full(5, each)) for each in (False, True))
    plain, exact, bounded = (curves.draw("", {"x": [each]}, ["one"]) for each in (line, none, some))
    assert plain == exact

    def tinted(picture: bytes) -> int:
        """The pixels of the band, in the first colour at 18 % on white."""
        pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"), int)
        return int((abs(pixels - (220, 229, 242)) <= 2).all(axis=2).sum())

    assert 0.3 * tinted(plain) < tinted(bounded) < 0.7 * tinted(plain)
    assert Image.open(io.BytesIO(bounded)).height > Image.open(io.BytesIO(plain)).height
