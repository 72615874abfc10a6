"""The game on p_g: C(G) with an optimal D, and JS with a D that has to learn."""

import itertools
from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.convergence import ROUNDING, Convergence
from gan_cli.theory.findings.base import Expected, Findings, table, yes
from gan_cli.theory.value import LOG_4

REACHED = 1e-6  # nats above -log 4: the left axes end after twice the steps that this takes
CAPTION = (
    "Left: the value of the game with the best D before each step of G, above -log 4. Right: the "
    "true JS with a D that has to learn, by how many updates it gets before each step of G; bands "
    "show the range of the games."
)
COLOURS = (canvas.SAMPLES, "#e8a13a", "#5aa17f", canvas.DENSITY)


def findings(found: Convergence) -> Findings:
    """Shows the descent with an optimal D and the games with a D that learns."""
    descent, games = found
    numbers = {
        "minus_log_4": -LOG_4,
        "at_optimum": {
            "first": descent.costs[0],
            "last": descent.costs[-1],
            "gap": descent.gap,
            "monotone": descent.monotone,
            "largest_rise": descent.largest_rise,
            "costs": descent.costs,
        },
        "with_k_updates": [
            {
                "k": game.k,
                "js_late": game.late.mean(),
                "js_late_of_each_game": game.late,
                "js_at_equal_updates": game.after(found.updates),
                "distance_from_optimum": game.distances.mean(),
                "js": game.mean,
            }
            for game in games
        ],
        "equal_updates": found.updates,
    }
    pictures = {"convergence.png": draw(found)}
    return Findings(numbers, lines(found), pictures, expected(found), {"convergence.png": CAPTION})


def expected(found: Convergence) -> list[Expected]:
    """What the theory gives for an optimal D, and that more updates of D never make it worse."""
    descent, games = found
    pairs = itertools.pairwise(games)
    return [
        Expected("C(G) at the end, nats: -log 4", -LOG_4, (descent.costs[-1], ROUNDING), REACHED),
        Expected(
            "the largest rise of C(G) in a step, nats: none",
            0.0,
            (descent.largest_rise, ROUNDING),
            ROUNDING,
            "<=",
        ),
        *(
            Expected(
                f"late JS with k = {more.k}, nats: below that with k = {fewer.k}",
                fewer.late.mean(),
                (more.late.mean(), 0.0),
                relation="<=",
            )
            for fewer, more in pairs
        ),
    ]


def lines(found: Convergence) -> list[str]:
    """What is claimed, what was measured and what was expected."""
    descent, games = found
    steps, played = games[0].distances.shape[1], len(games[0].js)
    rows = [
        (
            f"{game.k:5d}",
            f"{game.late.mean():.5f}",
            f"{game.late.min():.5f} to {game.late.max():.5f}",
            f"{game.distances.mean():.3f}",
            f"{game.after(found.updates):.4f}",
        )
        for game in games
    ]
    head = ("k", "late JS", "in single games", "|D - D*|", f"JS after {found.updates:,} updates")
    return [
        "G may choose any p_g on a grid, and descends along the gradient of V(D, G) in p_g.",
        "",
        f"With an optimal D before each of {len(descent.costs) - 1} steps:",
        f"  C(G)        falls from {descent.costs[0]:.4f} to {descent.costs[-1]:.4f} nats",
        f"  C + log 4   {descent.gap:.1e} nats at the end (expected 0)",
        f"  monotone    {yes(descent.monotone)} (expected yes); the largest rise is "
        f"{max(descent.largest_rise, 0.0):.0e} nats",
        "",
        f"With an MLP as D that gets k updates on samples before each of {steps} steps; "
        f"{played} games for each k:",
        *table(">>>>>", head, *rows),
        "",
        "late JS   the mean of JS(p_data, p_g) over the last quarter of the game, in nats;",
        "          0 is expected if D keeps up.",
        "|D - D*|  the mean over the game under (p_data + p_g) / 2.",
        f"The last column compares the games after {found.updates:,} updates of D, which is",
        "after fewer steps of G where k is larger.",
    ]


def title(found: Convergence) -> str:
    """The finding in two lines."""
    descent, games = found
    within = max(abs(descent.gap), ROUNDING)
    how = "at every step" if descent.monotone else "but not at every step"
    late = ", ".join(f"{game.late.mean():.4f} (k = {game.k})" for game in games)
    return (
        rf"With an optimal D, C(G) falls {how}, to within {within:.0e} nats of $-\log 4$"
        f"\nWith a D that has to learn, JS over the last quarter of the game is {late}"
    )


def draw(found: Convergence) -> bytes:
    """Draws a PNG of two panels."""
    figure = panels.sheet(10.4, 4.9, title(found))
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
