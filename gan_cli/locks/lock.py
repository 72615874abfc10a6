"""A lock on a file or directory, which the system releases when its process ends.

Where the file system knows no such lock, a lock file does what it can.
"""

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

from gan_cli.locks import lock_file
from gan_cli.locks.lock_file import HeldElsewhere

ATTEMPTS = 10
"""Tries to take a lock, since `is_held` holds it for the moment in which it looks."""

LOCKS = Path("/proc/locks")
"""Linux's table of all locks."""
HELD = re.compile(r": FLOCK +ADVISORY +WRITE +([1-9][0-9]*) +[0-9a-f]+:[0-9a-f]+:([0-9]+) ")


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
            raise holder(path)
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


def holder(path: Path) -> HeldElsewhere:
    """Who holds the lock on a file or directory, as far as the system tells."""
    if process := _process(path):
        return HeldElsewhere(f"process {process}", process=process)
    by_file = lock_file.holder(path) if lock_file.is_held(path) else None
    return by_file or HeldElsewhere()


def _process(path: Path) -> int:
    """The other process of this machine that holds the system's lock on a file; 0 if unknown.

    The system's table has it by the number of the file, which other file systems may have, too.
    """
    with contextlib.suppress(OSError):
        number = path.stat().st_ino
        for found in HELD.finditer(LOCKS.read_text(encoding="ascii")):
            process = int(found[1])
            if int(found[2]) == number and process != os.getpid() and _has_open(process, path):
                return process
    return 0


def _has_open(process: int, path: Path) -> bool:
    with contextlib.suppress(OSError):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(OSError):
                if file.samefile(path):
                    return True
    return False


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
