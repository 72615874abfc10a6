"""Standard output and standard error where writing fails: a full disk, a reader that has gone."""

import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any, Literal

from gan_cli.console import Printable, below
from gan_cli.interrupts import Interrupted

Name = Literal["stdout", "stderr"]


class Lasting(io.FileIO):
    """A descriptor to which a write that fails changes nothing: the text is lost, and all goes on.

    The next write is tried again, since a disk may have room then.
    """

    def write(self, data: Any) -> int:
        """Writes bytes, and says how many of them need not be written again."""
        try:
            written = super().write(data)
        except OSError:
            written = None
        return memoryview(data).nbytes if written is None else written


class Read(io.FileIO):
    """A descriptor that ends the program once nobody reads it, as in `gan runs | head -1`.

    A terminal that was closed changes nothing, as in `Lasting`: who left it waits for no text.
    """

    def __init__(self, descriptor: int, mode: str, *, closefd: bool) -> None:
        super().__init__(descriptor, mode, closefd=closefd)
        self._is_terminal = self.isatty()  # it is none any more once it was closed

    def write(self, data: Any) -> int:
        """Writes bytes, and says how many of them need not be written again.

        Raises:
            Interrupted: with SIGPIPE, as other programs end; what else is written is lost.
            OSError: for another reason, such as a full disk.
        """
        try:
            return super().write(data)
        except BrokenPipeError:
            with open(os.devnull, "wb") as nothing:  # noqa: PTH123  (a device, and no path)
                os.dup2(nothing.fileno(), self.fileno())
            raise Interrupted(signal.SIGPIPE) from None
        except OSError as error:
            if self._is_terminal:
                return memoryview(data).nbytes
            raise OSError(error.errno, f"standard output: {error.strerror}") from error


def lasting(name: Name) -> contextlib.AbstractContextManager[None]:
    """Lets no failed write to a stream raise; one that is no file, as in a notebook, is left."""
    return _through(Lasting, name)


def read(name: Name) -> contextlib.AbstractContextManager[None]:
    """Ends the program, without a word, once nobody reads a stream any more."""
    return _through(Read, name)


@contextlib.contextmanager
def _through(kind: type[io.FileIO], name: Name) -> Iterator[None]:
    """Lets a standard stream be written by another kind of file."""
    before = getattr(sys, name)
    inner = below(before)
    raw = _raw(inner, kind)
    if raw is None:
        yield
        return
    with contextlib.suppress(OSError):
        before.flush()
    stream = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=inner.encoding,
        errors=inner.errors,
        line_buffering=kind is Lasting or bool(inner.line_buffering),
    )
    setattr(sys, name, stream if inner is before else Printable(stream))
    try:
        yield
    finally:
        setattr(sys, name, before)
        stream.flush()


def _raw(stream: object, kind: type[io.FileIO]) -> io.FileIO | None:
    """What is below a stream; None for one that is no file, or only names one as a notebook's."""
    if not isinstance(stream, io.TextIOWrapper):
        return None
    try:
        return kind(stream.fileno(), "wb", closefd=False)
    except OSError:
        return None


def open_missing() -> None:
    """Puts nothing in the place of standard streams that were closed, as with `>&-` in a shell.

    The next files to be opened would take their numbers, and libraries would write into them.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w", encoding="utf-8", closefd=False))


def finish() -> None:
    """Writes what standard output still holds.

    Raises:
        OSError: if that fails; the rest is given up, so that it does not fail again at the end.
    """
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
