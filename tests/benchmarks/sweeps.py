"""Sweeps beside what one would do instead: one run, one run after another, PyTorch scripts.

    python -m tests.benchmarks.sweeps [ring|digits|mixed|torch]... [--rounds 9]
                                      [--members 16] [--torch-python PATH]

`ring` and `digits` are seeds side by side, against one run by itself. `mixed` is three objectives,
two widths and two data sets side by side, against the same one after another. `torch` is seeds of
ring side by side, against as many scripts in PyTorch, of which one is pinned to each core. All
contenders of a work take turns, and each is a process in an empty directory that finds its
programs compiled.

"Training" is the steps of the members in the time that they trained, with the logs, pictures and
checkpoints of that time, without compiling and starting. "Start to end" is members a minute, with
everything.
"""

import functools
import json
import math
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import ours
from tests.benchmarks.players import ROOT
from tests.benchmarks.timing import in_turns, options, process_seconds, ratios, words

BRIEF = ["evaluate_end=off", "batch_size=128", "architecture.latent=64", *ours.UNTUNED]
RING = ["dataset=ring", "steps=1000", *BRIEF]
DIGITS = ["steps=500", *BRIEF]
MIXED = [
    "steps=2000",
    *BRIEF,
    "dataset=ring,grid",
    "objective=minimax,non_saturating,hinge",
    "architecture.generator_widths=[128,128],[256,256]",
    "architecture.discriminator_widths=[128,128]",
]
TORCH_STEPS = 2000


class Taken(NamedTuple):
    """What a contender took.

    training: steps a second in all, while members trained; not known of scripts.
    seconds: wall seconds from start to end.
    members: how many runs that were.
    """

    training: float
    seconds: float
    members: int

    @property
    def a_minute(self) -> float:
        return 60 * self.members / self.seconds


def gan(arguments: Sequence[str], at_once: int) -> Taken:
    """A `gan train` process, in which this many members train at a time."""
    command = [sys.executable, "-m", "gan_cli", "train", *arguments]
    with tempfile.TemporaryDirectory() as directory:
        seconds = process_seconds(command, directory)
        files = Path(directory).glob("**/summary.json")
        runs = [json.loads(file.read_text()) for file in files]
    busy = sum(run["wall_seconds"] - run["compile_seconds"] for run in runs)
    return Taken(at_once * sum(run["step"] for run in runs) / busy, seconds, len(runs))


def scripts(python: str, work: Path, members: int) -> Taken:
    """As many PyTorch processes as members, of which each core has one at a time."""
    cores: queue.SimpleQueue[int] = queue.SimpleQueue()
    for core in os.sched_getaffinity(0):
        cores.put(core)

    def script(_: int) -> None:
        core = cores.get()
        pinned = ["taskset", "-c", str(core), python, "-m", "tests.benchmarks.player"]
        command = [*pinned, "eager", "ring", str(work)]
        subprocess.run(
            command,
            cwd=ROOT,
            input=f"{TORCH_STEPS}\n",
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        cores.put(core)

    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        begin = time.perf_counter()
        list(pool.map(script, range(members)))
        seconds = time.perf_counter() - begin
    return Taken(math.nan, seconds, members)


Contenders = dict[str, Callable[[], Taken]]


def contenders(work: str, members: int, torch_python: str, file: Path) -> Contenders:
    """What is compared in a work, the sweep side by side first."""
    cores, seeds = len(os.sched_getaffinity(0)), f"seed=range({members})"
    if work == "mixed":
        return {
            "side by side": lambda: gan(["-m", *MIXED], cores),
            "one after another": lambda: gan(["-m", *MIXED, "hydra/launcher=basic"], 1),
        }
    if work == "torch":
        ours.hand_over("ring", file)
        work_line = [*ours.WORKS["ring"].overrides, "ema=0", "evaluate_end=off"]
        line = [*work_line, f"steps={TORCH_STEPS}"]
        return {
            "side by side": lambda: gan(["-m", *line, seeds], cores),
            "PyTorch scripts": functools.partial(scripts, torch_python, file, members),
        }
    line = {"ring": RING, "digits": DIGITS}[work]
    return {
        "side by side": lambda: gan(["-m", *line, seeds], cores),
        "one run": lambda: gan(line, 1),
    }


def measure(made: Contenders, rounds: int) -> dict[str, list[Taken]]:
    """What every contender took in every round, after a sweep that fills the caches."""
    made["side by side"]()
    return in_turns(made, rounds)


def rows(work: str, taken: dict[str, list[Taken]]) -> list[str]:
    """The table's lines of a work."""
    first, second = taken
    pairs = {
        "training, steps/s": [[each.training for each in t] for t in taken.values()],
        "start to end, members/min": [[each.a_minute for each in t] for t in taken.values()],
    }
    return [
        f"{work}, {what}: {first} {words(ours, digits=1)}, {second} {words(theirs, digits=1)}, "
        f"ratio {words(ratios(ours, theirs))}"
        for what, (ours, theirs) in pairs.items()
        if not math.isnan(theirs[0])
    ]


def main() -> None:
    known = ("ring", "digits", "mixed", "torch")
    parser = options(__doc__, rounds=9)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"any of {', '.join(known)}")
    parser.add_argument("--members", type=int, default=16, help="default: %(default)s")
    parser.add_argument("--torch-python", default=sys.executable, metavar="PATH")
    chosen = parser.parse_args()
    if unknown := set(chosen.works) - set(known):
        parser.error(f"no such work: {', '.join(sorted(unknown))}. Choose any of {known}.")
    with tempfile.TemporaryDirectory() as directory:
        for work in chosen.works or known:
            file = Path(directory) / "work.npz"
            made = contenders(work, chosen.members, chosen.torch_python, file)
            print("\n".join(rows(work, measure(made, chosen.rounds))), flush=True)


if __name__ == "__main__":
    main()
