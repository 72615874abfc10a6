"""What `gan look` does: TensorBoard over links whose names say what tells the runs apart."""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from gan_cli import comparison
from gan_cli.cli.comparing import read_runs
from gan_cli.comparison import Run
from gan_cli.console import printable


def look_at(targets: Sequence[str], port: int | None, *, show: bool) -> int:
    """Shows runs in TensorBoard until it is interrupted; returns its exit status."""
    found = read_runs(targets)
    labels = names(found)
    for name, run in zip(labels, found, strict=True):
        print(f"{name}  {run.path}")
    if not show:
        return 0
    with tempfile.TemporaryDirectory(prefix="gan-look-") as folder:
        for name, run in zip(labels, found, strict=True):
            (Path(folder) / name).symlink_to(run.path.resolve(), target_is_directory=True)
        words = ["-m", "tensorboard.main", "--logdir", folder]
        words += ["--port", str(port)] if port is not None else []
        try:
            return subprocess.run([sys.executable, *words], check=False).returncode
        except KeyboardInterrupt:
            return 0


def names(found: Sequence[Run]) -> list[str]:
    """What tells each run apart from the others, in the order of the runs, as names of folders."""
    groups = comparison.grouped(found)
    seeded = len({run.seed for run in found}) > 1
    told = {
        run.path: " ".join(
            [*([group.name] if len(groups) > 1 else []), *([f"seed={run.seed}"] if seeded else [])]
        )
        for group in groups
        for run in group.runs
    }
    repeated = Counter(told.values())
    own = [
        told[run.path] if told[run.path] and repeated[told[run.path]] == 1 else _placed(run, told)
        for run in found
    ]
    cut = [_as_folder(name) for name in own]
    return [f"{name} {i}" if name in cut[:i] else name for i, name in enumerate(cut)]


def _as_folder(name: str) -> str:
    """A name that a folder can have: in one line, without separators, of at most 200 bytes."""
    plain = printable(name).replace(os.sep, ".").replace("\n", " ")
    short = plain.encode(errors="replace")[:200].decode(errors="ignore")
    return "run" if short in ("", ".", "..") else short


def _placed(run: Run, told: dict[Path, str]) -> str:
    """A name that others have too, with the run's place."""
    return f"{told[run.path]} {run.path}".strip()
