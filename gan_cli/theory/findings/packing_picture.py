"""Models of P in packs in a picture: the models, what a set of packs tells, and TV by the size."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.packing import Packing, region

CAPTION = (
    "How much sooner D tells a model that lacks a part of P than one that is uneven and as far "
    "off, by the number of examples that it judges at once: exactly, and by trained D."
)
COLOURS = (canvas.SAMPLES, canvas.THIRD)


def draw(found: Packing, title: str) -> bytes:
    """Draws a PNG of three panels."""
    figure = panels.sheet(13.2, 4.9, title)
    left, middle, right = panels.grid(figure, 1, 3, wspace=0.22).subplots()
    _distributions(left, found)
    _regions(middle, found)
    _by_size(right, found)
    return canvas.png(figure)


def _distributions(axes: Any, found: Packing) -> None:
    low, high, masses = found.cells
    points = bool((low == high).all())
    unit = "mass" if points else "density (1 / unit of $x$)"
    panels.dress(axes, "$x$", unit, "P and its models")
    looks = zip(
        ("P", *(model.name for model in found.models)), (canvas.DENSITY, *COLOURS), strict=False
    )
    span = float(high.max() - low.min()) or 1.0
    for row, (name, colour) in enumerate(looks):
        if points:
            x = low + 0.008 * span * (row - (len(masses) - 1) / 2)
            axes.vlines(x, 0, masses[row], color=colour, lw=3, alpha=0.6)
            axes.plot(x, masses[row], "o", ms=6, color=colour, label=name)
            continue
        style = {"lw": 2.2, "ls": ("-", "-", "--")[row], "color": colour, "label": name}
        edges, heights = _outline(low, high, masses[row] / (high - low))
        axes.plot(edges, heights, **style)
        axes.fill_between(edges, heights, color=colour, alpha=0.08, lw=0)
    axes.set_ylim(0, axes.get_ylim()[1] * 1.25)
    panels.legend(axes, loc="upper left", ncols=3)


def _outline(low: np.ndarray, high: np.ndarray, heights: np.ndarray) -> tuple[np.ndarray, ...]:
    """The corners of steps, which begin and end at 0, also between two that do not touch."""
    x = np.repeat(np.stack([low, high], axis=1), 2, axis=1).ravel()
    y = np.stack([0 * heights, heights, heights, 0 * heights], axis=1)
    touching = np.append(low[1:] == high[:-1], False)
    y[touching, 3] = heights[touching]
    y[1:, 0][touching[:-1]] = heights[:-1][touching[:-1]]
    return x, y.ravel()


def _regions(axes: Any, found: Packing) -> None:
    panels.dress(
        axes, "Q(S), share of the model's packs in S", "P(S)", "What a set S of packs tells"
    )
    axes.plot([0, 1], [0, 1], "--", color=canvas.REFERENCE, lw=1)
    for model, colour in zip(found.models, COLOURS, strict=False):
        sizes = sorted({1, len(model.packs)})
        for m in sizes:
            x, y = region(model.masses, m)
            wide = m == sizes[-1]
            name = f"{model.name}, m = {m}"
            axes.plot(
                x,
                y,
                color=colour,
                lw=2.2 if wide else 1.3,
                alpha=1 if wide else 0.6,
                ls="-" if wide else ":",
                label=name,
            )
            best = int(np.argmax(y - x))
            axes.plot([x[best]] * 2, [x[best], y[best]], color=colour, lw=1, alpha=0.6)
    axes.plot([], [], color=canvas.REFERENCE, lw=1, label="greatest height: TV")
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", anchor="W")
    panels.legend(axes, loc="lower right")


def _by_size(axes: Any, found: Packing) -> None:
    panels.dress(axes, "m, the examples in a pack", "total variation of packs", "TV by the size")
    for model, colour in zip(found.models, COLOURS, strict=False):
        sizes = np.array(model.sizes)
        exact = [pack.total_variation.value for pack in model.packs]
        mark = "o-" if len(sizes) <= 20 else "-"
        axes.plot(sizes, exact, mark, ms=7, mfc="white", color=colour, label=f"{model.name}, exact")
        judged = [pack for pack in model.packs if pack.trained is not None]
        values = [pack.trained.total_variation.value for pack in judged if pack.trained]
        look = {"ms": 9, "mew": 1.6, "color": colour, "label": f"{model.name}, by a trained D"}
        axes.plot([pack.m for pack in judged], values, "+", **look)
        if len(sizes) <= 6:
            for m, value in zip(sizes, exact, strict=True):
                axes.annotate(
                    f"{value:.4g}",
                    (m, value),
                    (-6, 7),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8.5,
                    color=canvas.INK,
                )
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, min(1.08, axes.get_ylim()[1] * 1.15))
    panels.legend(axes, loc="upper left" if axes.get_ylim()[1] < 1 else "lower right")
