"""How time and memory of a step grow with lanes, batch size and network width.

python tests/benchmarks/growth.py [--rounds 5] [--seconds 0.5]
Time is the median over rounds that take turns; memory is what the compiler plans for the program.
"""

import argparse
from collections.abc import Sequence

from gan_cli import compose, config
from gan_cli.bench.rounds import spread, take_turns
from gan_cli.bench.speed import alone, form_of, together
from gan_cli.cli.member import plain
from gan_cli.problem import Problem, prepare
from gan_cli.sweep.groups import Batch, memory

RING = ["dataset=ring", "architecture.generator_batch_norm=false"]
LANES = (1, 4, 16, 64)
BATCHES = (32, 128, 512, 2048, 8192)
WIDTHS = (32, 128, 512, 2048)


def problem_of(lines: Sequence[str]) -> Problem:
    with compose.hydra() as program:
        return prepare(config.load(plain(compose.compose(program, lines))))


def sized(width: int, batch: int) -> list[str]:
    widths = f"[{width},{width}]"
    networks = (
        f"architecture.{player}_widths={widths}" for player in ("generator", "discriminator")
    )
    return [*RING, *networks, f"batch_size={batch}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.5)
    chosen = parser.parse_args()
    base = problem_of(sized(128, 256))
    problems = {f"lanes {lanes}": (base, lanes) for lanes in LANES}
    problems |= {f"batch {size}": (problem_of(sized(128, size)), 1) for size in BATCHES}
    problems |= {f"width {width}": (problem_of(sized(width, 256)), 1) for width in WIDTHS}
    runs, planned = {}, {}
    for name, (problem, lanes) in problems.items():
        training = alone(problem, chosen.seconds)
        if lanes > 1:
            training = together(problem, training.source, lanes, chosen.seconds)
        runs[name] = training
        form = form_of(problem, lanes)
        planned[name] = memory(problem, Batch(list(range(lanes)), lanes, form))
    rates = take_turns(runs, chosen.rounds, lambda: None)
    print(f"{'ring, mlp 2-128-128':<20}{'ms a step':>12}{'ms a member-step':>18}{'MiB':>8}")
    for name, (_, lanes) in problems.items():
        each = 1000 / spread(rates[name]).median
        print(f"{name:<20}{each * lanes:>12.2f}{each:>18.3f}{planned[name] / 2**20:>8.1f}")


if __name__ == "__main__":
    main()
