"""SIGINT and SIGTERM as a request to stop, which the training notices between two chunks."""

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

NOTICE = b"gan: stopping after the current steps; press Ctrl-C again to stop at once\n"


class Interrupted(BaseException):
    """The user ended the program. Like KeyboardInterrupt, no `except Exception` holds it up."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number

    def __reduce__(self) -> tuple[type, tuple[int]]:
        """Lets a sweep's member that is a process of its own end the sweep too."""
        return Interrupted, (self.status - 128,)


class StopRequest:
    """Whether the user asked to stop, and with which signal."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def __call__(self) -> bool:
        return self.signal is not None

    def obey(self) -> None:
        """Ends the program if the user asked for it.

        Raises:
            Interrupted: with the signal.
        """
        if self.signal is not None:
            raise Interrupted(self.signal)


@contextlib.contextmanager
def stop_request() -> Iterator[StopRequest]:
    """Turns the first SIGINT or SIGTERM into a request; a second one ends the program at once.

    Signals reach the main thread alone: in another one nothing is ever requested.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def note(number: int, _: FrameType | None) -> None:
        if request.signal is not None:
            raise Interrupted(number)
        request.signal = number
        with contextlib.suppress(OSError):  # a print could meet one that the signal interrupted
            os.write(2, NOTICE)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
