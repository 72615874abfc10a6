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


def test_lines_that_lie_on_one_another_are_all_seen() -> None:
    line = curves.Line(STEPS, STEPS + 1.0)
    alone, both, all_three = (
        Image.open(io.BytesIO(curves.draw("", {"x": [line] * n}, list("abc")))) for n in (1, 2, 3)
    )

    def painted(picture: Image.Image, place: int) -> int:
        """The pixels of the panel that have nearly the colour of a line; the legend is below."""
        colour = [int(curves.COLOURS[place][i : i + 2], 16) for i in (1, 3, 5)]
        panel = np.asarray(picture.convert("RGB"), int)[: int(0.8 * picture.height)]
        return int((abs(panel - colour) < 40).all(axis=2).sum())

    assert painted(alone, 0) > 0
    assert min(painted(both, place) for place in (0, 1)) > painted(alone, 0) / 3
    assert min(painted(all_three, place) for place in (0, 1, 2)) > painted(alone, 0) / 3


def test_a_line_is_covered_where_later_ones_are_as_near_as_their_width() -> None:
    def covered(*lines: curves.Line) -> list[list[int]]:
        return [list(each) for each in curves.covered(lines)]

    first = curves.Line(STEPS, np.array([0.0, 1.0, 2.0, 3.0, np.nan]))
    second = curves.Line(STEPS[:4], np.array([0.001, 1.0, 2.0, 2.5]))
    third = curves.Line(STEPS[[0, 3]], np.array([0.0, 3.0]))
    assert covered(first, second, third) == [[2, 2, 2, 1, 0], [1, 1, 1, 0], [0, 0]]
    assert covered(first, curves.Line(STEPS[:0], first.values[:0])) == [[0] * 5, []]
    crossing = curves.Line(STEPS[:4], np.array([3.0, 1.0, 0.0, 0.0]))
    assert covered(first, crossing)[0] == [0] * 5
    dot = curves.Line(STEPS[:3], np.array([np.nan, 2.0, np.nan]))
    assert covered(dot, dot) == [[0, 1, 0], [0] * 3]
    for nowhere in (np.inf, np.nan):
        line = first._replace(values=np.full(5, nowhere))
        assert covered(line, line) == [[0] * 5] * 2
