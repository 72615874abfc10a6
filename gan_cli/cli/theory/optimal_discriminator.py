"""`gan theory optimal-discriminator`: a trained D beside p_data / (p_data + p_g)."""

from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.theory import output, texts
from gan_cli.errors import UsageError
from gan_cli.theory.findings.base import Findings

if TYPE_CHECKING:
    from gan_cli.divergences.distributions import Density

P_HELP = "The distribution of the data, such as 'uniform(0,1)'; needs --q as well."
Q_HELP = "The distribution of G's samples, such as 'normal(0,1)'."
P = Annotated[str | None, typer.Option("--p", metavar="TEXT", help=P_HELP)]
Q = Annotated[str | None, typer.Option("--q", metavar="TEXT", help=Q_HELP)]
UPDATES = "How often to update D; by default until it has converged, at most 30,000 times."


@output.command(place=30, compiles=True, seconds=25, quick={"updates": 200})
def optimal_discriminator(
    p: P = None,
    q: Q = None,
    updates: Annotated[int | None, typer.Option(min=1, max=10_000_000, help=UPDATES)] = None,
    seed: output.Seed = 0,
) -> Findings:
    """Train D against a fixed G: it becomes p_data / (p_data + p_g).

    D is an MLP that learns by minimax's discriminator loss, with fresh samples
    of two known distributions in every update: a pair on the line and one in
    the plane, or the pair given by --p and --q. It sees each part of them in
    that part's own units, and is trained until it has converged (Goodfellow et
    al. 2014, Proposition 1 and Theorem 1).
    """
    from gan_cli.theory.findings.optimal_discriminator import findings
    from gan_cli.theory.optimal_discriminator import LINE, PLANE
    from gan_cli.theory.optimal_discriminator import optimal_discriminator as measure

    pairs = [LINE, PLANE] if p is None and q is None else [chosen(p, q)]
    return findings([measure(*pair, seed, updates) for pair in pairs])


def chosen(p: str | None, q: str | None) -> "tuple[Density, Density]":
    """Reads the user's own pair.

    Raises:
        UsageError: if one is missing or has no density, or a text cannot be read.
    """
    from gan_cli.divergences import Discrete

    if p is None or q is None:
        given, missing = ("--p", "--q") if q is None else ("--q", "--p")
        raise UsageError(f"{given} needs {missing} beside it, such as {missing} 'normal(0,1)'.")
    data, generated = texts.read("--p", p), texts.read("--q", q)
    if isinstance(data, Discrete) or isinstance(generated, Discrete):
        given = f"--p '{p}'" if isinstance(data, Discrete) else f"--q '{q}'"
        raise UsageError(
            f"{given}: consists of points, and here D is compared with D* by densities. Write "
            "narrow normals, as in 'mixture(.5*normal(0,.1)+.5*normal(1,.1))', or see the row GAN "
            "of 'gan theory f-divergences', which plays this game on points."
        )
    return data, generated
