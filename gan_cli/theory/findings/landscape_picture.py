"""The loss over where G puts its samples in a picture: the path out of a collapse, game by game."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.landscape import FLAT, Landscape, Loss

NAMES = {
    "minimax": "minimax",
    "relativistic_by_index": "relativistic, paired by index",
    "relativistic_over_all_pairs": "relativistic, over all pairs",
}
CAPTION = (
    "The loss of each game on the way from a collapsed G to the data, with the best D and with D "
    "on the way to it: where the curve first rises there is a barrier."
)
SHADES = (0.25, 0.5, 1.0)


def draw(found: Landscape, title: str) -> bytes:
    """Draws a PNG with a panel for each game."""
    figure = panels.sheet(12.6, 5.0, title)
    row = panels.grid(figure, 1, 3, wspace=0.12, bottom=0.17).subplots(sharey=True)
    for axes, (game, loss) in zip(row, found.losses.items(), strict=True):
        _path(axes, found, loss, NAMES[game])
    row[0].set_ylabel("loss that G minimises (nats)")
    panels.legend(row[1], loc="lower left")
    return canvas.png(figure)


def _path(axes: Any, found: Landscape, loss: Loss, name: str) -> None:
    legs = len(found.data) - 1
    panels.dress(axes, "", "", name)
    for values, count, shade in zip(loss.trained, found.updates, SHADES, strict=True):
        axes.plot(
            found.way,
            values,
            color=canvas.DENSITY,
            alpha=shade,
            lw=1.6,
            label=f"D trained with {count:,} updates",
        )
    ends = np.isin(found.way, np.arange(legs + 1))
    for leg in range(legs):
        level = loss.path[~ends & (leg < found.way) & (found.way < leg + 1)]
        axes.plot(
            [leg, leg + 1],
            [level[0], level[0]],
            "o-",
            color=canvas.SAMPLES,
            lw=1.4,
            ms=6,
            mfc="white",
            zorder=3,
        )
    axes.plot(found.way[ends], loss.path[ends], "o", color=canvas.SAMPLES, ms=6, zorder=4)
    axes.plot([], [], "o-", color=canvas.SAMPLES, ms=6, lw=1.4, label="best D; hollow: up to here")
    _climb(axes, found.way, loss)
    places = {0.0: "all on\none point", float(legs): "all\nmatched"}
    places |= {0.5: "one\nmatched"} if legs == 1 else {k: f"{k + 1}" for k in range(1, legs)}
    axes.set_xticks(list(places), list(places.values()))
    axes.axhline(0, color=canvas.REFERENCE, lw=1, ls="--")
    axes.text(legs, -0.012, "none matched", ha="right", va="top", fontsize=8.5, color=canvas.INK)
    axes.set(xlim=(-0.12 * legs, 1.08 * legs), ylim=(-0.74, 0.03))
    moving = "the way of the second sample" if legs == 1 else "points that have a sample"
    axes.set_xlabel(moving, fontsize=9.5, color=canvas.INK)


def _climb(axes: Any, way: np.ndarray, loss: Loss) -> None:
    """An arrow for the highest climb, or words where there is none."""
    words = {"fontsize": 9, "color": canvas.INK, "va": "bottom"}
    if loss.barrier < FLAT:
        axes.text(way[0], loss.path[0] + 0.02, "no barrier: G never has to go up", **words)
        return
    climbs = loss.path - np.minimum.accumulate(loss.path)
    top = int(climbs.argmax())
    foot = int(loss.path[: top + 1].argmin())
    x, low, high = way[foot], loss.path[foot], loss.path[top]
    style = {"arrowstyle": "->", "color": canvas.INK, "lw": 1.4, "shrinkA": 4, "shrinkB": 0}
    axes.annotate("", (x, high), (x, low), arrowprops=style)
    axes.text(x, high + 0.02, f"barrier: + {loss.barrier:.4f} nats", **words)
