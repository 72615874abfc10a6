"""Figure 1 of the 2014 paper, drawn from a training: four moments as a PNG, all of it as a GIF."""

import io
import logging
from typing import Any

import numpy as np
from PIL import Image

from gan_cli.plots import canvas, panels
from gan_cli.theory.figure1 import Film

log = logging.getLogger(__name__)

MOMENTS = ("start", "D trained, G held", "G moved", "end")
CAPTIONS = {
    "figure1.png": "Four moments of one training: the data, the density of the samples of G, D, "
    "and the arrows by which G maps z to x. Compare with Figure 1 of Goodfellow et al. 2014.",
    "figure1.gif": "The whole training, with a pause at each of the four moments.",
}
LINES = (0.1, 0.9)  # heights of the lines of z and of x, below the densities
COLORS = 64  # in the film's palette
PAUSE = 1500  # milliseconds for which the film shows each of the four moments
BLINK = 90  # milliseconds for every other frame


def caption(film: Film, frame: int) -> str:
    """The title of one frame."""
    return f"step {film.steps[frame]:,}, JS {film.js[frame]:.4f} nats"


def draw(film: Film, title: str) -> bytes:
    """Draws the four moments side by side as a PNG."""
    count = len(film.moments)
    figure = panels.sheet(4.1 * count + 0.5, 5.4, title)
    places = panels.grid(figure, 1, count, wspace=0.07, right=0.965, bottom=0.07, top=0.85)
    top = _top(film, list(film.moments))
    for place, letter, name, frame in zip(places, "abcd", MOMENTS, film.moments, strict=True):
        panel = _Panel(figure, place, film, top)
        panel.show(frame, f"({letter}) {name}: {caption(film, frame)}")
        panel.name_axes(first=place.is_first_col(), last=place.is_last_col())
    return canvas.png(figure)


def animate(film: Film, title: str) -> bytes:
    """Draws all frames as a GIF that repeats and pauses at the four moments."""
    figure = panels.sheet(6.0, 5.4, title)
    place = panels.grid(figure, 1, 1, bottom=0.07, right=0.89)[0, 0]
    frames = range(len(film.steps))
    panel = _Panel(figure, place, film, _top(film, list(frames)))
    panel.name_axes(first=True, last=True)
    pictures = []
    for frame in frames:
        log.info("drawing frame %d of %d", frame + 1, len(frames))
        panel.show(frame, caption(film, frame))
        figure.canvas.draw()
        pictures.append(Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB"))
    palette = pictures[film.moments[1]].quantize(COLORS)
    first, *others = (
        picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures
    )
    stay = [PAUSE if frame in film.moments else BLINK for frame in frames]
    buffer = io.BytesIO()
    first.save(buffer, "gif", save_all=True, append_images=others, duration=stay, loop=0)
    return buffer.getvalue()


def _top(film: Film, frames: list[int]) -> float:
    """The end of the axis of densities: a narrow p_g is cut off at 2.2 times the data's peak."""
    highest = float(film.density[frames].max())
    return 1.12 * min(highest, 2.2 * float(film.data.max()))


class _Panel:
    """The densities and D above, the map from z to x below; only what changes is drawn anew."""

    def __init__(self, figure: Any, place: Any, film: Film, top: float) -> None:
        above, below = place.subgridspec(2, 1, height_ratios=(2.6, 1), hspace=0.02)
        self.film, self.density = film, figure.add_subplot(above)
        panels.dress(self.density)
        self.density.set(xlim=(film.x[0], film.x[-1]), ylim=(0, 1.3 * top))
        self.density.tick_params(labelbottom=False)
        self.outputs = self.density.twinx()
        self.outputs.set(ylim=(0, 1.3), yticks=[0, 0.5, 1])
        self.outputs.tick_params(colors=canvas.DENSITY, labelsize=9, length=3)
        self.outputs.spines[:].set_visible(False)
        (data,) = self.density.plot(film.x, film.data, ":", color="black", lw=2.2, label="data")
        (self.p,) = self.density.plot([], [], color=canvas.THIRD, lw=2, label="$p_g$")
        (self.D,) = self.outputs.plot([], [], "--", color=canvas.DENSITY, lw=1.6, label="D")
        self.curves = [data, self.p, self.D]
        self.arrows = _arrows(figure.add_subplot(below), film)
        self.title = self.density.set_title("", loc="left", fontsize=10, color=canvas.INK)

    def name_axes(self, *, first: bool, last: bool) -> None:
        """Names the axis of densities on the first panel of a row, and that of D on its last."""
        self.density.tick_params(labelleft=first)
        self.outputs.tick_params(labelright=last)
        if first:
            self.density.set_ylabel("density (1 / unit of x)", fontsize=9.5, color=canvas.INK)
            panels.legend(self.density, handles=self.curves, loc="upper left", ncols=3)
        if last:
            self.outputs.set_ylabel("D(x)", fontsize=9.5, color=canvas.DENSITY)

    def show(self, frame: int, title: str) -> None:
        film = self.film
        self.p.set_data(film.x, film.density[frame])
        self.D.set_data(film.x, film.outputs[frame])
        inside = np.clip(film.images[frame], film.x[0], film.x[-1])
        self.arrows.set_UVC(inside - film.z, np.full_like(inside, LINES[1] - LINES[0]))
        self.title.set_text(title)


def _arrows(axes: Any, film: Film) -> Any:
    """The line of z below that of x, and the arrows between them, which `set_UVC` turns."""
    axes.set(xlim=(film.x[0], film.x[-1]), ylim=(0, 1), yticks=[])
    axes.patch.set_visible(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(colors=canvas.INK, labelsize=9, length=3)
    for height, name in zip(LINES, ("$z$", "$x$"), strict=True):
        axes.axhline(height, color=canvas.INK, lw=1)
        axes.annotate(name, (1, height), (5, 0), "axes fraction", "offset points", va="center")
    start, still = np.full_like(film.z, LINES[0]), np.zeros_like(film.z)
    head = {"width": 0.0035, "headwidth": 5, "headlength": 6}
    units = {"angles": "xy", "scale_units": "xy", "scale": 1, "clip_on": False}
    return axes.quiver(film.z, start, still, still + 1, color=canvas.INK, **head, **units)
