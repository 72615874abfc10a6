"""`gan interpolate`: what G draws along straight lines between latents."""

from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.options import Checkpoint, Imports, Run, Seed
from gan_cli.files import path_of


def interpolate(
    run: Run,
    rows: Annotated[int, typer.Option(min=1, max=100, help="How many lines.")] = 8,
    columns: Annotated[
        int, typer.Option(min=2, max=1000, help="Points on a line, its ends included.")
    ] = 10,
    seed: Seed = 0,
    checkpoint: Checkpoint = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", parser=path_of, help="FILE.png; by default in the run directory."
        ),
    ] = None,
    imports: Imports = None,
) -> None:
    """Draw rows of linear interpolation in z (Figure 3 of Goodfellow et al. 2014).

    Each row goes from one latent to another in equal steps. Images change along
    the row. Points are connected: as a path in the plane, and on the line over
    the share of the way in z.
    """
    from gan_cli.cli.draw import draw_interpolation

    draw_interpolation(run, rows, columns, seed, checkpoint, out, imports or [])
