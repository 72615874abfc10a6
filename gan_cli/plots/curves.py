"""Scalars over the steps of trainings: one panel a scalar, one line a group of runs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, panels

Style = str | tuple[float, tuple[float, ...]]

COLOURS = ("#3b6fb6", "#d9480f", "#2b8a3e", "#8b4fb0", "#b8860b", "#1f8a8a", "#b0306a", "#5f6670")


class Line(NamedTuple):
    """A line, and the band around it if there is one.

    steps: (S,).
    values: (S,).
    band: the lower and the upper end at each step, (S,) each.
    """

    steps: np.ndarray
    values: np.ndarray
    band: tuple[np.ndarray, np.ndarray] | None = None


def draw(
    title: str,
    scalars: Mapping[str, Sequence[Line]],
    names: Sequence[str],
    perfect: Mapping[str, float] | None = None,
) -> bytes:
    """Draws a PNG with a panel for each scalar and one legend for all.

    Args:
        title: what is shown, in one line or two.
        scalars: the lines of every scalar by its tag, in the order of `names`.
        names: what every line stands for.
        perfect: what real data score, by tag, as a dashed line.
    """
    levels = {tag: value for tag, value in (perfect or {}).items() if tag in scalars}
    columns = min(3, len(scalars))
    rows = math.ceil(len(scalars) / columns)
    below = 0.25 * math.ceil((len(names) + bool(levels)) / 2) + 0.2
    height = 1.5 + 2.5 * rows + below
    figure = panels.sheet(0.9 + 3.7 * columns, height, title)
    places = panels.grid(
        figure, rows, columns, wspace=0.28, hspace=0.45, bottom=(0.6 + below) / height
    )
    for number, (tag, lines) in enumerate(scalars.items()):
        axes = figure.add_subplot(places[number // columns, number % columns])
        panels.dress(axes, "step", "", tag)
        axes.locator_params(axis="x", integer=True)
        for place, line in enumerate(lines):
            _draw_line(axes, line, *look(place))
        if tag in levels:
            axes.axhline(levels[tag], color=canvas.INK, lw=1.1, ls="--")
    looks = [look(place) for place in range(len(names))]
    handles = [
        canvas.line(colour, name, style) for (colour, style), name in zip(looks, names, strict=True)
    ]
    if levels:
        handles.append(canvas.line(canvas.INK, "real data", "--"))
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.0),
        ncols=2,
        handlelength=4,
        frameon=False,
        fontsize=9,
        labelcolor=canvas.INK,
    )
    return canvas.png(figure)


def look(place: int) -> tuple[str, Style]:
    """The colour and the dashes of a line, which no line at another place has both of.

    The first lines are whole, the next ones dashed, and those after them have a dot more between
    their dashes each time that the colours are used up.
    """
    dots, colour = divmod(place, len(COLOURS))
    return COLOURS[colour], "-" if dots == 0 else (0, (4, 1.2, *(1, 1.2) * (dots - 1)))


def alone(values: np.ndarray) -> np.ndarray:
    """Whether each value, (S,), is a number with none beside it, to which no line could lead."""
    known = np.isfinite(values)
    beside = np.zeros_like(known)
    beside[1:] |= known[:-1]
    beside[:-1] |= known[1:]
    return np.asarray(known & ~beside)


def _draw_line(axes: Any, line: Line, colour: str, style: Style) -> None:
    """Draws a line with its band; a point that stands alone is a dot, and its band a bar."""
    single = alone(line.values)
    if line.band is not None:
        axes.fill_between(line.steps, *line.band, color=colour, alpha=0.18, lw=0)
        bars = [ends[single] for ends in (line.steps, *line.band)]
        axes.vlines(*bars, color=colour, alpha=0.4, lw=1.6)
    axes.plot(line.steps, line.values, color=colour, lw=1.6, ls=style)
    axes.plot(line.steps[single], line.values[single], "o", color=colour, ms=5)
