"""`gan theory divergences`: every divergence between two distributions given as text."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output, texts
from gan_cli.theory.findings.base import Findings

NOTATION = "normal(MEAN,STD), uniform(LOW,HIGH), mixture(.3*normal(..)+.7*..), discrete(.5,.5)"
P = Annotated[str, typer.Option("--p", metavar="TEXT", help=f"One distribution: {NOTATION}.")]
Q = Annotated[str, typer.Option("--q", metavar="TEXT", help="The other distribution.")]


@output.command(place=10, compiles=False, seconds=3)
def divergences(
    p: P = "normal(0,1)", q: Q = "mixture(0.3*normal(-1,.5)+0.7*normal(2,1))"
) -> Findings:
    """Compare two distributions by KL, JS, chi^2, MMD, Wasserstein and other distances.

    Each divergence is computed in both directions: exactly for discrete
    distributions, otherwise by quadrature with the error stated. The picture
    shows the terms that they add up, how far the distribution functions are
    apart, the critics that tell p from q best, and how W_1 moves the mass.
    Nothing is random.
    """
    from gan_cli.theory.divergences import divergences as compare
    from gan_cli.theory.findings.divergences import findings

    return findings(p, q, compare(texts.read("--p", p), texts.read("--q", q)))
