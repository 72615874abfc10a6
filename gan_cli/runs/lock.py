"""A lock on a file or directory, which the system releases when its process ends.

Where the file system knows no such lock, a lock file does what it can.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from gan_cli.runs import lock_file
from gan_cli.runs.lock_file import HeldElsewhere

ATTEMPTS = 10
"""Tries to take a lock, since `is_held` holds it for the moment in which it looks."""


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock on an existing file or directory.

    Raises:
        HeldElsewhere: if another process, or another part of this one, holds it.
        OSError: if the file cannot be written.
    """
    mode = os.O_RDONLY if path.is_dir() else os.O_RDWR  # NFS locks only what it may write
    with _opened(path, mode) as descriptor:
        taken = _taken(descriptor)
        if taken is None:
            with lock_file.hold(path):
                yield
            return
        if not taken or lock_file.is_held(path):
            raise HeldElsewhere
        yield


@contextlib.contextmanager
def wait_for(path: Path) -> Iterator[None]:
    """Holds the lock on an existing file or directory, once nobody else does.

    Where the file system knows no locks, nothing is waited for.
    """
    with _opened(path, os.O_RDONLY) as descriptor:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock on a file or directory; False where there is none.

    Of a file that may not be opened that cannot be told, and it counts as held.
    """
    try:
        with _opened(path, os.O_RDONLY) as descriptor:
            return _is_locked(descriptor) or lock_file.is_held(path)
    except FileNotFoundError:
        return False
    except OSError:
        return True


@contextlib.contextmanager
def _opened(path: Path, mode: int) -> Iterator[int]:
    descriptor = os.open(path, mode | os.O_NONBLOCK)  # a pipe would be waited for
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # the file system knows no locks
        return False
    return False


def _taken(descriptor: int) -> bool | None:
    """Whether the lock could be taken; None where the file system knows no locks."""
    for _ in range(ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        except OSError:
            return None
        else:
            return True
    return False
