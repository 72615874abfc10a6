"""`gan theory convergence`: G's descent with the optimal D, and with a D that has to learn."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=60, compiles=True, seconds=12, quick={"steps": 40})
def convergence(
    steps: Annotated[
        int, typer.Option(min=20, max=1_000_000, help="How many steps G takes in each game.")
    ] = 400,
    seed: output.Seed = 0,
) -> Findings:
    """Let p_g descend to p_data, with an optimal D and with a D that has to learn.

    p_g is a distribution on a grid and can take any shape. If D is optimal
    before each step of G, C(G) falls to -log 4 (Goodfellow et al. 2014,
    Proposition 2). Then D is an MLP that gets k = 1, 2, 5 or 20 updates on
    samples before each step of G: the true JS shows what it costs when D does
    not keep up.
    """
    from gan_cli.theory.convergence import convergence as play
    from gan_cli.theory.findings.convergence import findings

    return findings(play(seed, steps))
