"""Where the time of a step goes on a CPU, by the kind of XLA's operations.

    python -m tests.benchmarks.profile [dcgan] [--steps 20]

The profiler of JAX times every operation of the compiled program. XLA names a fused operation after
what is in it, so the kinds are told from the names.
"""

import argparse
import collections
import gzip
import json
import os
import re
import tempfile
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before jax is imported, as `gan` does

import jax

from tests.benchmarks import ours

KINDS = {
    "matrix products": r"dot|ynn|matmul",
    "sums, as in batch norm": r"reduce",
    "copying, padding and cutting": r"copy|pad|slice|concatenate|transpose|bitcast",
    "other arithmetic": r"",
}
"""What the name of an operation holds, by its kind; the first that fits."""

CONTROL = re.compile(r"while|call|conditional|tuple")
"""Operations that run others, whose time is counted there."""


def events(work: str, steps: int) -> collections.Counter[str]:
    """The microseconds of each operation, by name, in some steps of a work."""
    run = ours.in_the_loop(work)
    for _ in range(3):
        run(steps)
    with tempfile.TemporaryDirectory() as folder:
        with jax.profiler.trace(folder):
            run(steps)
        [file] = Path(folder).rglob("*.trace.json.gz")
        traced = json.loads(gzip.decompress(file.read_bytes()))["traceEvents"]
    spent: collections.Counter[str] = collections.Counter()
    for event in traced:
        if "hlo_op" in event.get("args", {}):
            spent[event["args"]["hlo_op"]] += event["dur"]
    return spent


def kind(operation: str) -> str:
    """The kind of an operation with that name."""
    return next(name for name, pattern in KINDS.items() if re.search(pattern, operation))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("work", nargs="?", default="dcgan", choices=sorted(ours.WORKS))
    parser.add_argument("--steps", type=int, default=20, help="default: %(default)s")
    chosen = parser.parse_args()
    total: collections.Counter[str] = collections.Counter()
    for name, microseconds in events(chosen.work, chosen.steps).items():
        if not CONTROL.match(name):
            total[kind(name)] += microseconds
    whole = total.total()
    for name, microseconds in total.most_common():
        print(
            f"{name:<32}{microseconds / whole:>5.0%}{microseconds / chosen.steps / 1000:>8.2f} ms"
        )


if __name__ == "__main__":
    main()
