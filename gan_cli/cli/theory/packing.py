"""`gan theory packing`: what D sees of two models when it judges packs."""

from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.theory import output, texts
from gan_cli.errors import UsageError
from gan_cli.theory.findings.base import Findings

if TYPE_CHECKING:
    from gan_cli.divergences.distributions import OnLine

DATA = "uniform(0,1)"
MODELS = {
    "collapsed": "uniform(.2,1)",
    "uneven": "mixture(.3*uniform(0,.5)+.7*uniform(.5,1))",
}
P_HELP = "The distribution P, of masses or of uniform pieces; needs --q as well."
P = Annotated[str | None, typer.Option("--p", metavar="TEXT", help=P_HELP)]
Q = Annotated[str | None, typer.Option("--q", metavar="TEXT", help="One model of it.")]


@output.command(place=120, compiles=True, seconds=35, quick={"updates": 5})
def packing(
    p: P = None,
    q: Q = None,
    packs: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="The largest size of packs.")
    ] = 4,
    updates: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How often to update each discriminator.")
    ] = 2000,
    seed: output.Seed = 0,
) -> Findings:
    """Show that D in packs tells a collapsed model sooner than one that is merely uneven.

    P is uniform(0,1). Both models are at total variation .2 from it: one misses
    the part [0,.2], the other has .3 and .7 of its mass on the halves. The
    total variation of packs is computed exactly, and D is trained on packs of
    1 to 4 (Lin et al. 2018). --p and --q compare another pair.
    """
    from gan_cli.theory.findings.packing import findings
    from gan_cli.theory.packing import packing as measure

    data, models = written(p, q)
    pairs = [(name, _steps("--q", text)) for name, text in models.items()]
    known = _steps("--p", data)
    check(data, known, models, pairs, packs)
    return findings([data, *models.values()], measure(known, pairs, packs, seed, updates))


def written(p: str | None, q: str | None) -> tuple[str, dict[str, str]]:
    """P and its models by name, as they are written.

    Raises:
        UsageError: if one of the two is given without the other.
    """
    if p is None and q is None:
        return DATA, MODELS
    if p is None or q is None:
        given, missing = ("--p", "--q") if q is None else ("--q", "--p")
        raise UsageError(f"{given} needs {missing} beside it, such as {missing} 'uniform(.2,1)'.")
    return p, {"model": q}


def _steps(option: str, text: str) -> "OnLine":
    """Reads a distribution of masses or of uniform pieces.

    Raises:
        UsageError: for any other.
    """
    from gan_cli.theory.packing import has_steps

    found = texts.read(option, text)
    if not has_steps(found):
        raise UsageError(
            f"{option} '{text}': must be made of masses or of pieces of constant density, such as "
            "discrete(.5,.5), uniform(0,1) or mixture(.3*uniform(0,.5)+.7*uniform(.5,1))."
        )
    return found


def check(
    data: str,
    p: "OnLine",
    models: dict[str, str],
    pairs: "list[tuple[str, OnLine]]",
    packs: int,
) -> None:
    """Refuses what has nothing in common, and packs of too many types.

    Raises:
        UsageError: naming the option and what is possible.
    """
    from gan_cli.divergences import Discrete
    from gan_cli.theory.packing import by_ratio, cells, largest

    for name, q in pairs:
        if isinstance(p, Discrete) != isinstance(q, Discrete):
            raise UsageError(
                f"--p '{data}' and --q '{models[name]}': one has masses and the other a density, "
                "so their total variation is 1 in packs of any size. Give two of a kind."
            )
        most = largest(by_ratio(cells(p, q).masses))
        if packs > most:
            raise UsageError(
                f"--packs {packs}: packs of these two have too many types to sum; {most} is the "
                "largest size."
            )
