"""A sweep as one program against its members as processes, and against Hydra's basic launcher.

python tests/benchmarks/sweeps.py [--members 16] [--steps 300] [--rounds 1]
Every process starts with an empty cache of compiled programs.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def gan(*arguments: str) -> float:
    """The wall seconds of a `gan` process in an empty directory, with an empty cache."""
    with tempfile.TemporaryDirectory() as place:
        begin = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "gan_cli", *arguments],
            cwd=place,
            env=os.environ | {"XDG_CACHE_HOME": str(Path(place) / "cache")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    line = ["train", "dataset=ring", f"steps={chosen.steps}"]
    seeds = f"seed=range({chosen.members})"
    taken: dict[str, list[float]] = {"vmap": [], "processes": [], "basic": []}
    for _ in range(chosen.rounds):
        taken["vmap"].append(gan(*line, "-m", "hydra/launcher=vmap", seeds))
        taken["processes"].append(sum(gan(*line, f"seed={n}") for n in range(chosen.members)))
        taken["basic"].append(gan(*line, "-m", seeds))
    for name, seconds in taken.items():
        ratios = [one / vmap for one, vmap in zip(seconds, taken["vmap"], strict=True)]
        print(
            f"{name:<10} {statistics.median(seconds):7.1f} s   "
            f"x{statistics.median(ratios):.2f} of vmap ({min(ratios):.2f} to {max(ratios):.2f})"
        )


if __name__ == "__main__":
    main()
