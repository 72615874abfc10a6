"""Keeps Orbax's threads quiet that go on writing after a checkpoint could not be written.

Each of them would print a traceback, since nobody waits for it any more.
"""

import contextlib
import functools
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

LATE = "Event loop is closed"


@contextlib.contextmanager
def silent_if_it_fails() -> Iterator[None]:
    """From the moment on that something is raised, nothing is printed of threads that come late.

    Those of Python tell `sys.excepthook` of it, and those of C++ `sys.unraisablehook`.
    """
    hook, unraisable = sys.excepthook, sys.unraisablehook
    sys.excepthook = functools.partial(_tell, hook)
    sys.unraisablehook = functools.partial(_tell_unraisable, unraisable)
    yield
    sys.excepthook, sys.unraisablehook = hook, unraisable


def _tell(
    tell: Any, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if not (kind is RuntimeError and str(error) == LATE):
        tell(kind, error, trace)


def _tell_unraisable(tell: Any, found: Any) -> None:
    if not (found.exc_type is RuntimeError and str(found.exc_value) == LATE):
        tell(found)
