"""`gan interpolate`: what G draws along straight lines between latents."""

from pathlib import Path
from typing import Annotated

import typer

from gan_cli.cli.imports import Imports
from gan_cli.cli.sample import (
    Checkpoint,
    Run,
    Seed,
    check_target,
    default_path,
    drawer_of,
    open_trained,
)


def interpolate(
    run: Run,
    rows: Annotated[int, typer.Option(min=1, help="How many lines.")] = 8,
    columns: Annotated[int, typer.Option(min=2, help="Points on a line, its ends included.")] = 10,
    seed: Seed = 0,
    checkpoint: Checkpoint = None,
    out: Annotated[
        Path | None, typer.Option(help="FILE.png; by default in the run directory.")
    ] = None,
    imports: Imports = None,
) -> None:
    """Draw rows of linear interpolation in z (Figure 3 of Goodfellow et al. 2014).

    Each row goes from one latent to another in equal steps; images change along the row, and
    points are connected: in the plane as a path, on the line over the place in z.
    """
    import jax
    import jax.numpy as jnp

    trained = open_trained(run, checkpoint, imports)
    target = out or default_path(run, f"interpolation_{trained.step:08d}_seed{seed}.png")
    check_target(target, (".png",))
    ends = trained.experiment.architecture.sample_latent(jax.random.key(seed), 2 * rows)
    share = jnp.linspace(0.0, 1.0, columns)[None, :, None]
    latents = (1.0 - share) * ends[:rows, None] + share * ends[rows:, None]
    samples = trained.generate(latents.reshape(rows * columns, -1))
    lines = samples.reshape(rows, columns, *samples.shape[1:])
    drawn = drawer_of(trained, samples).draw_lines(lines, f"step {trained.step:,}")
    target.write_bytes(drawn)
    print(target)
