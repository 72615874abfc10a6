"""The run directory: its files, its lock, its summary, and how runs are found."""

import contextlib
import fcntl
import json
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

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

    @property
    def resume_command(self) -> str:
        """What goes on with the run, ready to be pasted into a shell."""
        return f"gan train --resume {shlex.quote(str(self.path))}"

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
                    f"{self.summary} is damaged. Delete it: {self.resume_command} writes it anew."
                ) from error
        if summary["status"] == "running" and not self.is_running():
            summary["status"] = "interrupted"
        return summary

    def write_summary(self, summary: Summary) -> None:
        """Replaces summary.json in one atomic step."""
        text = json.dumps(summary, indent=2, allow_nan=False) + "\n"
        write(self.summary, text.encode())

    def read_overrides(self) -> list[str]:
        """The overrides that the run was started with; none where they were not saved.

        Raises:
            DataError: if the file is damaged.
        """
        import yaml

        if not self.overrides.is_file():
            return []
        try:
            lines = yaml.safe_load(self.overrides.read_text("utf-8")) or []
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise damaged(self.overrides, error) from error
        if not isinstance(lines, list):
            raise damaged(self.overrides, TypeError("it is not a list"))
        return [str(line) for line in lines]

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


def damaged(path: Path, error: Exception) -> DataError:
    """What to tell of a file in .hydra/ that cannot be read: the first reason, on one line."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    reason = problem or (str(error).splitlines() or [type(error).__name__])[0]
    where = f"line {mark.line + 1}: " if mark else ""
    needed = path.name == "config.yaml"  # a run is one without the other two
    remedy = "Put back a copy of it." if needed else "Put back a copy of it, or delete it."
    return DataError(f"{path} is damaged ({where}{' '.join(reason.split())}). {remedy}")


def read_settings(path: Path, *, resolve: bool) -> dict[str, Any]:
    """A saved group of settings as nested plain values.

    Args:
        path: of a YAML file.
        resolve: whether ${...} are replaced by what they stand for.

    Raises:
        DataError: if the file is damaged.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    try:
        values = OmegaConf.to_container(OmegaConf.load(path), resolve=resolve)
    except (OmegaConfBaseException, YAMLError, UnicodeDecodeError, OSError) as error:
        raise damaged(path, error) from error
    if not isinstance(values, dict):
        raise damaged(path, TypeError("it is not a group of settings"))
    return cast(dict[str, Any], values)


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
