"""The places of a run's files, and what is read from and written to them."""

import contextlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import DataError, UsageError
from gan_cli.files import discard_parts
from gan_cli.locks import lock, lock_file
from gan_cli.runs import mark, summary
from gan_cli.runs.settings import read_overrides, read_settings, write_settings
from gan_cli.runs.summary import Summary

RESULTS = ("summary.json", "metrics.jsonl", "events.out.tfevents.*")
WRITTEN = (*RESULTS, ".hydra.*.tmp")
FOLDERS = (".hydra", "samples", "checkpoints", "evaluation")

PICTURE = re.compile(r"step_([0-9]{8,18})\.png")


class RunDirectory:
    """The places of a run's files."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.settings = path / ".hydra"
        self.config = self.settings / "config.yaml"
        self.overrides = self.settings / "overrides.yaml"
        self.summary = path / "summary.json"
        self.metrics = path / "metrics.jsonl"
        self.samples = path / "samples"
        self.checkpoints = path / "checkpoints"
        self.best_checkpoints = self.checkpoints / "best"
        self.evaluation = path / "evaluation"
        self.log = path / "train.log"

    @property
    def resume_command(self) -> str:
        """The command that resumes the run, ready to be pasted into a shell."""
        return commands.resume(self.path)

    def rewriting_command(self) -> str:
        """The command that goes on without the summary, and writes it anew.

        A run of which no checkpoint tells what it was started with is accepted as it is now.
        """
        from gan_cli import checkpoints  # it needs NumPy, for which nobody else has to wait
        from gan_cli.runs import kept

        is_known = bool(kept.newest(self.checkpoints).get("settings"))
        begins_anew = not checkpoints.steps(self.checkpoints)
        words = [] if is_known or begins_anew else ["--accept-changes"]
        return commands.resume(self.path, *words)

    def sample(self, step: int) -> Path:
        """The sample picture of a step."""
        return self.samples / f"step_{step:08d}.png"

    def judgements(self, step: int) -> Path:
        """The file for what metrics say of the samples of a step."""
        return self.evaluation / f"{step}.json"

    def sample_steps(self) -> list[int]:
        """The steps whose sample picture was drawn."""
        found = [path for path in self.samples.glob("step_*.png") if path.is_file()]
        steps = [int(match[1]) for path in found if (match := PICTURE.fullmatch(path.name))]
        return sorted(step for step in steps if self.sample(step) in found)

    def holds_results(self) -> bool:
        """Whether anything of worth is there: a logged row, a picture or a checkpoint."""
        logged = self.metrics.is_file() and self.metrics.stat().st_size > 0
        return logged or any(
            any(folder.iterdir()) for folder in (self.samples, self.checkpoints) if folder.is_dir()
        )

    def is_gans(self) -> bool:
        """Whether gan wrote the run that is there, and no other program that uses Hydra.

        Raises:
            OSError: if a file of it cannot be read.
        """
        return mark.is_gans(self.settings, self.summary)

    def started(self) -> int:
        """When the run started, in nanoseconds since 1970.

        Raises:
            OSError: if a file of it cannot be read.
        """
        return mark.started(self.settings)

    def in_the_way(self) -> Path | None:
        """What a new run would write over although no run of gan's left it, or None."""
        if self.config.is_file():
            another = mark.keys(self.config) and not self.is_gans()
            return self.config if another else None
        files = (path for pattern in RESULTS for path in self.path.glob(pattern))
        folders = (self.samples, self.checkpoints, self.evaluation)
        inside = (path for folder in folders for path in folder.glob("*"))
        return min([*files, *inside], default=None)

    def is_cut_off(self) -> bool:
        """Whether the run's start was cut off: its settings are damaged and nothing came after."""
        if self.summary.exists() or self.holds_results():
            return False
        saved = (self.config, self.settings / "hydra.yaml")
        try:
            read_overrides(self.overrides)
            return not all(read_settings(path, resolve=False) for path in saved if path.exists())
        except DataError:
            return True

    def read_summary(self) -> Summary:
        """What is known of the run; its status alone before its first summary was written.

        Whether a run is running is known from its lock and not from the file: a run whose process
        is gone is interrupted, whatever it wrote last.

        Raises:
            DataError: if the file is damaged.
        """
        known = summary.read(self.summary, self.rewriting_command)
        if known["status"] == "running" and not self.is_running():
            known["status"] = "interrupted"
        return known

    def write_summary(self, known: Summary) -> None:
        """Replaces summary.json in one atomic step."""
        summary.write(self.summary, known)

    def write_settings(self, texts: Mapping[str, str]) -> None:
        """Starts the run's own files anew with the settings of a run that nothing is known of yet.

        Args:
            texts: the files of .hydra/ by name.
        """
        self.discard_unfinished()
        for pattern in WRITTEN:
            for path in self.path.glob(pattern):
                _remove(path)
        for name in FOLDERS:
            _remove(self.path / name)
        write_settings(self.settings, {**texts, mark.NAME: mark.text()})

    def discard_unfinished(self) -> None:
        """Deletes the files that a killed process left half-written."""
        for folder in (self.path, self.settings, self.samples):
            discard_parts(folder)

    def read_overrides(self) -> list[str]:
        """The overrides that the run was started with; none where they were not saved.

        Raises:
            DataError: if the file is damaged.
        """
        return read_overrides(self.overrides)

    def refuse_links(self) -> None:
        """Refuses a directory in which a link leads elsewhere.

        Raises:
            UsageError: naming the link.
        """
        files = (self.log, self.summary, self.metrics, self.best_checkpoints)
        for path in (*files, *(self.path / name for name in FOLDERS)):
            if path.is_symlink():
                raise UsageError(
                    f"{path} is a link, and a run, which may be anybody's, writes in its own "
                    "directory alone. Put what it leads to in its place. To keep a run on another "
                    f"disk, put all of {self.path} there and a link to it here, or start it there "
                    "with hydra.run.dir=DIR."
                )

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Holds the run, whose directory exists; nothing in it is changed.

        Raises:
            UsageError: if another process holds it, or a link in it leads elsewhere.
        """
        self.refuse_links()
        if not self.log.exists():
            self.log.touch()
        try:
            with lock.hold(self.log):
                yield
        except lock.HeldElsewhere as held:
            raise still_running(self.path, held, self.resume_command) from None

    def is_running(self) -> bool:
        """Whether a process holds the run's lock."""
        return lock.is_held(self.log)

    def refuse_running(self) -> None:
        """Refuses a run that a process holds.

        Raises:
            UsageError: naming the process.
        """
        if self.is_running():
            raise still_running(self.path, lock.holder(self.log), self.resume_command)


def release(path: Path) -> None:
    """Takes over a run or a sweep whose process on another machine has ended without a word.

    That is possible where the file system holds no locks, so that a lock file stays.

    Raises:
        UsageError: if that process has given a sign of life within two minutes.
    """
    try:
        lock_file.release(path)
    except lock.HeldElsewhere as held:
        raise still_running(path, held, "") from None


def still_running(path: Path, held: lock.HeldElsewhere, go_on: str) -> UsageError:
    """The error for a run or a sweep that another process holds.

    Args:
        path: its directory.
        held: who holds it.
        go_on: the command that goes on with it.
    """
    if not held.silent:
        how = f" To save and end it: kill {held.process}" if held.process else ""
        return UsageError(f"{path} is still running, in {held.who}.{how}")
    return UsageError(
        f"{path} was still running, in {held.who}, when that was last heard of, "
        f"{held.silent / 60:.0f} min ago. If it has ended: {go_on} --take-over"
    )


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
