"""train.log: the log of one run."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
CHATTY = ("jax", "absl", "orbax", "matplotlib")


@contextlib.contextmanager
def run_log(path: Path, run: Path) -> Iterator[None]:
    """Appends what is logged to a file, as Hydra does for a run by itself.

    The handler is the root's: a library that logs and finds none there adds one for the terminal.

    Args:
        path: the file.
        run: the run directory. What is logged with another one as `run` belongs to another run.
    """
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    handler.addFilter(lambda record: getattr(record, "run", run) == run)
    root, package = logging.getLogger(), logging.getLogger("gan_cli")
    before = package.level
    package.setLevel(logging.INFO)
    root.addHandler(handler)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        yield
    finally:
        root.removeHandler(handler)
        package.setLevel(before)
        with contextlib.suppress(OSError):  # as on a full disk: what is told of it is lost too
            handler.close()
