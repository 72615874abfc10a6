"""The loss over where G puts its samples: a table of states, and how high the path climbs."""

import math
from collections.abc import Mapping
from typing import Any

from gan_cli.theory.findings.base import Expected, Findings, number, table
from gan_cli.theory.findings.landscape_picture import CAPTION, NAMES, draw
from gan_cli.theory.landscape import FLAT, STATES, Landscape

LOG_2 = math.log(2)
WORDS = {
    "all_matched": "all matched",
    "all_on_one_point": "all on one point",
    "one_matched": "one matched",
    "none_matched": "none matched",
}


def expected(points: int) -> Mapping[str, Mapping[str, float]]:
    """The values in closed form for n points, by game and state, in nats.

    Source: Sun et al. 2020, for two points; the same reasoning for n.
    """
    n = points
    collapsed = (math.log(1 / (n + 1)) + n * math.log(n / (n + 1))) / (2 * n)
    return {
        "minimax": dict(zip(STATES, (-LOG_2, collapsed, -LOG_2 / n, 0.0), strict=True)),
        "relativistic_by_index": dict(
            zip(STATES, (-LOG_2, -LOG_2 / n, -LOG_2 / n, 0.0), strict=True)
        ),
        "relativistic_over_all_pairs": dict(
            zip(STATES, (-LOG_2, -LOG_2 / n, -LOG_2 / n**2, 0.0), strict=True)
        ),
    }


def findings(found: Landscape) -> Findings:
    """Shows the loss of each game in every state and along the path."""
    wanted = expected(len(found.data))
    numbers: dict[str, Any] = {"points": len(found.data)}
    for game, loss in found.losses.items():
        numbers[game] = {
            "states": {
                state: {
                    "found": loss.states[state].value,
                    "error": loss.states[state].error,
                    "expected": wanted[game][state],
                    "trained": loss.trained_states[state],
                }
                for state in STATES
            },
            "barrier": loss.barrier,
            "trained_barrier": loss.trained_barrier,
            "trained_shortfall": loss.shortfall,
            "path": loss.path,
            "trained_path": loss.trained[-1],
        }
    numbers |= {"way": found.way, "updates": found.updates[-1]}
    pictures = {"landscape.png": draw(found, title(found))}
    return Findings(numbers, lines(found), pictures, beside(found), {"landscape.png": CAPTION})


def beside(found: Landscape) -> list[Expected]:
    """The loss of each game in every state with the best D, beside its closed form."""
    wanted = expected(len(found.data))
    return [
        Expected(f"{NAMES[game]}: {WORDS[state]}", wanted[game][state], loss.states[state], 1e-9)
        for game, loss in found.losses.items()
        for state in STATES
    ]


def lines(found: Landscape) -> list[str]:
    """A table of the states, and the barriers."""
    n = len(found.data)
    wanted = expected(n)
    rows = [
        (
            NAMES[game] if state == STATES[0] else "",
            WORDS[state],
            number(loss.states[state], 7),
            f"{wanted[game][state]:.7g}",
            f"{loss.trained_states[state]:z.5f}",
        )
        for game, loss in found.losses.items()
        for state in STATES
    ]
    head = ("game", "samples", "best D", "expected", "trained D")
    error = max(each.error for loss in found.losses.values() for each in loss.states.values())
    return [
        f"G has {n} samples for {n} points of data. The loss is the mean of log sigma over what D",
        "compares, in nats: D maximises it, and G wants it small. D may say what it likes of each",
        f"point; its best value is found by convex optimization, to within {error:.0e}.",
        "",
        *table("<<>>>", head, *rows),
        "",
        "All samples lie on the first point, and leave it for the others one after another.",
        "The highest climb of the loss on that path:",
        *table(
            "<>>",
            ("", "best D", "trained D"),
            *(
                (f"  {NAMES[game]}", _height(loss.barrier), _height(loss.trained_barrier))
                for game, loss in found.losses.items()
            ),
        ),
        "A climb of 0 is no barrier: G can go down all the way. Trained D are MLPs after "
        f"{found.updates[-1]:,} updates",
        "by the objectives minimax and relativistic; they fall short of the best D by at most "
        f"{max(loss.shortfall for loss in found.losses.values()):.1g},",
        "where a sample has hardly left a point.",
    ]


def title(found: Landscape) -> str:
    """The finding in two lines."""
    minimax, by_index, over_all = (
        found.losses[game].barrier
        for game in ("minimax", "relativistic_by_index", "relativistic_over_all_pairs")
    )
    kept = "a barrier that keeps G collapsed" if minimax >= FLAT else "no barrier"
    return (
        f"On the way from one point to all of the data minimax's loss {_climbs(minimax)}: {kept}\n"
        f"Relativistic pairing's {_climbs(by_index)} where examples and samples are paired by "
        f"index, and {_climbs(over_all)} over all pairs"
    )


def _climbs(barrier: float) -> str:
    return f"climbs by {barrier:.4f} nats" if barrier >= FLAT else "does not climb"


def _height(barrier: float) -> str:
    """A barrier in nats, where what is next to 0 is not rounded to it."""
    if barrier < FLAT:
        return "0"
    return f"{barrier:.4f}" if barrier >= 1e-4 else f"{barrier:.0e}"
