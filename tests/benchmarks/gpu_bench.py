"""How `gpu.py` measures: its tasks, their networks, their rounds, and the words for equal bits."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from gan_cli.prepared import Prepared
from tests.benchmarks import synthetic


class Bench(NamedTuple):
    """How to measure.

    small: with small networks and short rounds.
    cache: the directory of compiled programs, empty at first.
    torch_python: the interpreter that has PyTorch.
    """

    small: bool
    cache: str
    torch_python: str

    @property
    def rounds(self) -> int:
        return 2 if self.small else 5

    @property
    def seconds(self) -> float:
        """About how long a contender takes in a round."""
        return 0.05 if self.small else 0.4

    @property
    def steps(self) -> int:
        """How many steps are compared to the bit."""
        return 20 if self.small else 1000

    @property
    def size(self) -> int:
        """The side of the matrices whose product is the device's best."""
        return 512 if self.small else 8192

    @property
    def lanes(self) -> tuple[int, ...]:
        return (1, 4) if self.small else (1, 16, 64, 256)

    def ready(self, work: str, **changes: Any) -> Prepared:
        """A work made ready to train."""
        values = synthetic.values(work, small=self.small, compile_cache=self.cache, **changes)
        return synthetic.ready(values)


class Task(NamedTuple):
    """Something to measure: its name, the most seconds it may take, and what gives its rows."""

    name: str
    seconds: float
    rows: Callable[[Bench], Iterator[str]]


def same(first: str, second: str) -> str:
    """Whether two states are the same to the bit, in words."""
    return f"equal to the bit ({first})" if first == second else f"different ({first}, {second})"
