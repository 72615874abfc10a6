"""Signals as a request to stop, which the training notices between two chunks."""

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import NoReturn

INSISTENT = {
    signal.SIGINT: "; press Ctrl-C again to stop at once",
    signal.SIGTERM: "; send SIGTERM again to stop at once",
}
"""Signals of which a second one ends the program at once, and how the user is told."""

NOTICES = tuple(
    getattr(signal, name)
    for name in ("SIGHUP", "SIGUSR1", "SIGUSR2", "SIGXCPU")
    if hasattr(signal, name)
)
"""What a terminal that closes, a scheduler and a limit of the processor's time send, often more
than once, before they insist."""

ONE_REQUEST = 0.5
"""The same signal that comes again within so many seconds is still the first request: `timeout` and
schedulers send theirs to a process and to its group."""

PATIENCE = 5.0
"""How many seconds the program waits at its end for threads that are still at work."""

TRAINING = "training"
"""How the names of threads begin that train beside the main thread."""


class Interrupted(BaseException):
    """The user ended the program. Like KeyboardInterrupt, no `except Exception` holds it up."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number

    def __reduce__(self) -> tuple[type, tuple[int]]:
        """Lets a sweep's member that is a process of its own end the sweep too."""
        return Interrupted, (self.status - 128,)


def notice(number: int) -> bytes:
    """What the user is told when a signal asks the program to stop."""
    again = INSISTENT.get(signal.Signals(number), "")
    return f"gan: stopping after the current steps{again}\n".encode()


class StopRequest:
    """Whether the program was asked to stop, and with which signal first.

    passed_on: takes the signal as soon as it is there, and tells others of it.
    notice: says what the user is told then.
    """

    notice: Callable[[int], bytes] = staticmethod(notice)

    def __init__(self, passed_on: Callable[[int], None] | None = None) -> None:
        self.signal: int | None = None
        self.passed_on = passed_on

    def __call__(self) -> bool:
        return self.signal is not None

    def take(self, number: int) -> None:
        """Takes a signal that asks to stop; only the first one counts."""
        if self.signal is None:
            self.signal = number
            if self.passed_on is not None:
                self.passed_on(number)

    def obey(self) -> None:
        """Ends the program if it was asked to.

        Raises:
            Interrupted: with the signal.
        """
        if self() and self.signal is not None:
            raise Interrupted(self.signal)


@contextlib.contextmanager
def stop_request(request: StopRequest | None = None) -> Iterator[StopRequest]:
    """Turns signals into a request; a second SIGINT or SIGTERM ends the program at once.

    One of the same kind within `ONE_REQUEST` seconds is no second one.
    SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU are left to whoever handles or ignores them already, as
    nohup and submitit do. Signals reach the main thread alone: in another one nothing is ever
    requested.

    Args:
        request: takes the signals, instead of a new one.
    """
    request = request or StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    insisted: tuple[int, float] | None = None

    def note(number: int, _: FrameType | None) -> None:
        nonlocal insisted
        if number in INSISTENT:
            now = time.monotonic()
            if insisted is not None and not (
                insisted[0] == number and now - insisted[1] < ONE_REQUEST
            ):
                raise Interrupted(number)
            insisted = insisted or (number, now)
        if request.signal is not None:
            return
        request.take(number)
        with contextlib.suppress(OSError):  # a print could meet one that the signal interrupted
            os.write(2, request.notice(number))

    free = [number for number in NOTICES if signal.getsignal(number) is signal.SIG_DFL]
    before = {number: signal.signal(number, note) for number in (*INSISTENT, *free)}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(status: int) -> NoReturn:
    """Ends the program, where threads still train without waiting for them.

    Python would take their executors away first, and what they save would fail in their hands.
    """
    if any(thread.name.startswith(TRAINING) for thread in threading.enumerate()):
        os._exit(status)
    sys.exit(status)


def wait_no_longer(status: int) -> None:
    """Lets a process that is about to end wait `PATIENCE` seconds at most for its other threads.

    Orbax's threads, which a checkpoint leaves behind that could not be written, wait for a folder
    that is no longer there, some of them for ever.
    """
    late = threading.Timer(PATIENCE, os._exit, [status])
    late.daemon = True
    if not all(each.daemon or each is threading.main_thread() for each in threading.enumerate()):
        late.start()
