"""Scalars over the steps of trainings: one panel a scalar, one line a group of runs."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, legend, panels

Style = str | tuple[float, tuple[float, ...]]

COLOURS = ("#3b6fb6", "#d9480f", "#2b8a3e", "#8b4fb0", "#b8860b", "#1f8a8a", "#b0306a", "#5f6670")

CLOSE = 0.01
"""Lines that are closer than this share of a panel's values lie on one another."""
RAIL, MOST = 2.0, len(COLOURS) - 1
"""By how many points a line is wider for each that lies on it, and for how many at most."""

UP = "^"
LOWER_BOUND = "at least so much: a lower bound of the truth"
"""How a value that is a lower bound alone is drawn, and what is said of it."""


class Line(NamedTuple):
    """A line, and the band around it if there is one.

    steps: (S,).
    values: (S,).
    band: the lower and the upper end at each step, (S,) each.
    bounds: whether each value is a lower bound alone, (S,), of which the band has no upper end.
    """

    steps: np.ndarray
    values: np.ndarray
    band: tuple[np.ndarray, np.ndarray] | None = None
    bounds: np.ndarray | None = None


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
    width = 0.9 + 3.7 * columns
    looks = [look(number) for number in range(len(names))]
    handles = [
        canvas.line(colour, name, style) for (colour, style), name in zip(looks, names, strict=True)
    ]
    if levels:
        handles.append(canvas.line(canvas.INK, "real data", "--"))
    if any(_bounded(line).any() for lines in scalars.values() for line in lines):
        handles.append(canvas.point(canvas.INK, LOWER_BOUND, UP))
    layout = legend.layout([handle.get_label() for handle in handles], width)
    below = layout.height + 0.2
    height = 1.5 + 2.5 * rows + below
    figure = panels.sheet(width, height, title)
    places = panels.grid(
        figure, rows, columns, wspace=0.28, hspace=0.45, bottom=(0.6 + below) / height
    )
    for number, (tag, lines) in enumerate(scalars.items()):
        axes = figure.add_subplot(places[number // columns, number % columns])
        panels.dress(axes, "step", "", tag)
        axes.locator_params(axis="x", integer=True)
        for place, (line, hidden) in enumerate(zip(lines, covered(lines), strict=True)):
            _draw_line(axes, line, *look(place), np.minimum(hidden, MOST))
        if tag in levels:
            axes.axhline(levels[tag], color=canvas.INK, lw=1.1, ls="--")
    legend.add(figure, layout, handles)
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


def covered(lines: Sequence[Line]) -> list[np.ndarray]:
    """How many of the lines that are drawn after it lie on each value of a line, (S,) each.

    Those that only cross it do not count.
    """
    values = np.concatenate([line.values for line in lines])
    known = values[np.isfinite(values)]
    near = CLOSE * np.ptp(known) if known.size else 0.0
    found = []
    for place, line in enumerate(lines):
        others = [each for each in lines[place + 1 :] if each.steps.size]
        there = [
            np.interp(line.steps, each.steps, each.values, left=np.nan, right=np.nan)
            for each in others
        ]
        on_it = [_within(each, line.values, near) for each in there]
        found.append(np.sum(on_it, axis=0, dtype=int) if on_it else np.zeros(line.steps.size, int))
    return found


def _within(there: np.ndarray, values: np.ndarray, near: float) -> np.ndarray:
    """Whether values, (S,), are near those of another line, for three steps in a row.

    At an end, or beside a step of which nothing is known, fewer do.
    """
    with np.errstate(invalid="ignore"):
        distance = np.abs(there - values)
    elsewhere = np.pad(distance > near, 1)
    inner = np.pad((distance <= near) & ~elsewhere[:-2] & ~elsewhere[2:], 1)
    return np.asarray((distance <= near) & (inner[1:-1] | inner[:-2] | inner[2:]))


def _draw_line(axes: Any, line: Line, colour: str, style: Style, hidden: np.ndarray) -> None:
    """Draws a line with its band; a point that stands alone is a dot, and its band a bar.

    A value that is a lower bound alone points up, and its band ends there. Where later lines lie on
    it, a line is wider than they are, so that it is seen on both sides of them.

    Args:
        axes: what is drawn on.
        line: the line.
        colour: its colour.
        style: its dashes.
        hidden: for how many later lines it is wider at each of its values, (S,).
    """
    single, bounded = alone(line.values), _bounded(line)
    if line.band is not None:
        low, high = line.band
        band = (low, np.where(bounded, line.values, high))
        axes.fill_between(line.steps, *band, color=colour, alpha=0.18, lw=0)
        bars = [ends[single] for ends in (line.steps, *band)]
        axes.vlines(*bars, color=colour, alpha=0.4, lw=1.6)
    for level in np.unique(hidden):
        values, wider = np.where(hidden >= level, line.values, np.nan), level * RAIL
        axes.plot(line.steps, values, color=colour, lw=1.6 + wider, ls=style)
        for marker, where in (("o", single & ~bounded), (UP, bounded)):
            here = where & (hidden == level)
            if here.any():
                dots = (line.steps[here], line.values[here])
                axes.plot(*dots, marker, color=colour, ms=5 + 2 * wider)


def _bounded(line: Line) -> np.ndarray:
    """Whether each value of a line, (S,), is a lower bound alone."""
    return np.zeros(line.values.shape, bool) if line.bounds is None else line.bounds
