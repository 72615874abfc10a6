"""What the benchmarks share: options, processes and contenders with a clock, spreads in words."""

import argparse
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def options(description: str, rounds: int) -> argparse.ArgumentParser:
    """The options of a benchmark, with this many rounds if the user does not say otherwise."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=rounds, help="default: %(default)s")
    return parser


def process_seconds(command: Sequence[str], directory: str, **environment: str) -> float:
    """The wall seconds of a process that runs in a directory and must succeed."""
    begin = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=directory,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}")
    return seconds


def in_turns(contenders: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Calls every contender once a round; each round another one is first.

    Returns:
        What each contender returned in every round.
    """
    names = list(contenders)
    results: dict[str, list[T]] = {name: [] for name in names}
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            results[name].append(contenders[name]())
    return results


def ratios(values: Sequence[float], others: Sequence[float]) -> list[float]:
    """The ratio of two contenders in every round."""
    return [value / other for value, other in zip(values, others, strict=True)]


def words(values: Sequence[float], unit: str = "", digits: int = 2) -> str:
    """The median of some rounds with the lowest and the highest: 2.31 s (2.20 to 2.52)."""
    middle, low, high = (
        f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values))
    )
    return f"{middle}{unit and ' '}{unit} ({low} to {high})"
