"""The birthday test in a picture: the support by the tolerance, and the pairs that are nearest."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.birthday import RADII, Birthday
from gan_cli.theory.findings.nearest_pairs import image_pairs, plane, point_pairs

SEEN = 10  # the pairs within a tolerance from which on a curve is drawn
CAPTION = (
    "How many different samples there are by the tolerance up to which two are the same, of G and "
    f"of the data, and the pairs that are nearest. A curve begins where {SEEN} pairs are the same, "
    "so the point of the test itself may stand before it."
)


def draw(found: Birthday, title: str) -> bytes:
    """Draws a PNG: the support by the tolerance, and the nearest pairs of G and of the data."""
    figure = panels.sheet(13.6, 5.2, title)
    shape = {"wspace": 0.22, "width_ratios": (1.2, 1, 1)}
    left, middle, right = panels.grid(figure, 1, 3, **shape).subplots()
    _curve(left, found)
    is_image = found.samples.ndim == 4
    show = image_pairs if is_image else point_pairs
    show(middle, found.samples, found.of_samples, "G", canvas.SAMPLES)
    show(right, found.real, found.of_real, "the data", canvas.DENSITY)
    if not is_image:
        ends = canvas.bounds(plane(np.concatenate([found.real, found.samples])), 0.1)
        for axes in (middle, right):
            axes.set(xlim=ends[:, 0], ylim=ends[:, 1])
    return canvas.png(figure)


def _curve(axes: Any, found: Birthday) -> None:
    name = "How many different ones, by what counts as the same"
    panels.dress(axes, "tolerance (distance in units of the data)", "support N = 1 / c")
    axes.set_title(name, loc="left", fontsize=10, color=canvas.INK)
    radii = RADII * found.tolerance
    pairs = (
        ("G", found.of_samples, found.generator, canvas.SAMPLES),
        ("data", found.of_real, found.data, canvas.DENSITY),
    )
    axes.set(xscale="log", yscale="log")
    for label, near, support, colour in pairs:
        seen = (near.shares * support.n * (support.n - 1) / 2 >= SEEN) & (near.shares < 1)
        axes.plot(radii[seen], 1 / near.shares[seen], color=colour, lw=2, label=label)
        if support.pairs:
            high = support.high if math.isfinite(support.high) else support.size
            ends = [[support.size - support.low], [high - support.size]]
            look = {"fmt": "o", "ms": 6, "capsize": 4, "color": colour, "zorder": 3}
            name = f"{label} at the tolerance here, 95 %"
            axes.errorbar([found.tolerance], [support.size], yerr=ends, label=name, **look)
    if found.exact is not None:
        axes.plot(
            found.tolerance,
            1 / found.exact,
            "x",
            ms=10,
            mew=2,
            color=canvas.INK,
            label="data, exact",
        )
    axes.axvline(found.tolerance, color=canvas.REFERENCE, lw=1, ls="--", label="the tolerance here")
    for axis in (axes.xaxis, axes.yaxis):
        panels.mark_decades(axis)
    panels.legend(axes, loc="best")
