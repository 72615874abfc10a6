"""`gan theory f-divergences`: nine f-divergences directly, by their bound, and by a trained D."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output, texts
from gan_cli.cli.theory.divergences import NOTATION
from gan_cli.theory.findings.base import Findings

P_HELP = f"The distribution P of the data: {NOTATION}."
P = Annotated[str, typer.Option("--p", metavar="TEXT", help=P_HELP)]
Q = Annotated[str, typer.Option("--q", metavar="TEXT", help="The distribution Q of the samples.")]


UPDATES = 4000  # a quarter of them in the game of 2014


@output.command(place=20, compiles=True, seconds=18, quick={"updates": 50})
def f_divergences(
    p: P = "normal(0,1)",
    q: Q = "normal(1,1)",
    updates: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How often to update each D.")
    ] = UPDATES,
    seed: output.Seed = 0,
) -> Findings:
    """Find nine f-divergences by definition, by their variational bound, and by a trained D.

    D_f = E_Q f(p / q) is the greatest value of E_P T - E_Q f*(T), which
    T* = f'(p / q) attains (Nowozin et al. 2016). Each is computed in both
    ways, and at other T, which give less; then a D is trained for each by its
    objective=f_gan, after it has played the game of 2014. The picture shows f,
    its conjugate f*, the output activation g_f, and T* beside the T of the
    trained D.
    """
    from gan_cli.theory.f_divergences import f_divergences as measure
    from gan_cli.theory.findings.f_divergences import findings

    pair = texts.read("--p", p), texts.read("--q", q)
    return findings(p, q, measure(*pair, seed, updates))
