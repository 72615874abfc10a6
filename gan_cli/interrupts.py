"""SIGINT and SIGTERM as a wish that the training notices between two chunks."""

import contextlib
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType


class Interrupted(BaseException):
    """The user ended the program. Like KeyboardInterrupt, no `except Exception` holds it up."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.status = 128 + number

    def __reduce__(self) -> tuple[type, tuple[int]]:
        """Lets a sweep's member that is a process of its own end the sweep too."""
        return Interrupted, (self.status - 128,)


class Wish:
    """Whether the user asked to end, and with which signal."""

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


_active: list[Wish] = []


@contextlib.contextmanager
def wish_to_end() -> Iterator[Wish]:
    """Turns the first SIGINT or SIGTERM into a wish; a second one ends the program at once.

    Within another `wish_to_end` it is the same wish.
    """
    if _active or threading.current_thread() is not threading.main_thread():
        yield _active[-1] if _active else Wish()
        return
    wish = Wish()

    def note(number: int, _: FrameType | None) -> None:
        if wish.signal is not None:
            raise Interrupted(number)
        wish.signal = number
        print("gan: ending after what is under way; once more ends at once", file=sys.stderr)

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, note) for number in signals}
    _active.append(wish)
    try:
        yield wish
    finally:
        _active.remove(wish)
        for number, handler in before.items():
            signal.signal(number, handler)
