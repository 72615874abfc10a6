"""Files that appear whole or not at all, paths as people write them, and the cache's folder."""

import itertools
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import platformdirs


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
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Writes a file in one step: a reader finds either the old content or the new.

    Raises:
        OSError: if the file cannot be written; `path` is then as it was.
    """
    with atomic_file(path) as file:
        file.write(content)


def write_new(path: Path, content: bytes) -> Path:
    """Writes a file beside what is there: under a name with a number where the name is taken.

    Returns:
        The file; the one that is there already where it holds the same.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count():
        free = path.with_stem(f"{path.stem}-{number}") if number else path
        if not free.exists():
            write_atomically(free, content)
            return free
        if free.is_file() and free.read_bytes() == content:
            return free
    raise AssertionError("the numbers have no end")


def cache_folder() -> Path:
    """The user's cache folder for gan: on Linux $XDG_CACHE_HOME/gan, or else ~/.cache/gan."""
    return platformdirs.user_cache_path("gan", appauthor=False)


def path_of(text: str | Path) -> Path:
    """The path that a text names, with the home in the place of ~ where there is such a user.

    Any other text with a ~ in front is taken as it is.
    """
    return Path(os.path.expanduser(text))  # noqa: PTH111  (Path's own raises for no such user)
