"""Whether the directory of a run or a sweep is still where it was, and where it is if not."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import GanError
from gan_cli.runs.directory import RunDirectory


def going_on_with_run(run: Path) -> str:
    """What is safe of a run that was moved, and how to go on with it, in sentences."""
    from gan_cli import checkpoints  # it needs NumPy, for which nobody else has to wait

    saved, command = checkpoints.steps(RunDirectory(run).checkpoints), commands.resume(run)
    if not saved:
        return f"No state was saved yet. Begin it anew there: {command}"
    return f"The state of step {saved[-1]:,} is safe. Go on with it there: {command}"


def going_on_with_sweep(sweep: Path) -> str:
    """How to go on with a sweep that was moved, in a sentence."""
    return f"Go on with it there: {commands.resume_sweep(sweep)}"


class Moved(GanError):
    """A run or a sweep whose directory was moved or deleted while it trained.

    now: where it is; None where it was deleted or the system does not tell.
    """

    def __init__(
        self, path: Path, now: Path | None, going_on: Callable[[Path], str] = going_on_with_run
    ) -> None:
        went = f"was moved to {now}" if now else "was moved or deleted"
        told = f"{path} {went} while it was being trained, so the training has ended."
        super().__init__(f"{told} {going_on(now)}" if now else told)
        self.now = now


class Whereabouts:
    """A directory that is held open, so that it is known wherever it goes."""

    def __init__(self, path: Path, going_on: Callable[[Path], str] = going_on_with_run) -> None:
        """Opens the directory.

        Args:
            path: the directory.
            going_on: says how to go on in a directory.
        """
        self._path, self._going_on = path, going_on
        self._descriptor = os.open(path, os.O_RDONLY)

    def check(self) -> None:
        """Sees to it that the directory is where it was.

        Raises:
            Moved: if something else or nothing is there.
        """
        if not self._is_at(self._path):
            raise Moved(self._path, self._now(), self._going_on)

    def close(self) -> None:
        os.close(self._descriptor)

    def _is_at(self, path: Path) -> bool:
        """Whether a path leads to the directory; both are asked anew, as some systems number so."""
        try:
            return os.path.samestat(path.stat(), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _now(self) -> Path | None:
        """Where the directory is; None where that is not known."""
        try:
            if hasattr(fcntl, "F_GETPATH"):  # macOS
                told = fcntl.fcntl(self._descriptor, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0")
                found = Path(os.fsdecode(told))
            else:
                found = Path(f"/proc/self/fd/{self._descriptor}").readlink()
        except OSError:
            return None
        return found if self._is_at(found) else None
