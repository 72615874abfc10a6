"""The directory of a sweep: no member begins once it was moved, or it would be made again."""

from pathlib import Path
from typing import NamedTuple


class SweepMoved(BaseException):
    """The directory of a sweep was moved or deleted; no launcher goes on after it."""


class Home(NamedTuple):
    """A sweep's directory and what tells it from another one, in any process of its machine."""

    path: Path
    device: int
    inode: int

    def check(self) -> None:
        """Sees to it that the directory is where it was.

        Raises:
            SweepMoved: if something else or nothing is there.
        """
        if not self.is_there():
            raise SweepMoved

    def is_there(self) -> bool:
        """Whether the directory is where it was."""
        try:
            found = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return (found.st_dev, found.st_ino) == (self.device, self.inode)


def home(sweep: Path) -> Home:
    """The directory of a sweep as it is now."""
    found = sweep.stat()
    return Home(sweep.absolute(), found.st_dev, found.st_ino)
