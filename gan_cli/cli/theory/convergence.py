"""`gan theory convergence`: C(G) falls to -log 4 where D is at its optimum; why D must keep up."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli.cli.theory import output

if TYPE_CHECKING:
    from gan_cli.theory.convergence import Descent, Game


def convergence(
    steps: Annotated[int, typer.Option(min=20, help="Of G, in each game.")] = 400,
    seed: output.Seed = 0,
    out: output.Out = output.PLACE,
    as_json: output.AsJson = False,
) -> None:
    """Gradient descent on p_g itself: with D at its optimum, and with a D that learns.

    p_g is a density on a grid and can be any. With D at its optimum before each
    step C(G) falls to -log 4 (Goodfellow et al. 2014, Proposition 2). Then D is an
    MLP that gets k = 1, 2, 5 or 20 updates on samples before each step of G: the
    true JS shows what it costs if D does not keep up.
    """
    from gan_cli.plots import convergence as plots
    from gan_cli.theory.convergence import KS, at_optimum, with_real_discriminator
    from gan_cli.training.compilation import keep_programs

    keep_programs("auto")
    descent = at_optimum(steps)
    games = [with_real_discriminator(k, seed, steps) for k in KS]
    shown = [plots.Games(game.k, game.js) for game in games]
    picture = plots.draw(descent.costs, shown, title(descent, games))
    path = output.save(out, "convergence.png", picture)
    output.tell(numbers(descent, games), lines(descent, games), [path], as_json=as_json)


def title(descent: "Descent", games: "list[Game]") -> str:
    """The finding in two lines."""
    from gan_cli.theory.convergence import ROUNDING

    within = max(abs(descent.gap), ROUNDING)
    how = "at every step" if descent.monotone else "but not at every step"
    late = ", ".join(f"{game.late.mean():.4f} (k = {game.k})" for game in games)
    return (
        rf"With D at its optimum C(G) falls {how}, to within {within:.0e} nats of "
        r"$-\log 4$"
        "\n"
        f"With a D that learns, JS in the last quarter of the game is {late}"
    )


def numbers(descent: "Descent", games: "list[Game]") -> dict[str, Any]:
    """By name, in nats; JS is of p_data and p_g, exactly."""
    from gan_cli.theory.value import LOG_4

    return {
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
                "js_at_equal_updates": game.after(updates(games)),
                "distance_from_optimum": game.distances.mean(),
                "js": game.mean,
            }
            for game in games
        ],
        "equal_updates": updates(games),
    }


def lines(descent: "Descent", games: "list[Game]") -> list[str]:
    """What is claimed, what was measured and what was expected."""
    steps, played = games[0].distances.shape[1], len(games[0].js)
    rows = [
        f"{game.k:4d}  {game.late.mean():.5f}  {game.late.min():.5f} to {game.late.max():.5f}  "
        f"{game.distances.mean():12.3f}  {game.after(updates(games)):16.4f}"
        for game in games
    ]
    return [
        "G may choose any p_g on a grid and goes down the gradient of V(D, G) by p_g.",
        "",
        f"D at its optimum before each of {len(descent.costs) - 1} steps",
        f"  C(G)        from {descent.costs[0]:.4f} to {descent.costs[-1]:.4f} nats",
        f"  C + log 4   {descent.gap:.1e} nats at the end (expected 0)",
        f"  monotone    {'yes' if descent.monotone else 'no'} (expected yes); the largest rise is "
        f"{max(descent.largest_rise, 0.0):.0e} nats",
        "",
        f"D an MLP with k updates on samples before each of {steps} steps; {played} games a k",
        f"   k  JS late  in single games     |D - D*|  JS after {updates(games):,} updates of D",
        *rows,
        "",
        "'late' is the mean of the last quarter of the game, in nats; expected 0 if D kept up.",
        "|D - D*| is the mean over the game under (p_data + p_g) / 2. The last column is at one",
        "number of updates of D, hence after fewer steps of G where k is larger.",
    ]


def updates(games: "list[Game]") -> int:
    """The updates of D that every game has seen."""
    return int(min(game.k * game.distances.shape[1] for game in games))
