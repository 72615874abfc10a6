"""`gan sample`: samples of a trained generator, as a picture or as an array."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.imports import Imports, import_modules
from gan_cli.errors import DataError, UsageError

if TYPE_CHECKING:
    import numpy as np

    from gan_cli.plots.samples import Drawer
    from gan_cli.trained import Trained

Run = Annotated[
    str, typer.Argument(metavar="RUN", help="A run directory, or latest.", show_default=False)
]
Checkpoint = Annotated[
    int | None, typer.Option(metavar="STEP", help="Which checkpoint; the newest by default.")
]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Of the latents.")]


def sample(
    run: Run,
    count: Annotated[int, typer.Option(min=1, help="How many samples.")] = 64,
    seed: Seed = 0,
    checkpoint: Checkpoint = None,
    out: Annotated[
        Path | None,
        typer.Option(help="FILE.png or FILE.npz; by default a .png in the run directory."),
    ] = None,
    imports: Imports = None,
) -> None:
    """Draw samples from a trained generator.

    A .png shows them; an .npz holds one array `samples`, (N, *shape), in the
    data's own scale: images in [-1, 1], points as they are.
    """
    import jax

    trained = open_trained(run, checkpoint, imports)
    target = out or default_path(run, f"sample_{trained.step:08d}_seed{seed}_count{count}.png")
    check_target(target, (".png", ".npz"))
    latents = trained.experiment.architecture.sample_latent(jax.random.key(seed), count)
    samples = trained.generate(latents)
    if target.suffix == ".npz":
        import numpy as np

        with target.open("wb") as file:
            np.savez_compressed(file, samples=samples)
    else:
        drawn = drawer_of(trained, samples).draw(samples, f"step {trained.step:,}")
        target.write_bytes(drawn)
    print(target)


def open_trained(run: str, checkpoint: int | None, imports: list[str] | None) -> "Trained":
    """Reads a run's generator, saying so where a damaged checkpoint is passed over."""
    import sys

    import_modules(imports or [])
    from gan_cli import runs, trained

    found = trained.load(runs.resolve(run), checkpoint)
    for damage in found.damaged:
        print(f"{damage} Using the one of step {found.step:,}.", file=sys.stderr)
    return found


def default_path(run: str, name: str) -> Path:
    """A file in the run directory's own samples folder."""
    from gan_cli import runs

    folder = runs.resolve(run).samples
    folder.mkdir(exist_ok=True)
    return folder / name


def check_target(target: Path, suffixes: tuple[str, ...]) -> None:
    """Refuses a file that cannot be written, before anything is computed."""
    if target.suffix not in suffixes:
        raise UsageError(f"--out {target}: the name must end in {' or '.join(suffixes)}.")
    if not target.parent.is_dir():
        raise UsageError(f"--out {target}: there is no directory {target.parent}.")


def drawer_of(trained: "Trained", samples: "np.ndarray") -> "Drawer":
    """What draws samples as the training does."""
    from gan_cli.plots.samples import drawer
    from gan_cli.problem import picture

    try:
        return picture(trained.experiment, trained.spec)
    except DataError:  # points whose data is no longer there are drawn without it
        return drawer(trained.spec.shape, samples)
