"""What `gan look` does: TensorBoard over links whose names say what tells the runs apart."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gan_cli import commands
from gan_cli.cli import ports
from gan_cli.cli.named_runs import read_runs
from gan_cli.cli.run_names import left_out, names
from gan_cli.logs import viewer
from gan_cli.narrow import sentences


def look_at(targets: Sequence[str], port: int | None, *, show: bool) -> int:
    """Shows runs in TensorBoard until it is interrupted; returns its exit status."""
    if show and port is not None:
        ports.check(port)
    found = read_runs(targets)
    labels = names(found, as_folder)
    for name, run in zip(labels, found, strict=True):
        print(f"{name}  {commands.path(run.path)}")
    if also := left_out(found):
        print(sentences(also))
    if not show:
        return 0
    with tempfile.TemporaryDirectory(prefix="gan-look-") as folder:
        for name, run in zip(labels, found, strict=True):
            (Path(folder) / name).symlink_to(run.path.resolve(), target_is_directory=True)
        return viewer.show(
            ["--logdir", folder, *(["--port", str(port)] if port is not None else [])]
        )


def as_folder(name: str) -> str:
    """A name that a folder can have: without separators."""
    return name.replace(os.sep, ".")
