"""The paper and ink of every plot of points: a figure of fixed size, its colours, its PNG."""

import io
from typing import Any

import numpy as np

DENSITY = "#3b6fb6"
SAMPLES = "#d9480f"
REFERENCE = "#8a9099"
INK = "#2b2f36"

DPI = 125
"""Pixels in an inch; TensorBoard shows a picture 350 pixels wide, half of 5.6 inches."""


def blank(width: float, height: float) -> tuple[Any, Any]:
    """Makes a figure with one pair of axes, apart from any pyplot state.

    Args:
        width: in inches.
        height: in inches.

    Returns:
        The figure and its axes.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    left, right, low, high = 0.72 / width, 1 - 0.2 / width, 0.6 / height, 1 - 0.8 / height
    axes = figure.add_axes((left, low, right - left, high - low))
    axes.set_facecolor("white")
    axes.tick_params(colors=INK, labelsize=9.5, length=3)
    axes.spines[:].set_color("#c5c9d0")
    axes.set_axisbelow(True)
    return figure, axes


def heading(axes: Any, handles: list[Any]) -> tuple[Any, Any]:
    """Puts a legend in a row above the axes, and empty texts for what changes with each picture.

    Returns:
        The title, above the legend, and a remark at the right end of the legend's row.
    """
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
    remark = axes.annotate(
        "", (1, 1), (0, 6.5), "axes fraction", "offset points", ha="right", fontsize=9.5
    )
    remark.set_color(SAMPLES)
    return title, remark


def png(figure: Any) -> bytes:
    """Encodes what is drawn on the figure's canvas."""
    from PIL import Image

    pixels = np.asarray(figure.canvas.buffer_rgba())
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(buffer, "png", compress_level=3)
    return buffer.getvalue()


def bounds(points: np.ndarray, margin: float = 0.15) -> np.ndarray:
    """The box of points (N, D), widened on each side, as lower and upper corners (2, D).

    Args:
        points: what must be seen.
        margin: what is added on a side, as a fraction of the width.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    return np.stack([low - margin * width, high + margin * width])


def describe(title: str, count: int, background: str) -> str:
    """The title of a picture of samples, such as "step 1,000: 512 samples of G over ..."."""
    lead = f"{title}: " if title else ""
    return f"{lead}{count:,} samples of G over {background}"


def lost(inside: np.ndarray) -> str:
    """How many samples are not within the axes (N,), or nothing where all are."""
    outside = len(inside) - int(inside.sum())
    return f"{outside:,} outside" if outside else ""
