"""How long `gan train` takes to its first step: a process of its own, a whole run of one step."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from gan_cli.errors import GanError

Command = Callable[[Path, Path], Sequence[str]]
"""Gives the words after `gan`, from a directory for compiled programs and one for the run."""


class Start(NamedTuple):
    """Seconds from the start of the process to its end, and those of them spent compiling."""

    wall_seconds: float
    compile_seconds: float


def cold_and_warm(command: Command, between: Callable[[], None]) -> tuple[Start, Start]:
    """Trains one step twice: first without compiled programs, then with those of the first time.

    Args:
        command: gives the command of a run of one step.
        between: called after each.

    Raises:
        GanError: with the sentence and the status of a training that failed.
    """
    with tempfile.TemporaryDirectory(prefix="gan-bench-") as folder:
        starts = []
        for name in ("cold", "warm"):
            run = Path(folder, name)
            arguments = command(Path(folder, "programs"), run)
            begin = time.perf_counter()
            done = _gan(arguments)
            seconds = time.perf_counter() - begin
            between()
            if done.returncode:
                raise _failure(done)
            summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
            starts.append(Start(seconds, summary["compile_seconds"]))
    return starts[0], starts[1]


def _gan(arguments: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gan_cli", *arguments], capture_output=True, text=True, check=False
    )


def _failure(done: "subprocess.CompletedProcess[str]") -> GanError:
    said = [line for line in done.stderr.splitlines() if line.strip()]
    sentence = said[-1].removeprefix("gan: ") if said else "a training of one step was killed."
    error = GanError(sentence)
    error.status = max(1, done.returncode)
    return error
