"""What is said of a system that refuses to write: too small, used up, closed, broken or limited."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG, errno.EMFILE)
OCCUPIED = (errno.ENOTDIR, errno.EEXIST)
"""What a system says where a file lies in the place of a folder."""
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB")


def refusal(error: BaseException) -> OSError | None:
    """The refusal of a file system behind an error; None for any other error.

    A library's own error, such as tensorstore's, holds the system's words at best.
    """
    if isinstance(error, OSError) and error.errno is not None:
        return error if error.errno in REFUSALS else None
    for number in REFUSALS:
        if os.strerror(number) in str(error):
            return OSError(number, os.strerror(number))
    return refusal(error.__cause__) if error.__cause__ is not None else None


def why(error: OSError, path: str | Path) -> str:
    """Why a file could not be written, to be put into a sentence.

    Args:
        error: what writing it raised.
        path: the file.
    """
    if error.errno in OCCUPIED and (found := in_the_way(Path(path))) is not None:
        return f"{found} is not a folder"
    if error.errno not in REFUSALS:
        return error.strerror or str(error)
    if error.errno == errno.EFBIG:
        return "it would be larger than files may be, by the limit that `ulimit -f` shows"
    if error.errno == errno.EMFILE:
        return "the process may open no more files, by the limit that `ulimit -n` shows"
    mount = mount_point(Path(path))
    if error.errno == errno.EROFS:
        return f"the file system at {mount} can only be read"
    if error.errno == errno.EIO:
        return f"the disk of the file system at {mount} reports an input/output error"
    room = os.statvfs(mount)
    free, whole = (size(blocks * room.f_frsize) for blocks in (room.f_bavail, room.f_blocks))
    if error.errno == errno.EDQUOT:
        return (
            f"your quota on the file system at {mount} is used up, although {free} are free there"
        )
    if room.f_files and not room.f_favail:
        return f"the file system at {mount} holds as many files as it can, although {free} are free"
    return f"the file system at {mount} has too little room, with {free} of {whole} free"


def in_the_way(folder: Path) -> Path | None:
    """What lies in the place of a folder, or of one that it is in; None where nothing does."""
    found = next((path for path in (folder, *folder.parents) if os.path.lexists(path)), None)
    return None if found is None or found.is_dir() else found


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Names the file in an error of the file system that is raised meanwhile.

    Raises:
        OSError: with the path.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def check_room(folder: Path, needed: int) -> None:
    """Refuses to begin what the file system has no room for, as far as it tells.

    Args:
        folder: where to write.
        needed: how much, in bytes.

    Raises:
        OSError: as writing it would.
    """
    room = os.statvfs(folder)
    if room.f_blocks and room.f_bavail * room.f_frsize < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


def mount_point(path: Path) -> Path:
    """Where the file system of a file is mounted; the file need not exist."""
    whole = Path(os.path.realpath(path))
    return next(each for each in (whole, *whole.parents) if each.is_mount())


def size(count: float) -> str:
    """A number of bytes for the user."""
    for unit in UNITS:
        if count < 1024 or unit == UNITS[-1]:
            break
        count /= 1024
    return f"{count:.0f} bytes" if unit == UNITS[0] else f"{count:.1f} {unit}"
