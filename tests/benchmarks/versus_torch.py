"""Training steps a second here and in PyTorch, in rounds that take turns.

    python -m tests.benchmarks.versus_torch [WORK]... [--rounds 7] [--seconds 2] [--json]
                                            [--torch-python PATH]

Each side is a process of its own with every core, idle while another has its turn, so that neither
library's threads wait on the other's. PyTorch may be in another interpreter than JAX; it is given
the same initial parameters and data. Measure on a machine with nothing else to do: what other
programs took of it meanwhile is told. The works and their goals are in `ours.py`.
"""

import contextlib
import functools
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.benchmarks import ours, players
from tests.benchmarks.timing import in_turns, options, ratios, words


def sides(work: str) -> tuple[str, ...]:
    """The sides that are compared, ours first."""
    return ("ours", "lax step") if work == "lax-step" else ("ours", "eager", "compiled")


def measure(work: str, rounds: int, seconds: float, torch_python: str) -> dict[str, Any]:
    """What every side did in every round, and the ratios of our steps a second to the others'."""
    names = sides(work)
    with tempfile.TemporaryDirectory() as directory, contextlib.ExitStack() as stack:
        file = Path(directory) / "work.npz"
        ours.hand_over(work, file)
        turns = {}
        for name in names:
            python = torch_python if name in ("eager", "compiled") else sys.executable
            player = stack.enter_context(players.start(python, name, work, file))
            rate, _ = players.ask(player, 0)
            turns[name] = functools.partial(players.ask, player, max(1, round(seconds * rate)))
        taken = in_turns(turns, rounds)
    rates = {name: [rate for rate, _ in answers] for name, answers in taken.items()}
    return {
        "work": work,
        "goal": ours.WORKS[work].goal,
        "steps_per_second": rates,
        "ratios": {name: ratios(rates["ours"], rates[name]) for name in names[1:]},
        "others": {name: [others for _, others in answers] for name, answers in taken.items()},
    }


def _row(result: dict[str, Any]) -> str:
    rates = ", ".join(
        f"{name} {words(values, digits=1)}" for name, values in result["steps_per_second"].items()
    )
    beside = ", ".join(f"{words(values)} of {name}" for name, values in result["ratios"].items())
    others = max(max(values) for values in result["others"].values())
    return (
        f"{result['work']}: {beside}; goal {result['goal']}; steps/s: {rates}; "
        f"other programs kept up to {others:.1f} cores busy"
    )


def main() -> None:
    known = ", ".join(ours.WORKS)
    parser = options(__doc__, rounds=7)
    parser.add_argument("works", nargs="*", metavar="WORK", help=f"any of {known}; default: all")
    parser.add_argument("--seconds", type=float, default=2, help="for each side in a round")
    parser.add_argument("--json", action="store_true", help="every round, on standard output")
    parser.add_argument(
        "--torch-python",
        default=sys.executable,
        metavar="PATH",
        help="the interpreter that has PyTorch; default: this one",
    )
    chosen = parser.parse_args()
    if unknown := set(chosen.works) - set(ours.WORKS):
        parser.error(f"no such work: {', '.join(sorted(unknown))}. Choose any of {known}.")
    results = []
    for work in chosen.works or ours.WORKS:
        results.append(measure(work, chosen.rounds, chosen.seconds, chosen.torch_python))
        if not chosen.json:
            print(_row(results[-1]), flush=True)
    if chosen.json:
        print(json.dumps({"cores": os.cpu_count(), "works": results}, indent=1))


if __name__ == "__main__":
    main()
