"""The picture of two parallel segments: JS and W_1 by their distance, and what G gets from each."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels

THETA = r"$\theta$, the distance of the segments (units of $x$)"
Looks = tuple[np.ndarray, np.ndarray]
"""Estimates of a divergence, and gradients of G's loss by theta: (T, L) each, a row a theta."""

SHADES = (0.3, 0.55, 1.0)


def draw(
    thetas: np.ndarray,
    updates: np.ndarray,
    minimax: Looks,
    critic: Looks,
    title: str,
) -> bytes:
    """Draws a PNG.

    Args:
        thetas: (T,), increasing.
        updates: (L,) of a discriminator at each of its looks.
        minimax: of minimax discriminators, which estimate JS in nats.
        critic: of critics, which estimate W_1.
        title: what was found.
    """
    figure = panels.sheet(9.6, 7.2, title)
    places = panels.grid(figure, 2, 2, hspace=0.32, wspace=0.22)
    above = [figure.add_subplot(places[0, column]) for column in (0, 1)]
    below = [figure.add_subplot(places[1, column]) for column in (0, 1)]
    low, high = float(thetas[0]), float(thetas[-1])
    js, w = above

    panels.dress(js, THETA, "JS (nats)", r"JS: $\log 2$ at every distance but 0; KL: $\infty$")
    for ends in ((low, 0.0), (0.0, high)):
        js.plot(ends, [math.log(2)] * 2, color=canvas.INK, lw=1.2, zorder=1)
    js.plot([], [], color=canvas.INK, lw=1.2, label="JS as it is")
    js.plot(0, math.log(2), "o", ms=7, mfc="white", mec=canvas.INK, zorder=2)
    js.plot(0, 0, "o", ms=7, mfc=canvas.INK, mec=canvas.INK, zorder=2)
    _points(js, thetas, minimax[0][:, -1], canvas.SAMPLES, "as minimax discriminators find it")
    js.set_ylim(-0.06, 1.06)

    panels.dress(w, THETA, "$W_1$ (units of $x$)", r"$W_1$: the distance $|\theta|$ itself")
    corners = np.array(sorted({low, 0.0, high}))
    w.plot(corners, np.abs(corners), color=canvas.INK, lw=1.2, label="$W_1$ as it is", zorder=1)
    _points(w, thetas, critic[0][:, -1], canvas.DENSITY, "as gradient-penalty critics find it")
    w.set_ylim(-0.06, 1.06 * max(1.0, float(np.abs(corners).max())))

    panels.dress(below[0], THETA, _loss("minimax"), "G gets the less from JS the better D is")
    _gradients(below[0], thetas, updates, minimax[1], canvas.SAMPLES)
    panels.dress(
        below[1], THETA, _loss("critic"), "$W_1$ draws G to 0 with slope 1 at any distance"
    )
    _gradients(below[1], thetas, updates, critic[1], canvas.DENSITY)
    for axes in below:
        axes.set_ylim(-1.6, 1.6)
    for axes in (*above, *below):
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    panels.legend(js, loc="center", bbox_to_anchor=(0.5, 0.4))
    panels.legend(w, loc="upper center")
    panels.legend(below[0], loc="upper left")
    panels.legend(below[1], loc="upper left")
    return panels.png(figure)


def _loss(which: str) -> str:
    return rf"d(G's {which} loss) / d$\theta$"


def _points(axes: Any, x: np.ndarray, y: np.ndarray, color: str, label: str) -> None:
    axes.plot(x, y, "o", ms=5.5, mec="white", mew=0.6, color=color, label=label, zorder=3)


def _gradients(
    axes: Any, thetas: np.ndarray, updates: np.ndarray, gradients: np.ndarray, color: str
) -> None:
    """A line a look, the later the darker; at theta = 0 the true gradient jumps, so it is open."""
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    shown = np.where((thetas == 0)[:, None], np.nan, gradients)
    looks = (1, len(updates) // 10, len(updates) - 1)
    for look, shade in zip(looks, SHADES, strict=True):
        label = f"after {updates[look]:,} updates of D"
        style = {"ms": 4, "lw": 1.2, "color": color, "alpha": shade}
        axes.plot(thetas, shown[:, look], "o-", label=label, **style)
