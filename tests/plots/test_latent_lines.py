"""What the pictures of lines in z say of themselves."""

import numpy as np
import pytest

from gan_cli.plots import canvas, latent_lines


@pytest.mark.parametrize(
    ("rows", "columns", "title", "text"),
    [
        (8, 10, "step 1,000", "step 1,000: 8 lines in z of 10 samples over the true density"),
        (1, 2000, "", "1 line in z of 2,000 samples over the true density"),
    ],
)
def test_the_title_counts_lines_and_samples(rows: int, columns: int, title: str, text: str) -> None:
    lines = np.zeros((rows, columns, 2))
    assert latent_lines.describe(title, lines, "the true density") == text


def test_the_legend_says_which_end_is_the_start_and_the_remark_what_is_lost() -> None:
    _, axes = canvas.blank(5.6, 4.0)
    points = np.zeros((2, 3))
    latent_lines.draw(axes, points, points)
    (behind,) = axes.plot([], [], label="true density")
    inside = np.array([[True, False, True], [False, True, True]])
    png = latent_lines.finish(axes, behind, "a title", inside)
    assert png[:4] == b"\x89PNG"
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    assert said == ["start of a line", "its end", "true density"]
    assert axes.get_title(loc="left") == "a title"
    assert "2 outside" in [text.get_text() for text in axes.texts]


def test_colours_begin_anew_after_the_last() -> None:
    _, axes = canvas.blank(5.6, 4.0)
    points = np.zeros((len(latent_lines.COLOURS) + 1, 2))
    latent_lines.draw(axes, points, points)
    drawn = [line.get_color() for line in axes.lines[::3]]
    assert drawn == [*latent_lines.COLOURS, latent_lines.COLOURS[0]]
