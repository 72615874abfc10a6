"""`gan theory optimal-transport`: a G that pays for its transport, beside the optimal map."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.errors import UsageError
from gan_cli.theory.findings.base import Findings

P_HELP = "The latents, a normal distribution: normal([MEAN,..],[[COVARIANCE,..],..])."
Q_HELP = "The data, in the same form; on the line both may be normal(MEAN,STD)."
P = Annotated[str, typer.Option("--p", metavar="TEXT", help=P_HELP)]
Q = Annotated[str, typer.Option("--q", metavar="TEXT", help=Q_HELP)]
MOST = 16
"""The most dimensions; a small network and the picture say little beyond."""


@output.command(place=130, compiles=True, seconds=11, quick={"steps": 10})
def optimal_transport(
    p: P = "normal([0,0],[[1,0],[0,1]])",
    q: Q = "normal([1,2],[[2,1],[1,2]])",
    steps: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How many steps to train.")
    ] = 3000,
    seed: output.Seed = 0,
) -> Findings:
    """Train a G that pays for its transport: it becomes the optimal map.

    Between two normal distributions the map that moves one onto the other at
    the least E|G(x) - x|^2 is known. Many other G have the right distribution
    too; a G that pays for its transport beside what the critic says finds this
    one (Korotin et al. 2023).
    """
    from gan_cli.divergences.parse_gaussian import parse_gaussian
    from gan_cli.theory.findings.optimal_transport import findings
    from gan_cli.theory.optimal_transport import optimal_transport as measure

    pair = []
    for option, text in (("--p", p), ("--q", q)):
        try:
            pair.append(parse_gaussian(text))
        except UsageError as error:
            raise UsageError(f"{option} {error}") from None
    known, wanted = pair
    if known.dimension != wanted.dimension:
        raise UsageError(
            f"--p '{p}' has {known.dimension} coordinates and --q '{q}' has {wanted.dimension}: "
            "give two with as many."
        )
    if known.dimension > MOST:
        raise UsageError(f"--p '{p}' has {known.dimension} coordinates; {MOST} are the most.")
    return findings(p, q, measure(known, wanted, seed, steps))
