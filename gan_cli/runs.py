"""The run directory: its files, its lock, its summary, and how runs are found."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from gan_cli.errors import DataError, UsageError

OUTPUTS = Path("outputs")
STATUSES = ("running", "completed", "interrupted", "diverged", "failed")

Summary = dict[str, Any]


class RunDirectory:
    """The places of a run's files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / ".hydra" / "config.yaml"
        self.overrides = path / ".hydra" / "overrides.yaml"
        self.summary = path / "summary.json"
        self.metrics = path / "metrics.jsonl"
        self.samples = path / "samples"
        self.checkpoints = path / "checkpoints"
        self.log = path / "train.log"

    def sample(self, step: int) -> Path:
        """The sample picture of a step."""
        return self.samples / f"step_{step:08d}.png"

    def sample_steps(self) -> list[int]:
        """The steps that a sample picture was drawn at."""
        return sorted(
            int(path.stem.removeprefix("step_")) for path in self.samples.glob("step_*.png")
        )

    def read_summary(self) -> Summary:
        """What is known of the run; its status alone before its first summary was written.

        "running" is the word of the lock, not of the file: a run whose process is gone is
        interrupted, whatever it last wrote.

        Raises:
            DataError: if the file is damaged.
        """
        summary: Summary = {"status": "running"}
        if self.summary.is_file():
            try:
                summary = json.loads(self.summary.read_text(encoding="utf-8"))
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                raise DataError(
                    f"{self.summary} is damaged. Delete it: gan train --resume {self.path} "
                    "writes it anew."
                ) from error
        if summary["status"] == "running" and not self.is_running():
            summary["status"] = "interrupted"
        return summary

    def write_summary(self, summary: Summary) -> None:
        """Replaces summary.json in one atomic step."""
        text = json.dumps(summary, indent=2, allow_nan=False) + "\n"
        write(self.summary, text.encode())

    def read_overrides(self) -> list[str]:
        """The overrides that the run was started with."""
        import yaml

        if not self.overrides.is_file():
            return []
        return [str(line) for line in yaml.safe_load(self.overrides.read_text("utf-8")) or []]

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the run; the operating system lets it go when the process ends, however it ends.

        Whoever holds it may hold it again.

        Raises:
            UsageError: if another process holds it.
        """
        name = self.path.resolve()
        if name in _HELD:
            yield
            return
        with self.log.open("a", encoding="utf-8") as file:
            if not _acquire(file):
                raise UsageError(f"{self.path} is still running, in another process.")
            _HELD.add(name)
            try:
                yield
            finally:
                _HELD.remove(name)

    def is_running(self) -> bool:
        """Whether a process holds the run's lock."""
        if not self.log.is_file():
            return False
        with self.log.open("r", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


_HELD: set[Path] = set()
"""The runs that this process holds."""


def _acquire(file: IO[str]) -> bool:
    """Takes the lock; tries again for a moment, since `is_running` holds it while it looks."""
    for _ in range(10):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def write(path: Path, content: bytes) -> None:
    """Writes a file in one atomic step: whoever reads it finds the old content or the new."""
    scratch = path.with_name(f".{path.name}.tmp")
    scratch.write_bytes(content)
    scratch.replace(path)


def is_run(path: Path) -> bool:
    """Whether a directory holds a run."""
    return (path / ".hydra" / "config.yaml").is_file()


def find(root: Path) -> list[Path]:
    """Every run directory at or below a folder, oldest first by its configuration's time."""
    found = []
    for parent, folders, _ in os.walk(root):
        if is_run(Path(parent)):
            found.append(Path(parent))
            folders[:] = [name for name in folders if name not in ("checkpoints", "samples")]
    return sorted(
        found, key=lambda run: ((run / ".hydra/config.yaml").stat().st_mtime_ns, str(run))
    )


def resolve(text: str) -> RunDirectory:
    """The run that a RUN argument names: a directory, or `latest` for the newest under outputs/.

    Raises:
        UsageError: if there is none.
    """
    if text == "latest":
        found = find(OUTPUTS) if OUTPUTS.is_dir() else []
        if not found:
            raise UsageError(f"there is no run under {OUTPUTS.resolve()} yet. Start one: gan train")
        return RunDirectory(found[-1])
    path = Path(text)
    if not path.is_dir():
        raise UsageError(f"{path}: no such run directory. 'gan runs' lists the runs there are.")
    if not is_run(path):
        raise UsageError(f"{path} is not a run directory: it has no .hydra/config.yaml.")
    return RunDirectory(path)
