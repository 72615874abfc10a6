"""Figure 1 of the 2014 paper, drawn from a training: four moments as a PNG, all of it as a GIF."""

import io
import logging
from typing import Any

import numpy as np
from PIL import Image

from gan_cli.plots import canvas, panels
from gan_cli.theory.figure1 import POINTS, WIDTH, Film
from gan_cli.theory.findings.base import Expected, Findings, table

log = logging.getLogger(__name__)

MOMENTS = ("start", "D trained, G held", "G moved", "end")
ENDS = 0.02  # how far JS in nats and D may be from their limits at the end
CAPTIONS = {
    "figure1.png": "Four moments of one training: the data, the density of the samples of G, D, "
    "and the arrows by which G maps z to x. Compare with Figure 1 of Goodfellow et al. 2014.",
    "figure1.gif": "The whole training, with a pause at each of the four moments.",
}
LINES = (0.1, 0.9)  # heights of the lines of z and of x, below the densities
COLORS = 64  # in the film's palette
PAUSE = 1500  # milliseconds for which the film shows each of the four moments
BLINK = 90  # milliseconds for every other frame


def findings(film: Film) -> Findings:
    """Shows the four moments, and the whole training."""
    at = list(film.moments)
    numbers = {
        "moments": list(MOMENTS),
        "steps": film.steps[at],
        "js": film.js[at],
        "js_floor": film.floor,
        "discriminator_off_optimum": film.off_optimum[at],
        "discriminator_off_half": film.off_half[at],
        "discriminator_farthest_off_half": film.farthest_off_half[at],
    }
    pictures = {"figure1.png": draw(film), "figure1.gif": animate(film)}
    return Findings(numbers, lines(film), pictures, expected(film), CAPTIONS)


def expected(film: Film) -> list[Expected]:
    """What the theory gives for the end of a training."""
    end, trained = film.moments[-1], film.moments[1]
    return [
        Expected("JS(p_data, p_g) at the end, nats", 0.0, (film.js[end], 0.0), ENDS),
        Expected("mean |D - 1/2| over the data at the end", 0.0, (film.off_half[end], 0.0), ENDS),
        Expected(
            "JS at the end, nats: below that at the start",
            film.js[trained],
            (film.js[end], 0.0),
            relation="<=",
        ),
    ]


def lines(film: Film) -> list[str]:
    """A table of the four moments, and how it was measured."""
    rows = [
        (
            name,
            f"{film.steps[i]:,}",
            f"{film.js[i]:.5f}",
            f"{film.off_optimum[i]:.3f}",
            f"{film.off_half[i]:.4f}",
            f"{film.farthest_off_half[i]:.3f}",
        )
        for name, i in zip(MOMENTS, film.moments, strict=True)
    ]
    head = ("moment", "steps", "JS", "|D - D*|", "|D - 1/2|", "at most")
    return [
        "The minimax game on the line with k = 5. If p_g is the data, JS is 0 and D is 1/2.",
        "",
        *table("<>>>>>", head, *rows),
        "",
        f"JS         JS(p_data, p_g) in nats. p_g is estimated from {POINTS:,} samples of G by a",
        f"           normal kernel of standard deviation {WIDTH:g}. For samples of the data",
        f"           themselves the same estimate is {film.floor:.6f}.",
        "|D - D*|   the largest distance of D from p_data / (p_data + p_g), in the smallest region",
        "           that holds 99 % of (p_data + p_g) / 2.",
        "|D - 1/2|  the mean over the data, and the largest value in the smallest region that",
        "           holds 99 % of the data.",
    ]


def caption(film: Film, frame: int) -> str:
    """The title of one frame."""
    return f"step {film.steps[frame]:,}, JS {film.js[frame]:.4f} nats"


def title(film: Film, between: str = " ") -> str:
    """The finding, in two parts with a space or a new line between them."""
    first, last = film.js[0], film.js[-1]
    data = "$p_g$ becomes the data" if last <= ENDS else "$p_g$ is not yet the data"
    half = "D approaches 1/2" if film.off_half[-1] <= ENDS else "D is not yet 1/2"
    return (
        f"{data}: JS {'falls' if last < first else 'goes'} from {first:.3f} to {last:.4f} nats."
        f"{between}{half}: its mean distance over the data ends at {film.off_half[-1]:.4f}."
    )


def draw(film: Film) -> bytes:
    """Draws the four moments side by side as a PNG."""
    count = len(film.moments)
    figure = panels.sheet(4.1 * count + 0.5, 5.4, title(film))
    places = panels.grid(figure, 1, count, wspace=0.07, right=0.965, bottom=0.07, top=0.85)
    top = _top(film, list(film.moments))
    for place, letter, name, frame in zip(places, "abcd", MOMENTS, film.moments, strict=True):
        panel = _Panel(figure, place, film, top)
        panel.show(frame, f"({letter}) {name}: {caption(film, frame)}")
        panel.name_axes(first=place.is_first_col(), last=place.is_last_col())
    return canvas.png(figure)


def animate(film: Film) -> bytes:
    """Draws all frames as a GIF that repeats and pauses at the four moments."""
    figure = panels.sheet(6.0, 5.4, title(film, "\n"))
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
