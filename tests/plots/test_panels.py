"""Figures of several axes: their size, their title, their places."""

import io

from PIL import Image

from gan_cli.plots import panels


def test_a_sheet_is_a_png_of_its_size_with_its_title() -> None:
    figure = panels.sheet(4, 2, "found: 1")
    picture = Image.open(io.BytesIO(panels.png(figure)))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (500, 250), "RGB")
    assert [text.get_text() for text in figure.texts] == ["found: 1"]


def test_places_leave_room_for_the_title_and_for_labels() -> None:
    figure = panels.sheet(8, 5, "a\nb")
    places = panels.grid(figure, 2, 2, wspace=0.3)
    axes = figure.add_subplot(places[0, 0])
    panels.dress(axes, "$x$", "nats", "one")
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title("left")) == ("$x$", "nats", "one")
    figure.canvas.draw()
    title = figure.texts[0].get_window_extent()
    assert title.y0 > axes.get_tightbbox().y1
    assert axes.get_tightbbox().x0 > 0
