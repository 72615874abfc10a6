"""How time and memory of a step grow with lanes, batch size and network width.

    python -m tests.benchmarks.growth [--rounds 5] [--seconds 0.5]

Time is the median over rounds that take turns; memory is what the compiler plans for the program.
"""

import statistics

from tests.benchmarks import ours
from tests.benchmarks.timing import in_turns, options

RING = ["dataset=ring", "architecture.generator_batch_norm=false"]
LANES = (1, 4, 16, 64)
BATCHES = (32, 128, 512, 2048, 8192)
WIDTHS = (32, 128, 512, 2048)


def sized(width: int, batch: int) -> list[str]:
    widths = f"[{width},{width}]"
    networks = (
        f"architecture.{player}_widths={widths}" for player in ("generator", "discriminator")
    )
    return [*RING, *networks, f"batch_size={batch}"]


def main() -> None:
    parser = options(__doc__, rounds=5)
    parser.add_argument("--seconds", type=float, default=0.5, help="of each in a round")
    chosen = parser.parse_args()
    base = ours.ready(sized(128, 256))
    cases = {f"lanes {members}": (base, members) for members in LANES}
    cases |= {f"batch {size}": (ours.ready(sized(128, size)), 1) for size in BATCHES}
    cases |= {f"width {width}": (ours.ready(sized(width, 256)), 1) for width in WIDTHS}
    made = {name: ours.lanes(*case, chosen.seconds) for name, case in cases.items()}
    rates = in_turns({name: measure for name, (measure, _) in made.items()}, chosen.rounds)
    print(f"{'ring, mlp 2-128-128':<20}{'ms a step':>12}{'ms a member-step':>18}{'MiB':>8}")
    for name, (_, members) in cases.items():
        each, planned = 1000 / statistics.median(rates[name]), made[name][1]
        print(f"{name:<20}{each * members:>12.2f}{each:>18.3f}{planned / 2**20:>8.1f}")


if __name__ == "__main__":
    main()
