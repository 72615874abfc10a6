"""`gan theory parallel-lines`: KL, JS and W_1 of two segments as their distance changes."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=70, compiles=True, seconds=16, quick={"updates": 40})
def parallel_lines(
    updates: Annotated[
        int, typer.Option(min=40, max=10_000_000, help="How often to update each discriminator.")
    ] = 1000,
    seed: output.Seed = 0,
) -> Findings:
    """Show on two parallel segments that JS ignores their distance, while W_1 measures it.

    P_0 = (0, Z) and P_theta = (theta, Z) with Z uniform on [0, 1] have no
    point in common unless theta = 0. Minimax discriminators and Wasserstein
    critics are trained on samples at eleven positions theta, and the gradient
    that each gives G is measured (Arjovsky et al. 2017, Example 1).
    """
    from gan_cli.theory.findings.parallel_lines import findings
    from gan_cli.theory.parallel_lines import parallel_lines as measure

    return findings(measure(seed, updates=updates))
