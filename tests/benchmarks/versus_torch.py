"""Training steps a second here and in PyTorch, in rounds that take turns.

    python -m tests.benchmarks.versus_torch [WORK]... [--rounds 7] [--seconds 2] [--json]

Each side is a process of its own with every core, idle while another has its turn, so that neither
library's threads wait on the other's. Measure on a machine with nothing else to do: what other
programs took of it meanwhile is told. The works and their goals are in `ours.py`.
"""

import argparse
import contextlib
import json
import math
import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from tests.benchmarks.ours import WORKS, Run, experiment, in_the_loop, step_by_step

WARM_UP = 5
"""Steps before any is timed."""
PROC_STAT = Path("/proc/stat")
CALIBRATION = 0.5
"""Seconds that the number of steps in a round is estimated from."""


class Round(NamedTuple):
    """One turn of one side: its steps a second, and the cores that other programs kept busy."""

    rate: float
    others: float


def sides(work: str) -> tuple[str, ...]:
    """The sides that are compared, ours first."""
    return ("ours", "lax step") if work == "lax-step" else ("ours", "eager", "compiled")


def side(work: str, name: str) -> Run:
    """What takes steps on that side."""
    match name:
        case "ours":
            return in_the_loop(experiment(work))
        case "lax step":
            return step_by_step(experiment(work))
    from tests.benchmarks.training import in_torch

    return in_torch(experiment(work), compiled=name == "compiled")


def measure(work: str, rounds: int, seconds: float) -> dict[str, Any]:
    """What every side did in every round, and the ratios of our steps a second to the others'."""
    names = sides(work)
    taken: dict[str, list[Round]] = {name: [] for name in names}
    with contextlib.ExitStack() as stack:
        players = {name: stack.enter_context(_process(work, name)) for name in names}
        steps = {name: max(1, round(seconds * _ask(players[name], 0).rate)) for name in names}
        for turn in range(rounds):
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                taken[name].append(_ask(players[name], steps[name]))
    rates = {name: [turn.rate for turn in turns] for name, turns in taken.items()}
    return {
        "work": work,
        "goal": WORKS[work].goal,
        "steps_per_second": rates,
        "ratios": {
            name: [ours / theirs for ours, theirs in zip(rates["ours"], rates[name], strict=True)]
            for name in names[1:]
        },
        "others": {name: [turn.others for turn in turns] for name, turns in taken.items()},
    }


@contextlib.contextmanager
def _process(work: str, name: str) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, work, name))
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _serve(connection: Connection, work: str, name: str) -> None:
    """Answers a number of steps with their rate, and 0 with a first estimate."""
    run = side(work, name)
    with contextlib.suppress(EOFError):
        while True:
            steps: int = connection.recv()
            connection.send(_round(run, steps) if steps else _estimate(run))


def _ask(player: Connection, steps: int) -> Round:
    player.send(steps)
    answer: Round = player.recv()
    return answer


def _round(run: Run, steps: int) -> Round:
    start, ours, everyone = time.perf_counter(), time.process_time(), _busy()
    run(steps)
    seconds = time.perf_counter() - start
    others = _busy() - everyone - (time.process_time() - ours)
    return Round(steps / seconds, max(0.0, others / seconds))


def _estimate(run: Run) -> Round:
    run(WARM_UP)
    steps = 1
    while steps / (first := _round(run, steps)).rate < CALIBRATION:
        steps = math.ceil(1.5 * CALIBRATION * first.rate)
    return first


def _busy() -> float:
    """The seconds that the cores were busy since the start (Linux; elsewhere 0)."""
    with contextlib.suppress(OSError):
        user, nice, system, _, _, *rest = PROC_STAT.read_text().split("\n")[0].split()[1:9]
        return sum(map(int, (user, nice, system, *rest))) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _row(result: dict[str, Any]) -> str:
    rates = ", ".join(
        f"{name} {statistics.median(values):.1f}"
        for name, values in result["steps_per_second"].items()
    )
    ratios = ", ".join(
        f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) of {name}"
        for name, values in result["ratios"].items()
    )
    others = max(max(values) for values in result["others"].values())
    return (
        f"{result['work']}: {ratios}; goal {result['goal']}; steps/s: {rates}; "
        f"other programs kept up to {others:.1f} cores busy"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"of {', '.join(WORKS)}")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2, help="of each side in a round")
    parser.add_argument("--json", action="store_true", help="every round, on standard output")
    arguments = parser.parse_args()
    works = arguments.works or list(WORKS)
    if unknown := set(works) - set(WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}. Choose of {', '.join(WORKS)}.")
    results = []
    for work in works:
        results.append(measure(work, arguments.rounds, arguments.seconds))
        if not arguments.json:
            print(_row(results[-1]), flush=True)
    if arguments.json:
        print(json.dumps({"cores": os.cpu_count(), "works": results}, indent=1))


if __name__ == "__main__":
    main()
