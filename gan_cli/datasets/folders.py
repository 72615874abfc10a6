"""Where data lies on this machine, and how a file is put there."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from gan_cli import storage
from gan_cli.errors import DataError
from gan_cli.files import atomic_file, cache_folder, parts_of, path_of, user_cache

ABANDONED = 3600.0
"""A half-written file that nobody has added to for so many seconds is of a process that is gone."""


def data_folder(root: str | None) -> Path:
    """Where each data set has its folder: in `root`, else in $GAN_DATA_DIR, else in the cache."""
    if chosen := root or os.environ.get("GAN_DATA_DIR"):
        return path_of(chosen).absolute()
    own = user_cache()
    with suppress(PermissionError):  # of another user's home
        if own is not None and own.is_dir():
            return own
    return cache_folder()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a file that replaces `path` once it is whole, and makes the folder that it is in.

    Halves of it that killed processes left, which may be large, are deleted.

    Raises:
        DataError: if the file cannot be written; `path` is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for part in parts_of(path):
            with suppress(FileNotFoundError):
                if time.time() - part.stat().st_mtime > ABANDONED:
                    part.unlink()
        with atomic_file(path) as file:
            yield file
    except OSError as error:
        raise DataError(f"{path} cannot be written: {storage.why(error, path)}.") from error
