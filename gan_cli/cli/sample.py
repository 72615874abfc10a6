"""`gan sample`: samples of a trained generator, as a picture or as an array."""

from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.options import Checkpoint, Imports, Run, Seed
from gan_cli.files import path_of


def sample(
    run: Run,
    count: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many samples.")] = 64,
    seed: Seed = 0,
    checkpoint: Checkpoint = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            parser=path_of,
            help="FILE.png or FILE.npz; by default a .png in the run directory.",
        ),
    ] = None,
    imports: Imports = None,
) -> None:
    """Draw samples from a trained generator.

    A .png shows them; an .npz holds one array `samples`, (N, *shape), in the
    data's own scale: images in [-1, 1], points as they are.
    """
    from gan_cli.cli.draw import draw_samples

    draw_samples(run, count, seed, checkpoint, out, imports or [])
