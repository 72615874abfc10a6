"""What logs, samples and checkpoints at their defaults add to the bare steps.

    python -m tests.benchmarks.overhead [OVERRIDES]... [--rounds 5]

Two trainings take turns in one process: as `gan train` does it, and its chunks alone.
"""

import functools

from tests.benchmarks import ours
from tests.benchmarks.timing import in_turns, options, ratios, words


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("overrides", nargs="*", help="of the training's configuration")
    chosen = parser.parse_args()
    prepared = ours.ready(chosen.overrides)
    contenders = {
        "bare": functools.partial(ours.bare_seconds, prepared),
        "written": functools.partial(ours.written_seconds, prepared),
    }
    in_turns(contenders, 1)  # compiles the programs
    taken = in_turns(contenders, chosen.rounds)
    for name, seconds in taken.items():
        print(f"{name:<8}{words(seconds, 's')}")
    print(f"ratio   {words(ratios(taken['written'], taken['bare']), digits=3)}")


if __name__ == "__main__":
    main()
