"""What the pictures of lines in z say of themselves."""

from typing import Any

import numpy as np
import pytest

from gan_cli.plots import canvas, latent_lines


def drawn(x: np.ndarray, title: str = "") -> Any:
    """The axes after lines with these x coordinates were drawn."""
    axes = canvas.blank(5.6, 4.0, "$x$", "$y$")
    axes.set(xlim=(-1, 1), ylim=(-1, 1))
    (behind,) = axes.plot([], [], label="true density")
    png = latent_lines.draw(axes, x, np.zeros_like(x), title, "the true density", behind)
    assert png[:4] == b"\x89PNG"
    return axes


@pytest.mark.parametrize(
    ("rows", "columns", "title", "text"),
    [
        (8, 10, "step 1,000", "step 1,000: 8 lines in z of 10 samples over the true density"),
        (1, 2000, "", "1 line in z of 2,000 samples over the true density"),
    ],
)
def test_the_title_counts_lines_and_samples(rows: int, columns: int, title: str, text: str) -> None:
    assert drawn(np.zeros((rows, columns)), title).get_title(loc="left") == text


def test_the_legend_says_which_end_is_the_start_and_the_remark_what_is_lost() -> None:
    axes = drawn(np.array([[0.0, 2.0, 0.0], [-2.0, 0.0, 0.0]]))
    said = [text.get_text() for text in axes.get_legend().get_texts()]
    assert said == ["start of a line", "its end", "true density"]
    assert "2 outside" in [text.get_text() for text in axes.texts]


def test_colours_begin_anew_after_the_last() -> None:
    axes = drawn(np.zeros((len(latent_lines.COLOURS) + 1, 2)))
    lines = axes.lines[1:-2]  # without the handles of the legend
    assert [line.get_color() for line in lines[::3]] == [
        *latent_lines.COLOURS,
        latent_lines.COLOURS[0],
    ]
