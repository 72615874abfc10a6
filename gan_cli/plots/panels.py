"""Pictures of several axes under one title that says what was found."""

from typing import Any

from gan_cli.plots import canvas

FAINT = "#eceef1"


def sheet(width: float, height: float, title: str) -> Any:
    """Makes a figure with a title at its upper left, apart from any pyplot state.

    Args:
        width: in inches.
        height: in inches.
        title: the finding; it may have two lines, for which 0.75 inches are left free. What is
            wider than the page is set smaller.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=canvas.DPI, facecolor="white")
    FigureCanvasAgg(figure)
    text = figure.text(
        0.15 / width, 1 - 0.12 / height, title, va="top", ha="left", fontsize=11, color=canvas.INK
    )
    long = text.get_window_extent().width / ((width - 0.3) * canvas.DPI)
    text.set_fontsize(11 / max(1.0, long))
    return figure


def grid(figure: Any, rows: int, columns: int, **shape: Any) -> Any:
    """Places for axes, below the title.

    Args:
        figure: from `sheet`.
        rows: of axes.
        columns: of axes.
        shape: what else matplotlib's `add_gridspec` takes, such as `height_ratios` or `wspace`.
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

    Ticks along y from 1e4 on are told as multiples of a power of ten, which stands above them.
    """
    axes.set_xlabel(x, fontsize=9.5, color=canvas.INK)
    axes.set_ylabel(y, fontsize=9.5, color=canvas.INK)
    axes.set_title(title, loc="left", fontsize=10, color=canvas.INK)
    axes.tick_params(colors=canvas.INK, labelsize=9, length=3)
    axes.ticklabel_format(axis="y", scilimits=(-5, 4), useMathText=True)
    axes.yaxis.get_offset_text().set(horizontalalignment="right", fontsize=9, color=canvas.INK)
    axes.spines[:].set_color("#c5c9d0")
    axes.grid(color=FAINT)
    axes.set_axisbelow(True)


def legend(axes: Any, **place: Any) -> None:
    """A small legend on white, so that lines below it do not disturb it."""
    axes.legend(
        **(
            {"fontsize": 8.5, "labelcolor": canvas.INK, "edgecolor": FAINT, "framealpha": 0.9}
            | place
        )
    )


def png(figure: Any) -> bytes:
    """Draws the figure and encodes it."""
    figure.canvas.draw()
    return canvas.png(figure)
