"""A sign of life on standard error while something takes long and prints nothing."""

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Iterator

from gan_cli.logs.terminal import duration

EVERY = 10.0
"""The seconds from one sign to the next; what is over before the first gives none."""


class Latest(logging.Handler):
    """Keeps the newest message."""

    text = ""

    def __init__(self) -> None:
        super().__init__(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        self.text = record.getMessage()


@contextlib.contextmanager
def waiting(what: str, *sources: str) -> Iterator[None]:
    """Says every `EVERY` seconds how long something has taken, and how far it is.

    Args:
        what: what takes long, such as "gan theory convergence".
        sources: the names of the loggers that are told, by info messages, how far it is.
    """
    logs, latest, over = list(map(logging.getLogger, sources)), Latest(), threading.Event()
    before, begin = [(log.level, log.propagate) for log in logs], time.perf_counter()

    def tell() -> None:
        while not over.wait(EVERY):
            taken = duration(time.perf_counter() - begin)
            line = ", ".join(filter(None, (f"{what}: {taken}", latest.text)))
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any more
                print(f"{line}\n", end="", file=sys.stderr, flush=True)

    for log in logs:
        log.addHandler(latest)
        log.setLevel(logging.INFO)
        log.propagate = False  # a library may have given the root a handler that prints it all
    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()
        for log, (level, propagates) in zip(logs, before, strict=True):
            log.removeHandler(latest)
            log.propagate = propagates
            log.setLevel(level)
