"""`gan theory catalogue`: known numbers of the theory beside the ones that are computed here."""

from typing import Annotated

import typer

from gan_cli.cli.completion import complete_names
from gan_cli.cli.theory import output
from gan_cli.errors import UsageError, nearest
from gan_cli.theory.findings.base import Findings

SUBJECTS = (
    *("divergences", "f-divergences", "optimal-discriminator", "bias", "landscape", "packing"),
    *("optimal-transport", "dynamics", "birthday", "spectral-norm", "perfect-samples"),
)
"""What the catalogue has numbers of, the keys of `gan_cli.theory.catalogue.PARTS`."""
ONLY = "The subject whose numbers are wanted alone, such as dynamics."


@output.command(place=160, compiles=True, seconds=30, quick={"only": "divergences"})
def catalogue(
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="SUBJECT",
            help=ONLY,
            autocompletion=complete_names(*SUBJECTS),
        ),
    ] = None,
) -> Findings:
    """Compare known numbers of the theory with what this program computes, in one table.

    Divergences and distances, D at its optimum, optimal maps, the dynamics of
    the Dirac-GAN, biases, landscapes, packs, birthdays and spectral norm: each
    number beside the one that the literature or a closed form gives. What
    takes longer trainings is listed below the table, with the command for it.
    """
    from gan_cli.theory.catalogue import catalogue as computed
    from gan_cli.theory.findings.catalogue import findings

    if only is not None and only not in SUBJECTS:
        raise UsageError(f"--only {only}: has no numbers here. {nearest(only, SUBJECTS)}")
    return findings(computed([only] if only else SUBJECTS))
