"""A lock on a file or directory, which the system releases when its process ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

ATTEMPTS = 10
"""Tries to take a lock, since `is_held` holds it for the moment in which it looks."""


class HeldElsewhere(Exception):
    """Another process holds the lock."""


@contextlib.contextmanager
def hold(path: Path) -> Iterator[None]:
    """Holds the lock on an existing file or directory.

    Raises:
        HeldElsewhere: if another process, or another part of this one, holds it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if not any(_attempt(descriptor) for _ in range(ATTEMPTS)):
            raise HeldElsewhere
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def wait_for(path: Path) -> Iterator[None]:
    """Holds the lock on an existing file or directory, once nobody else does."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock on a file or directory; False where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _attempt(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        time.sleep(0.02)
        return False
    return True
