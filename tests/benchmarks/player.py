"""One side of a comparison: a process that takes training steps whenever it is asked to.

    python -m tests.benchmarks.player SIDE WORK FILE

A line on standard input is a number of steps to time, or 0 for a first estimate. The line that
answers is a JSON list: the steps a second, and how many cores other programs kept busy meanwhile.
"""

import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Run = Callable[[int], None]
"""Takes some training steps and waits for the last."""

WARM_UP = 5
"""Steps before any is timed."""
CALIBRATION = 0.5
"""Seconds that the number of steps in a round is estimated from."""
PROC_STAT = Path("/proc/stat")


def run_of(side: str, work: str, file: Path) -> Run:
    """What takes steps on a side; the library of the other side need not be installed."""
    if side in ("eager", "compiled", "graph"):
        from tests.benchmarks.training import in_torch

        return in_torch(file, side)
    from tests.benchmarks import ours

    return ours.in_the_loop(work) if side == "ours" else ours.step_by_step(work)


def time_round(run: Run, steps: int) -> tuple[float, float]:
    """The steps a second of one round, and how many cores other programs kept busy."""
    start, own, everyone = time.perf_counter(), time.process_time(), _busy_seconds()
    run(steps)
    seconds = time.perf_counter() - start
    others = _busy_seconds() - everyone - (time.process_time() - own)
    return steps / seconds, max(0.0, others / seconds)


def estimate(run: Run) -> tuple[float, float]:
    """As `time_round`, after a warm-up and with as many steps as it takes to tell."""
    run(WARM_UP)
    steps = 1
    while steps / (first := time_round(run, steps))[0] < CALIBRATION:
        steps = math.ceil(1.5 * CALIBRATION * first[0])
    return first


def _busy_seconds() -> float:
    """The seconds that the cores were busy since the machine's start (Linux; 0 elsewhere)."""
    with contextlib.suppress(OSError):
        user, nice, system, _, _, *rest = PROC_STAT.read_text().split("\n")[0].split()[1:9]
        return sum(map(int, (user, nice, system, *rest))) / os.sysconf("SC_CLK_TCK")
    return 0.0


def main() -> None:
    side, work, file = sys.argv[1:]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    run = run_of(side, work, Path(file))
    for line in sys.stdin:
        answer = time_round(run, steps) if (steps := int(line)) else estimate(run)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
