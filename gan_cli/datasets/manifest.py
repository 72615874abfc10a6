"""What the system knows of files, by which it shows without reading them that they changed."""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from gan_cli.errors import DataError


def of(folder: Path, names: Sequence[str]) -> str:
    """A hash of each file's name, size, inode, and times of change of its content and its facts.

    The last of these times cannot be set, so that it tells of a change whose time was put back.

    Raises:
        DataError: if a file cannot be read.
    """
    found = hashlib.sha256(os.fsencode(folder))
    for name in names:
        try:
            facts = (folder / name).stat()
        except OSError as error:
            raise DataError(f"{folder / name} cannot be read: {error.strerror}.") from error
        numbers = (facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, facts.st_ino)
        found.update(b"\0%b\0%d\0%d\0%d\0%d" % (os.fsencode(name), *numbers))
    return found.hexdigest()
