"""SIGINT and SIGTERM as a wish that the training notices between two chunks."""

import contextlib
import signal
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


@contextlib.contextmanager
def wish_to_end() -> Iterator[Wish]:
    """Turns the first SIGINT or SIGTERM into a wish; a second one ends the program at once."""
    wish = Wish()
    if threading.current_thread() is not threading.main_thread():
        yield wish
        return

    def note(number: int, _: FrameType | None) -> None:
        if wish.signal is not None:
            raise Interrupted(number)
        wish.signal = number

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, note) for number in signals}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
