"""What bounds a sweep side by side on many cores: Python, compiling, and the memory's speed.

    python -m tests.benchmarks.host_devices [--devices 1 2 4 8] [--cores 64]

For each number of host devices a process trains as many seeds of ring at once, and finds no
compiled programs. Python runs one thread at a time, so no more devices can be kept busy than fit
their Python seconds into the wall seconds of a chunk, which the training makes about 0.4 s long
whatever the network. The cores of this machine are shared by the devices, so the chunks' own
speed says nothing about more cores; the seconds of Python and of compiling do.

A step reads and writes the whole state of a training. Where that is larger than the cache of a
core, all members share the memory's speed, so what they need of it at least is worked out from
the steps that one core takes.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before jax is imported, as `gan` does

import jax

from gan_cli.training.clock import Clock
from tests.benchmarks import ours
from tests.benchmarks.ours import UNTUNED

LINE = [
    *("dataset=ring", "steps=4000", "evaluate_end=off"),
    *("batch_size=128", "architecture.latent=64", *UNTUNED),
]


def inside(devices: int) -> None:
    """Trains seeds side by side in this process, and prints what was measured as JSON."""
    from gan_cli import cli
    from gan_cli.training.program import Single

    marks: dict[int, list[float]] = {}
    ordinary = Single.run

    def marked(self: Single, *arguments: Any) -> Any:
        marks.setdefault(threading.get_ident(), []).append(time.thread_time())
        return ordinary(self, *arguments)

    Single.run = marked  # type: ignore[method-assign]
    sys.argv = ["gan", "train", "-m", *LINE, f"seed=range({devices})"]
    try:
        cli.main()
    except SystemExit as ended:
        if ended.code:
            raise
    spent = [b - a for m in marks.values() for a, b in itertools.pairwise(m[1:])]
    print(json.dumps(spent), file=sys.stderr)


def measure(devices: int) -> tuple[list[float], list[float]]:
    """The Python seconds of chunks, and each member's compile seconds."""
    command = [sys.executable, "-m", "tests.benchmarks.host_devices", "--inside", str(devices)]
    with tempfile.TemporaryDirectory() as directory:
        path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
        more = {"JAX_NUM_CPU_DEVICES": str(devices), "XDG_CACHE_HOME": f"{directory}/cache"}
        done = subprocess.run(
            command,
            cwd=directory,
            env=os.environ | more | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        runs = [
            json.loads((place / "summary.json").read_text())
            for place in Path(directory).glob("outputs/sweeps/*/*/*")
            if place.is_dir()
        ]
    spent = json.loads(done.stderr.splitlines()[-1])
    return spent, [run["compile_seconds"] for run in runs]


def alone(work: str) -> None:
    """Prints the bytes of a work's state, and its steps a second in this process, as JSON."""
    prepared = ours.prepare(ours.experiment(work))
    _, state = ours.begin(prepared.experiment.recipe, prepared.spec)
    run, rates = ours.in_the_loop(work), []
    run(100)
    for _ in range(5):
        begin = time.perf_counter()
        run(100)
        rates.append(100 / (time.perf_counter() - begin))
    size = sum(leaf.nbytes for leaf in jax.tree.leaves(state))
    print(json.dumps([size, statistics.median(rates)]))


def traffic(work: str, cores: int) -> str:
    """What is known of the memory that members of a work move on so many cores."""
    command = [sys.executable, "-m", "tests.benchmarks.host_devices", "--alone", work]
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        ["taskset", "--cpu-list", str(core), *command], capture_output=True, text=True, check=True
    )
    size, rate = json.loads(done.stdout.splitlines()[-1])
    return (
        f"{work:<12}{size / 1e6:<12.1f}{rate:<10,.0f}{2 * size * rate / 1e9:<10.1f}"
        f"{cores * 2 * size * rate / 1e9:.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--devices", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--cores", type=int, default=64, help="to foretell; default: %(default)s")
    parser.add_argument("--inside", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.alone:
        alone(chosen.alone)
        return
    if chosen.inside:
        inside(chosen.inside)
        return
    print("devices  Python ms a chunk  compile s of a member, longest")
    for devices in chosen.devices:
        spent, compiling = measure(devices)
        python = statistics.median(spent)
        print(
            f"{devices:<9}{1000 * python:<19.1f}"
            f"{statistics.median(compiling):.1f}, {max(compiling):.1f}",
            flush=True,
        )
    most = Clock.TARGET / python
    print(
        f"{chosen.cores} cores: Python's lock would be held {chosen.cores * python:.2f} s of every "
        f"{Clock.TARGET} s, so it keeps at most {most:.0f} devices busy."
    )
    print(f"\nwork        MB of state steps/s   GB/s      GB/s on {chosen.cores} cores, at least")
    for work in ("ring", "mnist-mlp", "maxout"):
        print(traffic(work, chosen.cores), flush=True)


if __name__ == "__main__":
    main()
