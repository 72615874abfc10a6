"""Files that appear whole or not at all, and the folder for what can be made again."""

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

import platformdirs

WITHOUT_FSYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What file systems say that have no fsync, such as some FUSE mounts."""


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a new file that takes the place of `path` at the end, unless something is raised.

    Raises:
        OSError: if the file cannot be written; `path` is then as it was.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            yield file
            force_to_disk(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def force_to_disk(file: IO[Any]) -> None:
    """Brings what was written to the disk, where the file system knows how to.

    Raises:
        OSError: if that fails, as on a disk that is full.
    """
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in WITHOUT_FSYNC:
            raise


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file in one step: a reader finds either the old content or the new.

    Raises:
        OSError: if the file cannot be written; `path` is then as it was.
    """
    with atomic_file(path) as file:
        file.write(content)


def cache_folder() -> Path:
    """The user's cache folder for gan: on Linux $XDG_CACHE_HOME/gan, or else ~/.cache/gan."""
    return platformdirs.user_cache_path("gan", appauthor=False)
