"""What `gan look` does: TensorBoard over links whose names say what tells the runs apart."""

import os
import tempfile
import textwrap
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from gan_cli import comparison
from gan_cli.cli.comparing import read_runs
from gan_cli.comparison import Run
from gan_cli.console import printable
from gan_cli.logs import viewer
from gan_cli.runs import RunDirectory

LONGEST = 80
"""The most characters of what tells a run apart."""


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
        return viewer.show(
            ["--logdir", folder, *(["--port", str(port)] if port is not None else [])]
        )


def names(found: Sequence[Run]) -> list[str]:
    """What tells each run apart from the others, in the order of the runs, as names of folders.

    Runs that are equal, and those of which it would take too long to tell, are told by the time at
    which they started.
    """
    groups = comparison.grouped(found)
    seeded = len({run.seed for run in found}) > 1
    told = {
        run.path: _as_folder(
            [*([group.name] if len(groups) > 1 else []), *([f"seed={run.seed}"] if seeded else [])]
        )
        for group in groups
        for run in group.runs
    }
    alike = Counter(told.values())
    named = [
        name
        if (name := told[run.path]) and alike[name] == 1 and len(name) <= LONGEST
        else f"{_shortened(name)} {_started(run)}".strip()
        for run in found
    ]
    again = Counter(named)
    seen: Counter[str] = Counter()
    for place, name in enumerate(named):
        if again[name] > 1:
            seen[name] += 1
            named[place] = f"{name} ({seen[name]})"
    return named


def _as_folder(parts: Sequence[str]) -> str:
    """A name that a folder can have: in one line and without separators."""
    return printable(" ".join(parts)).replace(os.sep, ".").replace("\n", " ")


def _shortened(name: str) -> str:
    """As many whole words of a name as there is room for."""
    return textwrap.shorten(name, LONGEST, placeholder=" ...", break_long_words=False)


def _started(run: Run) -> str:
    """When a run started, such as 2026-11-27 18-14-58."""
    seconds = RunDirectory(run.path).started() / 1e9
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H-%M-%S")
