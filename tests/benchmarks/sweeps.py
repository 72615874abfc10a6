"""A sweep as one program against its members as processes, and against Hydra's basic launcher.

    python -m tests.benchmarks.sweeps [--members 16] [--steps 300] [--rounds 1]

Every process starts with an empty cache of compiled programs.
"""

import sys
import tempfile

from tests.benchmarks.timing import in_turns, options, process_seconds, ratios, words


def gan(*arguments: str) -> float:
    """The wall seconds of a `gan` process in an empty directory, with an empty cache."""
    command = [sys.executable, "-m", "gan_cli", *arguments]
    with tempfile.TemporaryDirectory() as directory:
        return process_seconds(command, directory, XDG_CACHE_HOME=f"{directory}/cache")


def main() -> None:
    parser = options(__doc__, rounds=1)
    parser.add_argument("--members", type=int, default=16)
    parser.add_argument("--steps", type=int, default=300)
    chosen = parser.parse_args()
    line = ["train", "dataset=ring", f"steps={chosen.steps}"]
    seeds = f"seed=range({chosen.members})"
    contenders = {
        "vmap": lambda: gan(*line, "-m", "hydra/launcher=vmap", seeds),
        "processes": lambda: sum(gan(*line, f"seed={n}") for n in range(chosen.members)),
        "basic": lambda: gan(*line, "-m", seeds),
    }
    taken = in_turns(contenders, chosen.rounds)
    for name, seconds in taken.items():
        print(
            f"{name:<10} {words(seconds, 's', 1)}, {words(ratios(seconds, taken['vmap']))} of vmap"
        )


if __name__ == "__main__":
    main()
