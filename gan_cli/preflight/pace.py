"""How fast a training goes on this device, and the memory that its compiled program takes."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import jax

from gan_cli.errors import FULL, UsageError, sentence
from gan_cli.players import PLAYERS
from gan_cli.preflight import memory
from gan_cli.preflight.memory import Memory
from gan_cli.prepared import Prepared
from gan_cli.training import compilation
from gan_cli.training.chunk import CAPACITY, Window, run_chunk
from gan_cli.training.feeds import Feed
from gan_cli.training.state import TrainState

LONG = 0.5
"""Steps that take as many seconds in all tell the speed."""


class Pace(NamedTuple):
    """What the program of a run does here.

    compile_seconds: the time to trace and compile it, or to read it from the cache of programs.
    steps_per_second: its speed; 0 where it was not finite for as long as that takes to tell.
    still: the players whose gradient was 0 at the end of each chunk of steps.
    """

    compile_seconds: float
    steps_per_second: float
    still: tuple[str, ...] = ()

    def seconds(self, steps: int) -> float:
        """The time for so many steps and the compiling before them."""
        return self.compile_seconds + steps / self.steps_per_second


def measure(prepared: Prepared, planned: Callable[[Memory], None]) -> Pace:
    """Compiles the very program of a run and does a few of its steps; nothing is written.

    Args:
        prepared: the experiment.
        planned: told the memory that the compiler plans, before any step; it may refuse.

    Raises:
        UsageError: if the memory of the device does not suffice.
    """
    with (
        _refusing_what_does_not_fit(),
        jax.default_device(prepared.device),
        compilation.timed() as compiling,
        contextlib.closing(prepared.feed()) as feed,
    ):
        state = prepared.begin()
        planned(_plan(prepared, feed, state))
        rate, still = _speed(prepared, feed, state)
    return Pace(compiling.seconds, rate, still)


def _plan(prepared: Prepared, feed: Feed, state: TrainState) -> Memory:
    """The memory that the compiled program takes on a device."""
    experiment, own = prepared.experiment, memory.state(prepared)
    source, _ = feed.at(0)
    window = Window(1, experiment.log_every, experiment.steps)
    given = prepared.program().arguments(source, state, window)
    program: Any = run_chunk.lower(*given).compile().memory_analysis()
    new = program.output_size_in_bytes - program.alias_size_in_bytes
    data = max(memory.stored(prepared), program.argument_size_in_bytes - own)
    return Memory(2 * own, data, program.temp_size_in_bytes + new)


def _speed(prepared: Prepared, feed: Feed, state: TrainState) -> tuple[float, tuple[str, ...]]:
    """Steps a second, or 0 where they are not finite, and the players whose gradient stayed 0.

    The first step counts only where it takes long itself: a device has to get ready in it.
    """
    experiment = prepared.experiment
    step, steps, seconds = 0, 0, 0.0
    still: tuple[str, ...] = PLAYERS
    for power in itertools.count():
        begin = time.perf_counter()
        source, available = feed.at(step)
        length = min(4**power, available, CAPACITY * experiment.log_every)
        window = Window(length, experiment.log_every, experiment.steps)
        chunk = prepared.program().run(source, state, window)
        finite = bool(chunk.finite)
        took = time.perf_counter() - begin
        if not finite:
            return 0.0, ()
        state, step = chunk.state, step + length
        still = tuple(each for each in still if not chunk.last[f"gradient_norm/{each}"])
        if power or took >= LONG:
            steps, seconds = steps + length, seconds + took
        if seconds >= LONG:
            return steps / seconds, still
    raise AssertionError("the numbers have no end")


@contextlib.contextmanager
def _refusing_what_does_not_fit() -> Iterator[None]:
    try:
        yield
    except (MemoryError, jax.errors.JaxRuntimeError) as error:
        if isinstance(error, MemoryError) or str(error).startswith(FULL):
            raise UsageError(sentence(error)) from error
        raise
