"""What a GPU makes of this package: each row is printed at once, the most important ones first.

    PYTHONPATH=. python tests/benchmarks/gpu.py [--seconds 480] [--small] [--only TASK]...

It needs what a training needs and nothing else: neither Hydra nor a download, and PyTorch only for
the rows beside PyTorch. A task that fails or takes too long is one line, and the next one follows.
On a CPU it runs too; there, choose --small.
"""

import argparse
import contextlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch shares the memory
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before jax is imported, as `gan` does

from tests.benchmarks.gpu_bench import Bench, Task
from tests.benchmarks.gpu_tasks import tasks

LEAST = 0.4
"""The share of a task's seconds that must be left for it to be begun."""


@contextlib.contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError after so many seconds, as soon as Python has its turn."""

    def end(*_: Any) -> None:
        raise TimeoutError(f"it took more than {seconds:.0f} s")

    signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def perform(task: Task, bench: Bench, end: float) -> None:
    """Prints the rows of a task as they come, and in one line why it ended early if it did.

    Args:
        task: what to measure.
        bench: how to measure.
        end: the moment on `time.monotonic`'s clock at which everything has to be done.
    """
    begun, left = time.monotonic(), end - time.monotonic()
    if left < LEAST * task.seconds:
        print(f"{task.name}: left out, since only {max(left, 0):.0f} s are left", flush=True)
        return
    try:
        with limit(min(task.seconds, left)):
            for row in task.rows(bench):
                print(f"{task.name}: {row}", flush=True)
    except (Exception, SystemExit) as error:
        reason = (str(error).strip().splitlines() or [""])[-1][:300]
        print(f"{task.name}: failed with {type(error).__name__}: {reason}", flush=True)
    print(f"  ({task.name} took {time.monotonic() - begun:.1f} s)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=480, help="for everything together")
    parser.add_argument("--small", action="store_true", help="small networks and short rounds")
    parser.add_argument("--only", nargs="*", metavar="TASK", help="tasks by name; default: all")
    parser.add_argument(
        "--torch-python",
        default=sys.executable,
        metavar="PATH",
        help="the interpreter that has PyTorch; default: this one",
    )
    chosen = parser.parse_args()
    end = time.monotonic() + chosen.seconds
    with tempfile.TemporaryDirectory() as cache:
        bench = Bench(chosen.small, cache, chosen.torch_python)
        for task in tasks():
            if chosen.only is None or task.name in chosen.only:
                perform(task, bench, end)


if __name__ == "__main__":
    main()
