"""Two parallel segments in a picture: JS and W_1 by their distance, and the gradients they give."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.parallel_lines import ParallelLines, Trained

THETA = r"$\theta$, the position of the second segment (units of $x$)"
CAPTION = (
    "Above: JS does not depend on the distance of the two segments, W_1 is that distance. Below: "
    "the gradient that each gives G as D is trained. With JS it should vanish, with W_1 be 1 or -1 "
    "as theta is above or below 0."
)
SHADES = (0.3, 0.55, 1.0)


def draw(found: ParallelLines, title: str) -> bytes:
    """Draws a PNG of four panels."""
    figure = panels.sheet(9.6, 7.2, title)
    (js, w), below = panels.grid(figure, 2, 2, hspace=0.32, wspace=0.22).subplots()
    low, high = float(found.thetas[0]), float(found.thetas[-1])

    panels.dress(js, THETA, "JS (nats)", r"JS is $\log 2$ at every distance but 0; KL is $\infty$")
    js.hlines(math.log(2), low, high, color=canvas.INK, lw=1.2, zorder=1, label="true JS")
    js.plot(0, math.log(2), "o", ms=7, mfc="white", mec=canvas.INK, zorder=2)
    js.plot(0, 0, "o", ms=7, mfc=canvas.INK, mec=canvas.INK, zorder=2)
    _points(js, found.thetas, found.minimax, canvas.SAMPLES, "estimated by minimax discriminators")
    js.set_ylim(*_holding(found.minimax.last, -0.06, 1.06))

    panels.dress(w, THETA, "$W_1$ (units of $x$)", r"$W_1$ is the distance $|\theta|$ itself")
    corners = np.array(sorted({low, 0.0, high}))
    w.plot(corners, np.abs(corners), color=canvas.INK, lw=1.2, label="true $W_1$", zorder=1)
    _points(w, found.thetas, found.critic, canvas.DENSITY, "estimated by gradient-penalty critics")
    w.set_ylim(*_holding(found.critic.last, -0.06, 1.06 * max(1.0, float(np.abs(corners).max()))))

    flat, even = found.vanished, found.pulls_evenly
    less = "JS: the better D is, the less G gets" if flat else "JS: what G gets, 0 with the best D"
    panels.dress(below[0], THETA, _loss("minimax"), less)
    _gradients(below[0], found.thetas, found.minimax, canvas.SAMPLES)
    steady = "$W_1$ pulls G to 0 equally at any distance"
    wanted = r"$W_1$: what G gets, $\pm 1$ with the best critic"
    panels.dress(below[1], THETA, _loss("critic"), steady if even else wanted)
    _gradients(below[1], found.thetas, found.critic, canvas.DENSITY)
    for axes in (js, w, *below):
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlim(low - 0.05 * (high - low), high + 0.05 * (high - low))
    panels.legend(js, loc="center", bbox_to_anchor=(0.5, 0.4))
    panels.legend(w, loc="upper center")
    return canvas.png(figure)


def _holding(values: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """The ends of an axis that reaches from low to high, and farther where values lie beyond."""
    margin = 0.06 * (high - low)
    return min(low, float(values.min()) - margin), max(high, float(values.max()) + margin)


def _loss(which: str) -> str:
    return rf"d(G's {which} loss) / d$\theta$"


def _points(axes: Any, thetas: np.ndarray, trained: Trained, color: str, label: str) -> None:
    look = {"ms": 5.5, "mec": "white", "mew": 0.6, "color": color, "zorder": 3}
    axes.plot(thetas, trained.last, "o", label=label, **look)


def _gradients(axes: Any, thetas: np.ndarray, trained: Trained, color: str) -> None:
    """A line for each of three looks, the later the darker; the true gradient jumps at 0."""
    axes.axhline(0, color=canvas.REFERENCE, lw=0.8)
    shown = np.where((thetas == 0)[:, None], np.nan, trained.gradients)
    looks = [1, len(trained.updates) // 10, len(trained.updates) - 1]
    drawn = shown[:, looks]
    for look, shade in zip(looks, SHADES, strict=True):
        label = f"after {trained.updates[look]:,} updates of D"
        axes.plot(thetas, shown[:, look], "o-", ms=4, lw=1.2, c=color, alpha=shade, label=label)
    axes.set_ylim(*_holding(drawn[np.isfinite(drawn)], -1.6, 1.6))
    panels.legend(axes, loc="best")
