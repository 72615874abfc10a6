"""The eigenvalues of a game around a checkpoint in the complex plane."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.eigenvalues import NAMES, Which
from gan_cli.theory.spectrum import Spectrum

MARKS: dict[Which, tuple[str, float, str]] = {
    "modulus": ("o", 9, canvas.DENSITY),
    "imaginary": ("s", 5.5, canvas.THIRD),
    "real": ("x", 6.5, canvas.SAMPLES),
}
CAPTION = (
    "The eigenvalues of the game in the complex plane: what lies on the shaded side drives both "
    "players away, and what lies far from the horizontal axis makes them circle."
)


def draw(found: Spectrum, title: str) -> bytes:
    """Draws a PNG: the complex plane, and the part of it around the largest real parts."""
    figure = panels.sheet(12.6, 5.6, title)
    left, right = panels.grid(figure, 1, 2, wspace=0.18, bottom=0.95 / 5.6).subplots()
    values = found.all.values
    _plane(left, found, values, f"The {len(values):,} eigenvalues of the kinds below")
    reach = 1.5 * float(np.abs(found.kinds["real"].values).max(initial=0.0))
    near = values[np.abs(values) <= reach]
    _plane(right, found, near, "Near 0, as far as those of largest real part")
    handles, labels = left.get_legend_handles_labels()
    place = {"loc": "lower center", "ncols": len(handles), "frameon": False}
    look = {"fontsize": 9, "labelcolor": canvas.INK}
    figure.legend(handles, labels, **place, **look)
    return canvas.png(figure)


def _plane(axes: Any, found: Spectrum, values: np.ndarray, name: str) -> None:
    """The complex plane around some eigenvalues, with the half that is not stable shaded."""
    panels.dress(axes, "real part (growth)", "imaginary part (turning)", name)
    points = np.column_stack([values.real, values.imag])
    low, high = canvas.bounds(np.concatenate([points, points * [1, -1], [[0.0, 0.0]]]), 0.12)
    if high[1] - low[1] < 1e-12:
        low[1], high[1] = -1, 1
    right = max(float(high[0]), 0.08 * float(high[0] - low[0]))
    axes.set(xlim=(low[0], right), ylim=(low[1], high[1]))
    axes.axvspan(0, right, color=canvas.SAMPLES, alpha=0.08, lw=0)
    axes.axvline(0, color=canvas.INK, lw=1)
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8, ls="--")
    if found.largest_step and math.isfinite(found.largest_step):
        turn = np.exp(1j * np.linspace(0, 2 * np.pi, 721))
        circle = (turn - 1) / found.largest_step
        name = f"stable with the step {found.largest_step:.3g}: inside of |1 + h $\\lambda$| = 1"
        axes.plot(circle.real, circle.imag, color=canvas.REFERENCE, lw=1.4, label=name)
    for kind, each in found.kinds.items():
        mark, size, colour = MARKS[kind]
        filled = {"mfc": "none"} if mark != "x" else {}
        label = f"the {len(each.values)} of {NAMES[kind]}"
        axes.plot(
            each.values.real,
            each.values.imag,
            mark,
            ms=size,
            mew=1.4,
            color=colour,
            label=label,
            **filled,
        )
    words = {"fontsize": 9, "va": "top", "ha": "right", "transform": axes.get_xaxis_transform()}
    axes.text(right, 0.98, "grows ", color=canvas.SAMPLES, **words)
    axes.text(0, 0.98, "shrinks ", color=canvas.INK, **words)
