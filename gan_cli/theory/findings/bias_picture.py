"""Three biased losses in a picture: critics, losses, descents, and what D has learned by heart."""

import math
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.bias import Bias
from gan_cli.theory.memorised_points import Memorised
from gan_cli.theory.penalised_critics import Penalised
from gan_cli.theory.sampled_losses import Sampled

LOG_2 = math.log(2)
CAPTION = (
    "Above on the left: how far the estimates of trained critics lie above W_1. On the right, and "
    "below on the left: where the losses of samples of one are least, and where descent ends. "
    "Below on the right: what D says of data that it has learned by heart, and of fresh data."
)
PATHS = {
    "wasserstein": (canvas.SAMPLES, "Wasserstein"),
    "cramer": (canvas.DENSITY, "Cramer"),
}


def draw(found: Bias, title: str) -> bytes:
    """Draws a PNG of four panels."""
    figure = panels.sheet(11.0, 8.4, title)
    (critics, losses), (paths, learned) = panels.grid(
        figure, 2, 2, hspace=0.32, wspace=0.2
    ).subplots()
    _critics(critics, found.penalised)
    _losses(losses, found.sampled)
    _paths(paths, found.sampled)
    _learned(learned, found.memorised)
    return canvas.png(figure)


def _critics(axes: Any, found: Penalised) -> None:
    name = rf"WGAN-GP, $\lambda$ = {found.penalty:g}: how far above $W_1$"
    panels.dress(axes, "$W_1$ of two points (units of $x$)", "above $W_1$ (units of $x$)", name)
    m = np.linspace(0, found.distances[-1], 101)
    axes.axhline(0, color=canvas.INK, lw=1.2, label="true $W_1$")
    looks = (
        (canvas.SAMPLES, found.estimates, 2, "critics' estimates"),
        (canvas.DENSITY, found.values, 4, "the same less the penalty"),
    )
    for color, values, factor, label in looks:
        curve = rf"$W_1^2 / ({factor}\,\lambda)$"
        axes.plot(m, m**2 / (factor * found.penalty), color=color, lw=1.4, label=curve)
        axes.plot(found.distances, values - found.distances, "o", color=color, label=label)
    panels.legend(axes, loc="upper left")


def _losses(axes: Any, found: Sampled) -> None:
    name = "A Bernoulli model: mean loss on samples of one"
    panels.dress(axes, r"$\theta$ of the model", "mean loss, less its least", name)
    curves = ((found.wasserstein[1], "wasserstein"), (found.cramer[1], "cramer"))
    for values, of in curves:
        color, label = PATHS[of]
        above = values - values.min()
        lowest = found.thetas[above <= 1e-12]
        axes.plot(found.thetas, above, color=color, lw=2, label=label)
        axes.plot(lowest, np.zeros(len(lowest)), "o", ms=8, color=color, clip_on=False, zorder=3)
    _truth(axes.axvline, found.truth)
    axes.set(xlim=(-0.02, 1.02))
    panels.legend(axes, loc="best", title="dots: the least", title_fontsize=8.5)


def _paths(axes: Any, found: Sampled) -> None:
    name = "Gradient descent, one sample a step"
    panels.dress(axes, "step", r"$\theta$ of the model", name)
    for of, path in found.paths.items():
        color, label = PATHS[of]
        walks = of == "wasserstein" and found.is_flat
        ends = "a random walk" if walks else f"ends at {path[-1]:.2f}"
        axes.plot(path, color=color, lw=1.4, label=f"{label}, {ends}")
    _truth(axes.axhline, found.truth)
    axes.set(ylim=(-0.02, 1.06), xlim=(0, len(path) - 1))
    panels.legend(axes, loc="lower right")


def _truth(draw_line: Any, truth: float) -> None:
    draw_line(truth, color=canvas.INK, lw=1.2, ls="--", label=rf"$\theta^*$ = {truth:g}")


def _learned(axes: Any, found: Memorised) -> None:
    name = f"D against a perfect G, trained on {found.points} points"
    panels.dress(axes, "updates of D", "JS as D estimates it (nats)", name)
    axes.axhline(LOG_2, color=canvas.INK, lw=1, ls=":", label="log 2: points against a density")
    axes.axhline(0, color=canvas.INK, lw=1.2, label="true JS of the two laws: 0")
    axes.plot(found.updates, found.train, color=canvas.SAMPLES, lw=2, label="on the points")
    axes.plot(found.updates, found.held_out, color=canvas.DENSITY, lw=2, label="on fresh data")
    axes.set(xlim=(0, found.updates[-1]))
    panels.legend(axes, loc="best")
