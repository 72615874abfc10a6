"""Figure 1 of the 2014 paper, drawn from a training: four moments as a PNG, all of it as a GIF."""

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, panels

GENERATOR = "#2b8a3e"
LINES = (0.1, 0.9)  # heights of the lines of z and of x, below the densities
COLORS = 64
PAUSE = 1500  # milliseconds of the film's four moments
BLINK = 90  # of its other frames


class Curves(NamedTuple):
    """What every frame shows.

    x: (N,). data: the density of the data at x, (N,). z: the latents that arrows start from, (A,).
    """

    x: np.ndarray
    data: np.ndarray
    z: np.ndarray


class Frame(NamedTuple):
    """What one frame shows: p_g (N,), D (N,), the images G(z) (A,), and what it is called."""

    density: np.ndarray
    outputs: np.ndarray
    images: np.ndarray
    title: str


def draw(curves: Curves, frames: Sequence[Frame], title: str) -> bytes:
    """Draws some moments side by side as a PNG, under a title that says what was found."""
    figure = panels.sheet(4.1 * len(frames) + 0.5, 5.4, title)
    places = panels.grid(figure, 1, len(frames), wspace=0.07, right=0.965, bottom=0.07, top=0.85)
    top = _top(curves, frames)
    for place, frame in zip(places, frames, strict=True):
        panel = _Panel(figure, place, curves, top)
        panel.show(frame)
        panel.name_axes(first=place.is_first_col(), last=place.is_last_col())
    return panels.png(figure)


def animate(curves: Curves, frames: Sequence[Frame], moments: Sequence[int], title: str) -> bytes:
    """Draws all frames as a GIF that repeats and stays a while at some moments."""
    from PIL import Image

    figure = panels.sheet(6.0, 5.4, title)
    place = panels.grid(figure, 1, 1, bottom=0.07, right=0.89)[0, 0]
    panel = _Panel(figure, place, curves, _top(curves, frames))
    panel.name_axes(first=True, last=True)
    pictures = []
    for frame in frames:
        panel.show(frame)
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())
        pictures.append(Image.fromarray(pixels).convert("RGB"))
    palette = pictures[moments[1]].quantize(COLORS)
    reduced = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    stay = [PAUSE if number in moments else BLINK for number in range(len(frames))]
    buffer = io.BytesIO()
    reduced[0].save(buffer, "gif", save_all=True, append_images=reduced[1:], duration=stay, loop=0)
    return buffer.getvalue()


def _top(curves: Curves, frames: Sequence[Frame]) -> float:
    """The end of the axis of densities: a narrow p_g is cut off at 2.2 times the data's peak."""
    highest = max(float(frame.density.max()) for frame in frames)
    return 1.12 * min(highest, 2.2 * float(curves.data.max()))


class _Panel:
    """The densities and D above, the map from z to x below; only what changes is drawn anew."""

    def __init__(self, figure: Any, place: Any, curves: Curves, top: float) -> None:
        above, below = place.subgridspec(2, 1, height_ratios=(2.6, 1), hspace=0.02)
        self.density = figure.add_subplot(above)
        panels.dress(self.density)
        self.density.set(xlim=(curves.x[0], curves.x[-1]), ylim=(0, 1.3 * top))
        self.density.tick_params(labelbottom=False)
        self.outputs = self.density.twinx()
        self.outputs.set_ylim(0, 1.3)
        self.outputs.set_yticks([0, 0.5, 1])
        self.outputs.tick_params(colors=canvas.DENSITY, labelsize=9, length=3)
        self.outputs.spines[:].set_visible(False)
        plot = self.density.plot
        (data,) = plot(curves.x, curves.data, ":", color="black", lw=2.2, label="data")
        (self._p,) = plot([], [], color=GENERATOR, lw=2, label="$p_g$")
        (self._D,) = self.outputs.plot([], [], "--", color=canvas.DENSITY, lw=1.6, label="D")
        self._curves = [data, self._p, self._D]
        self._x, self._z = curves.x, curves.z
        self._arrows = _lines(figure.add_subplot(below), curves)
        self._title = self.density.set_title("", loc="left", fontsize=10, color=canvas.INK)

    def name_axes(self, *, first: bool, last: bool) -> None:
        """Names the axis of densities on the first panel of a row, and that of D on its last."""
        self.density.tick_params(labelleft=first)
        self.outputs.tick_params(labelright=last)
        if first:
            self.density.set_ylabel("density (1 / unit of x)", fontsize=9.5, color=canvas.INK)
            panels.legend(self.density, handles=self._curves, loc="upper left", ncols=3)
        if last:
            self.outputs.set_ylabel("D(x)", fontsize=9.5, color=canvas.DENSITY)

    def show(self, frame: Frame) -> None:
        self._p.set_data(self._x, frame.density)
        self._D.set_data(self._x, frame.outputs)
        inside = np.clip(frame.images, self._x[0], self._x[-1])
        self._arrows.set_UVC(inside - self._z, np.full_like(inside, LINES[1] - LINES[0]))
        self._title.set_text(frame.title)


def _lines(axes: Any, curves: Curves) -> Any:
    """The line of z below that of x, and the arrows between them, which `set_UVC` turns."""
    low, high = curves.x[0], curves.x[-1]
    axes.set(xlim=(low, high), ylim=(0, 1), yticks=[])
    axes.patch.set_visible(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=canvas.INK, labelsize=9, length=3)
    for height, name in zip(LINES, ("$z$", "$x$"), strict=True):
        axes.axhline(height, color=canvas.INK, lw=1)
        axes.annotate(name, (1, height), (5, 0), "axes fraction", "offset points", va="center")
    return axes.quiver(
        curves.z,
        np.full_like(curves.z, LINES[0]),
        np.zeros_like(curves.z),
        np.ones_like(curves.z),
        angles="xy",
        scale_units="xy",
        scale=1,
        width=0.0035,
        headwidth=5,
        headlength=6,
        color=canvas.INK,
        clip_on=False,
    )
