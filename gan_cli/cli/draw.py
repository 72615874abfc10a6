"""What `gan sample` and `gan interpolate` do: read a generator, draw with it, write a file."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from gan_cli import runs, trained
from gan_cli.cli.out import check_file, check_own, tell, unwritable_file
from gan_cli.errors import DataError, UsageError
from gan_cli.files import made_folder, write_atomically
from gan_cli.imports import import_modules
from gan_cli.job.sample_pictures import picture
from gan_cli.plots.samples import Drawer, drawer
from gan_cli.trained import Trained
from gan_cli.training import devices
from gan_cli.training.random import Purpose, key_for

SAMPLES, LINES = (".png", ".npz"), (".png",)
"""The endings of the files that are written."""


def draw_samples(
    run: str,
    count: int,
    seed: int,
    checkpoint: str | None,
    out: Path | None,
    modules: Sequence[str],
) -> None:
    """Writes samples as a picture or an array; see `gan sample`."""
    _check(out, SAMPLES)
    generator = _open(run, checkpoint, modules)
    name = f"sample_{generator.step:08d}_seed{seed}_count{count}.png"
    target = _target(run, out, name)
    key = key_for(seed, Purpose.SAMPLES)
    samples = generator.generate(generator.experiment.architecture.sample_latent(key, count))
    if target.suffix == ".npz":
        content = io.BytesIO()
        np.savez_compressed(content, samples=samples)
        _write(target, content.getvalue())
    else:
        _write(target, _drawer(generator, samples).draw(samples, f"step {generator.step:,}"))
    tell(target)


def draw_interpolation(
    run: str,
    rows: int,
    columns: int,
    seed: int,
    checkpoint: str | None,
    out: Path | None,
    modules: Sequence[str],
) -> None:
    """Writes a picture of lines in z; see `gan interpolate`."""
    _check(out, LINES)
    generator = _open(run, checkpoint, modules)
    target = _target(run, out, f"interpolation_{generator.step:08d}_seed{seed}.png")
    key = key_for(seed, Purpose.LINES)
    ends = generator.experiment.architecture.sample_latent(key, 2 * rows)
    share = jnp.linspace(0.0, 1.0, columns)[None, :, None]
    latents = (1.0 - share) * ends[:rows, None] + share * ends[rows:, None]
    samples = generator.generate(latents.reshape(rows * columns, -1))
    lines = samples.reshape(rows, columns, *samples.shape[1:])
    drawn = _drawer(generator, samples).draw_lines(lines, f"step {generator.step:,}")
    _write(target, drawn)
    tell(target)


def _open(run: str, checkpoint: str | None, modules: Sequence[str]) -> Trained:
    """Reads a run's generator, saying so where a damaged checkpoint is passed over."""
    devices.started()
    import_modules(modules)
    found = trained.load(runs.resolve(run), trained.wanted(checkpoint))
    for damage in found.damaged:
        print(f"{damage} Using the one of step {found.step:,}.", file=sys.stderr)
    return found


def _check(out: Path | None, suffixes: tuple[str, ...]) -> None:
    """Refuses a file that cannot be written, or has another ending; nothing is computed before."""
    if out is None:
        return
    if out.suffix not in suffixes:
        raise UsageError(f"--out {out}: the name must end in {' or '.join(suffixes)}.")
    check_file(out)


def _target(run: str, out: Path | None, name: str) -> Path:
    """The file to write, by default in the run's own samples folder.

    Raises:
        UsageError: if that folder cannot be written; nothing is drawn before.
    """
    if out is not None:
        return out
    folder = runs.resolve(run).samples
    check_own(folder)
    return folder / name


def _write(path: Path, content: bytes) -> None:
    """Writes a file.

    Raises:
        UsageError: if it cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device
            path.write_bytes(content)
            return
        with made_folder(path.parent):
            write_atomically(path, content)  # in the place of a link, and not through it
    except OSError as error:
        raise unwritable_file(path, error) from error


def _drawer(generator: Trained, samples: np.ndarray) -> Drawer:
    """What draws samples as the training does; points whose data is gone are drawn without it."""
    try:
        return picture(generator.experiment.dataset, generator.spec)
    except DataError:
        return drawer(generator.spec.shape, samples)
