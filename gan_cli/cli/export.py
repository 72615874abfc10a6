"""`gan export`: a trained generator as files that other programs read."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.options import Checkpoint, Imports, Run
from gan_cli.files import path_of


def export(
    run: Run,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", parser=path_of, help="The folder; export/ in the run by default."
        ),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=1_000_000,
            help="How many latents the program takes at once; any.",
        ),
    ] = None,
    checkpoint: Checkpoint = None,
    imports: Imports = None,
) -> None:
    """Write a trained generator for other programs.

    generator.stablehlo is the whole program, for jax.export.deserialize;
    generator.safetensors holds its parameters, and generator.json says what
    it takes and gives.
    """
    from gan_cli import export as files
    from gan_cli import generator, runs, trained
    from gan_cli.cli.out import check_folder, check_own, tell, unwritable

    folder = runs.resolve(run).path / "export" if out is None else out
    if out is None:
        check_own(folder, "--out DIR")
    check_folder(folder)
    pair = generator.load(run, trained.wanted(checkpoint), tuple(imports or ())).pair
    for damage in pair.damaged:
        print(f"{damage} Using the one of step {pair.step:,}.", file=sys.stderr)
    try:
        paths = files.write(pair, folder, batch)
    except OSError as error:
        raise unwritable(folder, error) from error
    for path in paths:
        tell(path)
