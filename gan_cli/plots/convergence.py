"""The picture of the game on p_g: C(G) with D at its optimum, and JS with a D that learns."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, panels

LOG_4 = math.log(4)
REACHED = 1e-6  # nats above -log 4: the left axes end after twice the steps that this takes
COLOURS = ("#d9480f", "#e8a13a", "#5aa17f", "#3b6fb6")


class Games(NamedTuple):
    """What is drawn of the games with k updates of D: the true JS in nats, (games, T + 1)."""

    k: int
    js: np.ndarray


def draw(costs: np.ndarray, games: Sequence[Games], title: str) -> bytes:
    """Draws a PNG.

    Args:
        costs: C(G) in nats with D at its optimum, before the first step and after each, (T + 1,).
        games: with a real D, at most four, by increasing k.
        title: what was found.
    """
    figure = panels.sheet(10.4, 4.9, title)
    places = panels.grid(figure, 1, 2, wspace=0.22, width_ratios=(1, 1.3))
    _at_optimum(figure.add_subplot(places[0, 0]), costs)
    _learning(figure.add_subplot(places[0, 1]), costs, games)
    return panels.png(figure)


def _at_optimum(axes: Any, costs: np.ndarray) -> None:
    panels.dress(axes, "steps of G", "C(G) (nats)", "D at its optimum before each step")
    reached = int(np.argmax(costs + LOG_4 < REACHED)) or len(costs) - 1
    shown = costs[: 2 * reached]
    steps = np.arange(len(shown))
    axes.axhline(-LOG_4, color=canvas.REFERENCE, lw=1, ls="--", label=r"$-\log 4 = -1.3863$")
    axes.plot(steps, shown, color=canvas.INK, lw=2, label="C(G)")
    axes.set_ylim(-LOG_4 - 0.06 * np.ptp(shown), None)
    panels.legend(axes, loc="center right", bbox_to_anchor=(1.0, 0.24))
    inset = axes.inset_axes((0.46, 0.46, 0.5, 0.42))
    panels.dress(inset, title=r"C(G) + $\log 4$ (nats)")
    inset.semilogy(steps, np.maximum(shown + LOG_4, 1e-14), color=canvas.INK, lw=1.4)


def _learning(axes: Any, costs: np.ndarray, games: Sequence[Games]) -> None:
    panels.dress(
        axes,
        "steps of G",
        "JS($p_{data}$, $p_g$) (nats)",
        f"D learns: k updates a step; mean and range of {len(games[0].js)} games",
    )
    lowest = min(float(game.js.mean(axis=0).min()) for game in games)
    for game, colour in zip(games, COLOURS, strict=False):
        steps = np.arange(game.js.shape[1])
        low, high = game.js.min(axis=0), game.js.max(axis=0)
        axes.fill_between(steps, low, high, color=colour, alpha=0.15, lw=0)
        axes.plot(steps, game.js.mean(axis=0), color=colour, lw=1.8, label=f"k = {game.k}")
    axes.plot((costs + LOG_4) / 2, color=canvas.INK, lw=1.4, ls="--", label="D at its optimum")
    axes.set_yscale("log")
    axes.set_ylim(lowest / 3, 0.6)
    panels.legend(
        axes, loc="upper right", ncols=len(games) + 1, handlelength=1.3, columnspacing=1.2
    )
