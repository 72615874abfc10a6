"""TensorBoard in a process of its own, which ends with the command that started it.

The process holds the reading end of a pipe and the command the writing end. The pipe ends however
the command does, so a command that is killed is noticed as well.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

from gan_cli.interrupts import StopRequest, stop_request

PATIENCE = 5.0
"""The seconds that TensorBoard has to end by itself."""


class _Quiet(StopRequest):
    """A stop request of which nothing is said, as TensorBoard says it itself."""

    notice = staticmethod(lambda _: b"")


def show(arguments: Sequence[str]) -> int:
    """Runs TensorBoard until it ends or this process is told to, and returns its exit status.

    Args:
        arguments: TensorBoard's own.

    Raises:
        Interrupted: after a signal other than Ctrl-C, which is how one leaves TensorBoard.
    """
    reading, writing = os.pipe()
    words = [sys.executable, "-m", __name__, str(reading), *arguments]
    with stop_request(_Quiet()) as stop, os.fdopen(writing, "wb"):
        process = subprocess.Popen(words, pass_fds=[reading])
        os.close(reading)
        stop.passed_on = lambda _: process.terminate()
        if stop():  # since before there was a process to pass it on to
            process.terminate()
        status = process.wait()
    if stop.signal == signal.SIGINT:
        return 0
    stop.obey()
    return status


def _end_with(descriptor: int) -> None:
    """Waits for the end of the pipe, and ends this process then."""
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(int(sys.argv.pop(1)),), daemon=True).start()
    from tensorboard.main import run_main

    run_main()
