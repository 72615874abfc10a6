"""A legend below the panels of a picture, in as many columns as its names leave room for."""

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from gan_cli.plots import canvas

SIZE = 9.0
"""The size of the names in points."""
HANDLE, GAP = 4.0, 2.0
"""The length of a line before its name, and the gap after it, in sizes of the names."""
LEFT = 0.1
"""The inches to the left and to the right of all."""
LINE, BETWEEN = 0.155, 0.08
"""The height of a line of text and of the gap below a name, in inches."""


class Layout(NamedTuple):
    """How names are laid out.

    names: the names, each folded where it is wider than the picture.
    columns: the number of columns.
    height: what all of them take, in inches.
    """

    names: list[str]
    columns: int
    height: float


def layout(names: Sequence[str], width: float) -> Layout:
    """Lays out names in a picture of this width in inches."""
    text = canvas.sheet(width, 1.0).text(0, 0, "", fontsize=SIZE, parse_math=False)

    def wide(name: str) -> float:
        text.set_text(name)
        return float(text.get_window_extent().width) / canvas.DPI

    beside = (HANDLE + GAP + 1.0) * SIZE / 72
    room = width - 2 * LEFT
    columns = int(room // (max(map(wide, names), default=0.0) + beside))
    if columns:
        rows = math.ceil(len(names) / columns)
        return Layout(list(names), columns, rows * (LINE + BETWEEN))
    folded = [_folded(name, room - beside, wide) for name in names]
    lines = sum(name.count("\n") + 1 for name in folded)
    return Layout(folded, 1, lines * LINE + len(folded) * BETWEEN)


def add(figure: Any, place: Layout, handles: Sequence[Any]) -> Any:
    """Adds a legend at the lower end of a figure that has room for it.

    Args:
        figure: the figure.
        place: the layout of the names.
        handles: what is shown before each name.
    """
    width, height = figure.get_size_inches()
    found = figure.legend(
        list(handles),
        place.names,
        loc="lower left",
        bbox_to_anchor=(LEFT / width, LEFT / height),
        borderpad=0.0,
        borderaxespad=0.0,
        ncols=place.columns,
        handlelength=HANDLE,
        handletextpad=1.0,
        columnspacing=GAP,
        labelspacing=BETWEEN * 72 / SIZE,
        frameon=False,
        fontsize=SIZE,
        labelcolor=canvas.INK,
    )
    for text in found.get_texts():
        text.set_parse_math(False)
    return found


def _folded(name: str, room: float, wide: Callable[[str], float]) -> str:
    """A name in as few lines as fit into the room, in inches."""
    for longest in range(len(name), 1, -1):
        lines = textwrap.wrap(name, longest)
        if max(map(wide, lines), default=0.0) <= room:
            return "\n".join(lines)
    return name
