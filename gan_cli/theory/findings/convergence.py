"""The game on p_g: C(G) with an optimal D, and JS with a D that has to learn."""

import itertools

from gan_cli.theory.convergence import ROUNDING, Convergence
from gan_cli.theory.findings.base import Expected, Findings, table, yes
from gan_cli.theory.findings.convergence_picture import CAPTION, REACHED, draw
from gan_cli.theory.value import LOG_4


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
    pictures = {"convergence.png": draw(found, title(found))}
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
