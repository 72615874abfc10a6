"""The game on p_g in a picture: C(G) with an optimal D, and JS with a D that has to learn."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.convergence import Convergence
from gan_cli.theory.value import LOG_4

REACHED = 1e-6  # nats above -log 4: the left axes end after twice the steps that this takes
CAPTION = (
    "Left: the value of the game with the best D before each step of G, above -log 4. Right: the "
    "true JS with a D that has to learn, by how many updates it gets before each step of G; bands "
    "show the range of the games."
)
COLOURS = (canvas.SAMPLES, "#e8a13a", "#5aa17f", canvas.DENSITY)


def draw(found: Convergence, title: str) -> bytes:
    """Draws a PNG of two panels."""
    figure = panels.sheet(10.4, 4.9, title)
    left, right = panels.grid(figure, 1, 2, wspace=0.22, width_ratios=(1, 1.3)).subplots()
    _at_optimum(left, found.descent.costs)
    _learning(right, found)
    return canvas.png(figure)


def _at_optimum(axes: Any, costs: np.ndarray) -> None:
    panels.dress(axes, "steps of G", "C(G) (nats)", "D is optimal before each step")
    reached = int(np.argmax(costs + LOG_4 < REACHED)) or len(costs) - 1
    shown = costs[: 2 * reached]
    axes.axhline(-LOG_4, color=canvas.REFERENCE, lw=1, ls="--", label=r"$-\log 4 = -1.3863$")
    axes.plot(shown, color=canvas.INK, lw=2, label="C(G)")
    axes.set_ylim(-LOG_4 - 0.06 * np.ptp(shown), None)
    panels.legend(axes, loc="center right", bbox_to_anchor=(1.0, 0.24))
    inset = axes.inset_axes((0.46, 0.46, 0.5, 0.42))
    panels.dress(inset, title=r"C(G) + $\log 4$ (nats)")
    inset.semilogy(np.maximum(shown + LOG_4, 1e-14), color=canvas.INK, lw=1.4)


def _learning(axes: Any, found: Convergence) -> None:
    games = found.games
    name = f"D gets k updates before each step: mean and range of {len(games[0].js)} games"
    panels.dress(axes, "steps of G", "JS($p_{data}$, $p_g$) (nats)", name)
    for game, colour in zip(games, COLOURS, strict=False):
        low, high = game.js.min(axis=0), game.js.max(axis=0)
        axes.fill_between(np.arange(len(low)), low, high, color=colour, alpha=0.15, lw=0)
        axes.plot(game.mean, color=colour, lw=1.8, label=f"k = {game.k}")
    ideal = (found.descent.costs + LOG_4) / 2
    axes.plot(ideal, color=canvas.INK, lw=1.4, ls="--", label="optimal D")
    axes.set_yscale("log")
    axes.set_ylim(min(float(game.mean.min()) for game in games) / 3, 0.6)
    panels.legend(
        axes, loc="upper right", ncols=len(games) + 1, handlelength=1.3, columnspacing=1.2
    )
