"""Figures of several axes: their size, their title, their places."""

import io

from PIL import Image

from gan_cli.plots import canvas, panels


def test_a_sheet_is_a_png_of_its_size_with_its_title() -> None:
    figure = panels.sheet(4, 2, "found: 1")
    picture = Image.open(io.BytesIO(canvas.png(figure)))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (500, 250), "RGB")
    assert [text.get_text() for text in figure.texts] == ["found: 1"]


def test_a_title_that_is_wider_than_the_page_is_set_smaller() -> None:
    figure = panels.sheet(4, 2, "found: " + "1e+300, " * 20)
    assert figure.texts[0].get_window_extent().x1 < 500
    assert panels.sheet(4, 2, "found: 1").texts[0].get_fontsize() == 11


def test_a_title_that_is_a_little_wider_leaves_a_margin_at_its_right() -> None:
    """Letters are whole pixels wide, so that a title does not shrink in proportion to its size."""
    title = "JS is log 2 at every distance (estimated to within 0.06404 nats), but its gradient"
    title += " for G has not vanished yet (at most 1.5639)"
    figure = panels.sheet(9.6, 7.2, title)
    assert figure.texts[0].get_text() == title
    assert figure.texts[0].get_window_extent().x1 <= (9.6 - 0.15) * canvas.DPI


def test_a_title_that_is_much_wider_is_folded_and_at_last_cut() -> None:
    formula = "$E_P T^* - E_Q f^*$"
    figure = panels.sheet(4, 2, f"p = normal(0,1) is found at {formula} " * 4)
    title = figure.texts[0]
    assert title.get_fontsize() == panels.LEAST
    assert title.get_window_extent().x1 < 500
    assert all(line.count("$") % 2 == 0 for line in title.get_text().split("\n"))
    lines = panels.folded("one two three four five six seven eight nine", 9).split("\n")
    assert lines == ["one two", "three", "four ..."]


def test_large_ticks_are_multiples_of_a_power_of_ten_and_stay_on_the_page() -> None:
    figure = panels.sheet(8, 5, "a\nb")
    axes = figure.add_subplot(panels.grid(figure, 1, 1)[0, 0])
    panels.dress(axes, "$x$", "nats", "one")
    axes.plot([0, 1], [0, 4e5])
    figure.canvas.draw()
    assert "10^{5}" in axes.yaxis.get_offset_text().get_text()
    assert axes.get_tightbbox().x0 > 0
    assert axes.get_tightbbox().y1 < figure.texts[0].get_window_extent().y0


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


def test_a_logarithmic_axis_of_few_decades_has_few_labels_in_plain_numbers() -> None:
    def labels(high: float) -> list[str]:
        figure = panels.sheet(4, 2, "")
        axes = panels.grid(figure, 1, 1).subplots()
        axes.set(xscale="log", xlim=(0.4, high))
        panels.mark_decades(axes.xaxis)
        figure.canvas.draw()
        texts = axes.get_xticklabels(which="both")
        return [text.get_text() for text in texts if 0.4 <= text.get_position()[0] <= high]

    assert [each for each in labels(7.0) if each] == ["0.5", "1", "2", "5"]
    assert "$\\mathdefault{10^{3}}$" in labels(1e5)
