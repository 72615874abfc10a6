"""What every picture is drawn on and with: a figure of fixed size, axes, colours, its PNG."""

import io
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from gan_cli.plots.library import (
    Colormap,
    Figure,
    FigureCanvasAgg,
    Line2D,
    LinearSegmentedColormap,
)

DENSITY = "#3b6fb6"
SAMPLES = "#d9480f"
THIRD = "#2b8a3e"
REFERENCE = "#8a9099"
INK = "#2b2f36"
EDGE = "#c5c9d0"
FAINT = "#eceef1"

DPI = 125
"""Pixels per inch; TensorBoard shows a picture 350 pixels wide, half of 5.6 inches."""


def sheet(width: float, height: float) -> Any:
    """Makes a figure of this size in inches, independent of pyplot."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def blank(width: float, height: float, x: str, y: str) -> Any:
    """Makes a figure of this size in inches with one pair of axes, which it returns."""
    left, right, low, high = 0.72 / width, 1 - 0.2 / width, 0.6 / height, 1 - 0.8 / height
    axes = sheet(width, height).add_axes((left, low, right - left, high - low))
    label(axes, x, y, 10)
    return axes


def label(axes: Any, x: str, y: str, size: float) -> None:
    """Names the axes in letters of this size in points, and gives them the look of all pictures."""
    axes.set_xlabel(x, fontsize=size, color=INK)
    axes.set_ylabel(y, fontsize=size, color=INK)
    axes.tick_params(colors=INK, labelsize=size - 0.5, length=3)
    axes.spines[:].set_color(EDGE)
    axes.set_axisbelow(True)


class Heading(NamedTuple):
    """What stands above a picture and changes with it.

    title: the text above the legend.
    remark: the text at the right end of the legend's row.
    """

    title: Any
    remark: Any

    def say(self, when: str, what: str, inside: np.ndarray) -> None:
        """Says what is drawn, and how many samples are not `inside` the axes, if any.

        Args:
            when: when it was drawn, such as "step 1,000", or nothing.
            what: what is drawn, such as "512 samples of G over the true density".
            inside: whether each sample is inside the axes, of any shape.
        """
        self.title.set_text(f"{when}: {what}" if when else what)
        outside = int((~inside).sum())
        self.remark.set_text(f"{outside:,} outside" if outside else "")


def heading(axes: Any, handles: list[Any]) -> Heading:
    """Puts a legend in a row above the axes, and an empty heading around it."""
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(handles),
        frameon=False,
        borderaxespad=0.15,
        borderpad=0.2,
        handletextpad=0.5,
        columnspacing=1.6,
        markerscale=1.6,
        fontsize=9.5,
        labelcolor=INK,
    )
    title = axes.set_title("", loc="left", fontsize=10, color=INK, pad=25)
    look = {"ha": "right", "fontsize": 9.5, "color": SAMPLES}
    remark = axes.annotate("", (1, 1), (0, 6.5), "axes fraction", "offset points", **look)
    return Heading(title, remark)


def line(colour: str, name: str, style: Any = "-") -> Any:
    """What a legend shows for a line of this colour and style."""
    return Line2D([], [], color=colour, lw=2, ls=style, label=name)


def point(colour: str, name: str, marker: str) -> Any:
    """What a legend shows for points of this colour and marker."""
    return Line2D([], [], color=colour, ls="", marker=marker, ms=5, label=name)


def inside(axes: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Which points lie inside the axes, in the shape of x and y."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    return np.asarray((left <= x) & (x <= right) & (low <= y) & (y <= high))


def png(figure: Any) -> bytes:
    """Draws a figure and encodes it."""
    figure.canvas.draw()
    return encode(figure)


def encode(figure: Any) -> bytes:
    """Encodes what is drawn on the figure's canvas."""
    buffer = io.BytesIO()
    pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba()))
    pixels.convert("RGB").save(buffer, "png", compress_level=3)
    return buffer.getvalue()


def blues(lightest: str) -> Colormap:
    """The colours of a density, from the lightest to the darkest."""
    return LinearSegmentedColormap.from_list("blues", [lightest, DENSITY])


def bounds(points: np.ndarray, margin: float = 0.15) -> np.ndarray:
    """Widens the box of points (N, D) and returns its lower and upper corners, (2, D).

    Args:
        points: the points that must be seen.
        margin: the margin on each side, as a share of the width.
    """
    low, high = (end.astype(np.float64) for end in (points.min(axis=0), points.max(axis=0)))
    width = np.where(high > low, high - low, 1.0)
    return np.stack([low - margin * width, high + margin * width])
