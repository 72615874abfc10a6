"""The legend below a picture: all of it is in the picture."""

import math

import pytest

from gan_cli.plots import canvas, legend

LONG = "objective=non_saturating optimizer.generator.learning_rate=0.0002 k=5 seed=12345 (1 run)"


@pytest.mark.parametrize("width", [4.6, 8.3, 12.0])
@pytest.mark.parametrize(
    "names", [["k=1", "k=5"], [f"objective=non_saturating k={k}" for k in range(16)], [LONG] * 3]
)
def test_every_name_is_inside_the_picture_and_beside_no_other(
    width: float, names: list[str]
) -> None:
    place = legend.layout(names, width)
    figure = canvas.sheet(width, place.height + 0.2)
    drawn = legend.add(figure, place, [canvas.line("red", "") for _ in names])
    figure.canvas.draw()
    box = drawn.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= width * canvas.DPI
    assert 0 <= box.y0 < box.y1 <= (place.height + 0.2) * canvas.DPI
    texts = [text.get_window_extent() for text in drawn.get_texts()]
    assert not any(a.overlaps(b) for i, a in enumerate(texts) for b in texts[:i])
    shown = [text.get_text().replace("\n", " ") for text in drawn.get_texts()]
    assert shown == names


def test_short_names_stand_side_by_side_and_long_ones_are_folded() -> None:
    short, long = legend.layout(["k=1"] * 12, 12.0), legend.layout([LONG], 4.6)
    assert short.columns > 2
    rows = math.ceil(12 / short.columns)
    assert short.height == pytest.approx(rows * legend.layout(["k=1"], 12.0).height)
    assert (long.columns, "\n" in long.names[0]) == (1, True)


def test_a_name_with_dollar_signs_is_no_formula() -> None:
    name = "dataset.path=$a_{$"
    place = legend.layout([name], 4.6)
    figure = canvas.sheet(4.6, 1.0)
    [text] = legend.add(figure, place, [canvas.line("red", "")]).get_texts()
    figure.canvas.draw()
    assert text.get_text() == name
