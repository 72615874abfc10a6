"""Pictures of several axes under one title that says what was found."""

import logging
import re
import textwrap
from typing import Any

from gan_cli.plots import canvas
from gan_cli.plots.library import LogLocator, NullFormatter, StrMethodFormatter

log = logging.getLogger(__name__)

TITLE, LEAST = 11.0, 8.5
"""The size of a title in points, and the least one: what does not fit in it is folded or cut."""
STEP = 0.25
"""By how many points a title becomes smaller at a time until it fits."""
LINES = 3
SHORT = 200.0
"""The ends of a logarithmic axis of few decades are at most this far apart, as a factor."""


def sheet(width: float, height: float, title: str) -> Any:
    """Makes a figure with a title at its upper left.

    Args:
        width: the width in inches.
        height: the height in inches.
        title: the finding, in at most two lines. If it is wider than the page, it is set smaller,
            and if that does not suffice, in at most three lines.
    """
    log.info("drawing")
    figure = canvas.sheet(width, height)
    look = {"va": "top", "fontsize": TITLE, "color": canvas.INK}
    text = figure.text(0.15 / width, 1 - 0.12 / height, title, **look)
    room = (width - 0.3) * canvas.DPI
    while text.get_window_extent().width > room and text.get_fontsize() > LEAST:
        text.set_fontsize(max(LEAST, text.get_fontsize() - STEP))  # letters are whole pixels wide
    if (long := text.get_window_extent().width) > room:
        longest = max(map(len, title.split("\n")))
        text.set_text(folded(title, int(0.95 * longest * room / long)))
    return figure


def folded(title: str, width: int) -> str:
    """A title in lines of at most so many characters, none broken within a formula."""
    kept = re.sub(r"\$[^$]*\$", lambda formula: formula.group().replace(" ", "\0"), title)
    lines = [part for line in kept.split("\n") for part in textwrap.wrap(line, width)]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{lines[LINES - 1][: width - 4].rstrip()} ..."]
    return "\n".join(lines).replace("\0", " ")


def grid(figure: Any, rows: int, columns: int, **shape: Any) -> Any:
    """Divides a figure from `sheet` into places for axes, below the title.

    `shape` is passed to matplotlib's `add_gridspec`: it may hold `height_ratios`, `wspace` etc.
    """
    width, height = figure.get_size_inches()
    edges = {
        "left": 0.7 / width,
        "right": 1 - 0.25 / width,
        "bottom": 0.6 / height,
        "top": 1 - 0.95 / height,
    }
    return figure.add_gridspec(rows, columns, **(edges | shape))


def dress(axes: Any, x: str = "", y: str = "", title: str = "") -> None:
    """Gives axes their labels, with units, and the look of the other pictures.

    Ticks on the y axis from 1e4 on are multiples of a power of ten, which stands above the axis.
    """
    canvas.label(axes, x, y, 9.5)
    axes.set_title(title, loc="left", fontsize=10, color=canvas.INK)
    axes.ticklabel_format(axis="y", scilimits=(-5, 4), useMathText=True)
    axes.yaxis.get_offset_text().set(horizontalalignment="right", fontsize=9, color=canvas.INK)
    axes.grid(color=canvas.FAINT)


def mark_decades(axis: Any) -> None:
    """Marks a logarithmic axis of few decades at 1, 2 and 5 times powers of ten, in plain numbers.

    Matplotlib itself would put nine labels in a decade there, one over the other.
    """
    low, high = axis.get_view_interval()
    if high <= SHORT * low:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def legend(axes: Any, **place: Any) -> None:
    """Adds a small legend on white, so that lines below it do not disturb it."""
    look = {"fontsize": 8.5, "labelcolor": canvas.INK, "edgecolor": canvas.FAINT, "framealpha": 0.9}
    axes.legend(**(look | place))
