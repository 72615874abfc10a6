"""Whether the directory of a run or a sweep is still where it was, and where it is if not."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from gan_cli import commands
from gan_cli.errors import GanError


class Moved(GanError):
    """A run or a sweep whose directory was moved or deleted while it trained.

    now: where it is; None where it was deleted or the system does not tell.
    """

    def __init__(
        self, path: Path, now: Path | None, resume: Callable[[Path], str] = commands.resume
    ) -> None:
        went = f"was moved to {now}" if now else "was moved or deleted"
        go_on = f"Go on with it there: {resume(now)}" if now else ""
        super().__init__(
            f"{path} {went} while it was being trained, so the training has ended. {go_on}".rstrip()
        )
        self.now = now


class Whereabouts:
    """A directory that is held open, so that it is known wherever it goes."""

    def __init__(self, path: Path, resume: Callable[[Path], str] = commands.resume) -> None:
        """Opens the directory.

        Args:
            path: the directory.
            resume: gives the command that goes on in a directory.
        """
        self._path, self._resume = path, resume
        self._descriptor = os.open(path, os.O_RDONLY)

    def check(self) -> None:
        """Sees to it that the directory is where it was.

        Raises:
            Moved: if something else or nothing is there.
        """
        if not self._is_at(self._path):
            raise Moved(self._path, self._now(), self._resume)

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
