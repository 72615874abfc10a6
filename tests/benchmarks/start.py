"""What `gan train steps=1` takes from start to end, beside the imports that it cannot do without.

    python -m tests.benchmarks.start [OVERRIDES]... [--rounds 9]

Both are processes that take turns. Each training has a new directory and finds its programs
compiled. The goal is a ratio of at most 1.95.
"""

import sys
import tempfile

from tests.benchmarks.timing import in_turns, options, process_seconds, ratios, words

IMPORTS = "import jax, flax.nnx, optax, orbax.checkpoint, hydra"


def import_seconds() -> float:
    with tempfile.TemporaryDirectory() as directory:
        return process_seconds([sys.executable, "-c", IMPORTS], directory)


def train_seconds(overrides: list[str]) -> float:
    command = [sys.executable, "-m", "gan_cli", "train", "steps=1", *overrides]
    with tempfile.TemporaryDirectory() as directory:
        return process_seconds(command, directory)


def main() -> None:
    parser = options(__doc__, rounds=9)
    parser.add_argument("overrides", nargs="*", help="of the training's configuration")
    chosen = parser.parse_args()
    import_seconds()
    train_seconds(chosen.overrides)  # fills the cache of compiled programs
    contenders = {"imports": import_seconds, "train": lambda: train_seconds(chosen.overrides)}
    taken = in_turns(contenders, chosen.rounds)
    print(f"bare imports       {words(taken['imports'], 's')}")
    print(f"gan train steps=1  {words(taken['train'], 's')}")
    print(f"ratio              {words(ratios(taken['train'], taken['imports']))}")


if __name__ == "__main__":
    main()
