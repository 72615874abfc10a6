"""Starts the command line; for `python -m gan_cli` and the console script `gan` alike."""

import atexit
import gc
import logging
import signal
import sys

from gan_cli import interrupts, surroundings

FEW_COLLECTIONS = (500_000, 20, 50)
"""Thresholds of the garbage collector: importing and tracing make many objects and no garbage."""


def start() -> None:
    """Runs the command line, alike in every environment, and quick to start and to end."""
    surroundings.start_with_assertions()
    surroundings.look_here_last()
    surroundings.keep_libraries_quiet()
    surroundings.print_any_text()
    gc.set_threshold(*FEW_COLLECTIONS)
    atexit.register(gc.freeze)  # else Python collects every module when the process ends
    surroundings.keep_xla_quiet()
    logging.raiseExceptions = False  # a log that cannot be written is no matter for the terminal
    try:
        from gan_cli.logs import streams

        streams.open_missing()
        from gan_cli.cli import main

        main()
    except KeyboardInterrupt:  # while the program is still being imported
        sys.exit(128 + signal.SIGINT)
    except SystemExit as ended:
        if isinstance(ended.code, int):
            interrupts.wait_no_longer(ended.code)
        raise


if __name__ == "__main__":
    start()
