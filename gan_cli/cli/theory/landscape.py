"""`gan theory landscape`: the barrier between a collapsed G and the data, in three games."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=110, compiles=True, seconds=13, quick={"updates": 50})
def landscape(
    points: Annotated[
        int, typer.Option(min=2, max=5, help="How many points of data, and of samples.")
    ] = 2,
    updates: Annotated[
        int, typer.Option(min=50, max=10_000_000, help="How often to update each discriminator.")
    ] = 2000,
    seed: output.Seed = 0,
) -> Findings:
    """Show the barrier that keeps a collapsed G from the data, and the game without it.

    All samples of G lie on one of two points of data, and one of them moves to
    the other point. The loss that G sees is found exactly, by convex
    optimization over every D, and with trained ones: for minimax, for the
    relativistic game paired by index, and for that over all pairs (Sun et al.
    2020).
    """
    from gan_cli.theory.findings.landscape import findings
    from gan_cli.theory.landscape import landscape as measure

    return findings(measure(seed, points, updates))
