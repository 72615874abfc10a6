"""What all pictures of points along lines in z share."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas

COLOURS = (
    canvas.SAMPLES,
    canvas.THIRD,
    "#862e9c",
    "#e6a700",
    "#0b7285",
    "#e64980",
    "#7a4a1e",
    canvas.INK,
)
"""The colours of the lines in turn; after the last, the first is used again."""


def draw(
    axes: Any, x: np.ndarray, y: np.ndarray, title: str, background: str, behind: Any
) -> bytes:
    """Connects points in the order of z; a ring marks the start of a line, a square its end.

    Args:
        axes: the axes to draw on, with their limits.
        x: the x coordinates, (rows, columns), with a row for each line.
        y: the y coordinates, of the same shape.
        title: when the lines were drawn, such as "step 1,000", or nothing.
        background: what is behind the lines, such as "the true density".
        behind: the legend's handle for the background.

    Returns:
        An encoded PNG, with a legend, a title and the number of points outside the axes.
    """
    for number, (across, up) in enumerate(zip(x, y, strict=True)):
        look = {"color": COLOURS[number % len(COLOURS)], "zorder": 3}
        axes.plot(across, up, "-o", lw=1.3, ms=2.4, mew=0, **look)
        axes.plot(across[:1], up[:1], "o", ms=6, mew=1.3, mfc="white", **look)
        axes.plot(across[-1:], up[-1:], "s", ms=6, mew=0.6, mec="white", **look)
    grey = {"color": canvas.INK, "ls": "-", "lw": 1.3}
    (start,) = axes.plot([], [], "o", ms=4, mew=1.2, mfc="white", label="start of a line", **grey)
    (end,) = axes.plot([], [], "s", ms=4, mew=0, label="its end", **grey)
    rows, columns = x.shape
    what = f"{rows:,} line{'s' if rows > 1 else ''} in z of {columns:,} samples over {background}"
    canvas.heading(axes, [start, end, behind]).say(title, what, canvas.inside(axes, x, y))
    return canvas.png(axes.figure)
