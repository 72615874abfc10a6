"""What all pictures of points along lines in z share: colours, marks, legend and title."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas

COLOURS = (
    "#d9480f",
    "#2b8a3e",
    "#862e9c",
    "#e6a700",
    "#0b7285",
    "#e64980",
    "#7a4a1e",
    canvas.INK,
)
"""Of the lines, one after the other; they begin anew after the last."""


def draw(axes: Any, x: np.ndarray, y: np.ndarray) -> None:
    """Connects points in the order of z; a ring is where a line starts, a square where it ends.

    Args:
        axes: what to draw on.
        x: (rows, columns), a row for each line.
        y: of the same shape.
    """
    for number, (across, up) in enumerate(zip(x, y, strict=True)):
        look = {"color": COLOURS[number % len(COLOURS)], "zorder": 3}
        axes.plot(across, up, "-o", lw=1.3, ms=2.4, mew=0, **look)
        axes.plot(across[:1], up[:1], "o", ms=6, mew=1.3, mfc="white", **look)
        axes.plot(across[-1:], up[-1:], "s", ms=6, mew=0.6, mec="white", **look)


def finish(axes: Any, behind: Any, title: str, inside: np.ndarray) -> bytes:
    """Adds legend, title and how many points are not within the axes.

    Args:
        axes: what the lines are drawn on.
        behind: the legend's handle of the background.
        title: see `describe`.
        inside: (rows, columns), which points are within the axes.

    Returns:
        An encoded PNG.
    """
    said, remark = canvas.heading(axes, [*_marks(axes), behind])
    said.set_text(title)
    remark.set_text(canvas.lost(inside.ravel()))
    axes.figure.canvas.draw()
    return canvas.png(axes.figure)


def describe(title: str, lines: np.ndarray, background: str) -> str:
    """The title, such as "step 1,000: 8 lines in z of 10 samples over ..."."""
    rows, columns = lines.shape[:2]
    lead = f"{title}: " if title else ""
    count = f"{rows:,} line{'s' if rows > 1 else ''} in z"
    return f"{lead}{count} of {columns:,} samples over {background}"


def _marks(axes: Any) -> list[Any]:
    """The legend's handles of a line's ends, without a place on the axes."""
    grey = {"color": canvas.INK, "ls": "-", "lw": 1.3}
    (start,) = axes.plot([], [], "o", ms=4, mew=1.2, mfc="white", label="start of a line", **grey)
    (end,) = axes.plot([], [], "s", ms=4, mew=0, label="its end", **grey)
    return [start, end]
