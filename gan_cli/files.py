"""Files that appear whole or not at all, paths of the user, and what can be made again."""

import contextlib
import errno
import functools
import itertools
import os
import re
import stat
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO

import platformdirs

from gan_cli import storage
from gan_cli.errors import UsageError

WITHOUT_FSYNC = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""What file systems say that have no fsync, such as some FUSE mounts."""

PART = re.compile(r"\..+\.[0-9a-f]{32}\.part")
"""The name of a file of which not all is written yet."""


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Opens a new file that takes the place of `path` at the end, unless something is raised.

    Raises:
        OSError: if the file cannot be written; `path` is then as it was.
    """
    part = path.with_name(f".{path.name}.{uuid.uuid4().hex}.part")
    try:
        with storage.naming(path):
            with part.open("xb") as file:
                yield file
                force_to_disk(file)
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Makes a folder, and those that it is in, to write into; an error leaves none of them empty.

    Raises:
        OSError: if it cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not os.path.lexists(each)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for each in missing:
            with contextlib.suppress(OSError):  # what another program has written there stays
                each.rmdir()
        raise


def discard_parts(folder: Path) -> None:
    """Deletes the half-written files that killed processes left in a folder, where it is there."""
    for path in folder.glob(".*.part"):
        if PART.fullmatch(path.name):
            path.unlink(missing_ok=True)


def parts_of(path: Path) -> list[Path]:
    """The files of which not all is written yet that are to take the place of a file."""
    start = f".{path.name}."
    return [
        each
        for each in path.parent.iterdir()
        if each.name.startswith(start) and PART.fullmatch(each.name)
    ]


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


def user_cache() -> Path | None:
    """The user's own cache folder for gan; None where the user has no home directory.

    On Linux it is $XDG_CACHE_HOME/gan, or else ~/.cache/gan.
    """
    try:
        return platformdirs.user_cache_path("gan", appauthor=False)
    except RuntimeError:
        return None


def cache_folder() -> Path:
    """Where to keep what can be made again: in the user's own cache, or else in temporary files.

    A user without a home directory, or with one that cannot be written as in many containers, gets
    a folder that nobody else can write. A cache that XDG_CACHE_HOME names is taken as it is.

    Raises:
        OSError: if there is no folder for temporary files either.
    """
    own = user_cache()
    if own is not None and (os.environ.get("XDG_CACHE_HOME") or is_writable(own)):
        return own
    return _temporary()


def is_writable(folder: Path) -> bool:
    """Whether files can be written into a folder, or it can be made where there is none."""
    try:
        nearest = next(each for each in (folder, *folder.parents) if each.exists())
        tempfile.TemporaryFile(dir=nearest).close()
    except OSError:
        return False
    return True


@functools.cache
def _temporary() -> Path:
    """A folder for the user alone, the same for later processes unless its name is taken."""
    wanted = Path(tempfile.gettempdir(), f"gan-{os.getuid()}")
    with contextlib.suppress(FileExistsError):
        wanted.mkdir(mode=0o700)
    found = wanted.lstat()  # a link, which anybody could have put there, is somebody else's
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
        return wanted
    return Path(tempfile.mkdtemp(prefix="gan-"))


def write_new(path: Path, content: bytes) -> Path:
    """Writes a file beside what is there: under a name with a number where the name is taken.

    Returns:
        The file; the one that is there already where it holds the same.

    Raises:
        OSError: if it cannot be written.
    """
    with made_folder(path.parent):
        for number in itertools.count():
            free = path.with_stem(f"{path.stem}-{number}") if number else path
            if not free.exists():
                write_atomically(free, content)
                return free
            if free.is_file() and free.read_bytes() == content:
                return free
    raise AssertionError("the numbers have no end")


def link_to_nothing(path: Path) -> str | None:
    """What a path is, in words, if it is a link whose target is not there; else None."""
    if not path.is_symlink() or path.exists():
        return None
    return f"a link to {path.readlink()}, which is not there"


def path_of(text: str | Path) -> Path:
    """The path that a text names, with the home in the place of ~ where there is such a user.

    Any other text with a ~ in front is taken as it is.

    Raises:
        UsageError: if the user's own home is meant and there is none, or for a zero character.
    """
    if "\0" in str(text):
        raise UsageError(f"{str(text)!r}: a path cannot contain a zero character.")
    found = Path(os.path.expanduser(text))  # noqa: PTH111  (Path's own raises for no such user)
    if found.parts[:1] == ("~",):
        raise UsageError(
            f"{text}: there is no home directory to put in the place of ~. Write the whole path."
        )
    return found
