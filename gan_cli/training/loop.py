"""When to do what: chunks of steps, and between them logs, samples, checkpoints and the end.

The next chunk is dispatched before the last one's results are fetched, so writing happens while
the device computes.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol

import jax
import numpy as np

from gan_cli.training.batches import Source
from gan_cli.training.chunk import CAPACITY, Chunk, copy
from gan_cli.training.feeds import Feed
from gan_cli.training.program import Program
from gan_cli.training.state import TrainState
from gan_cli.training.step import CHECKED, SPEED

PARAMETERS = "parameters"
"""What is not finite when an update itself overflows, after losses and gradients that did not."""

Ending = Literal["completed", "interrupted", "diverged"]


class Plan(NamedTuple):
    """How far to train and how often to do what, in steps."""

    steps: int
    log_every: int
    sample_every: int
    checkpoint_every: int
    theory_every: int = 0

    def due(self, every: int, step: int) -> bool:
        return every > 0 and (step % every == 0 or step == self.steps)

    def room(self, step: int) -> int:
        """How many steps can run before a sample, a checkpoint, the end or a full log."""
        full = (step // self.log_every + CAPACITY) * self.log_every
        stops = [
            -(-(step + 1) // every) * every
            for every in (self.sample_every, self.checkpoint_every, self.theory_every)
            if every
        ]
        return min(self.steps, full, *stops) - step


class Sinks(Protocol):
    """Where the loop's results go. All but `theory` and `checkpoint` take host values.

    `theory` comes before the scalars of its step.
    """

    def scalars(self, step: int, values: Mapping[str, float]) -> None: ...
    def theory(self, step: int, state: TrainState) -> None: ...
    def samples(self, step: int, samples: np.ndarray) -> None: ...
    def checkpoint(self, step: int, state: TrainState) -> None: ...
    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None: ...


class Outcome(NamedTuple):
    """How a training ended.

    step: finished steps; when it diverged, the step that was not finite.
    last: the scalars of the last step. broken: the tags that were not finite.
    steps_per_second: over all chunks but the first, which waits for the compiler.
    """

    ending: Ending
    step: int
    last: dict[str, float]
    broken: list[str]
    steps_per_second: float


class Clock:
    """Times chunks, and chooses their length so that each takes about `TARGET` seconds.

    The length changes how often the host hears of the training, never its numbers. Results of
    several chunks may arrive at once, so a rate is taken over at least `WINDOW` seconds.
    """

    TARGET = 0.4
    WINDOW = 0.1

    def __init__(self) -> None:
        self.length = 1
        self.rate = 0.0
        self._compiled: float | None = None
        self._steps = 0
        self._window = time.perf_counter()
        self._window_steps = 0
        self._now = self._window

    def tick(self, steps: int) -> None:
        """Notes that a chunk of `steps` has just finished."""
        self._now = time.perf_counter()
        self._window_steps += steps
        elapsed = max(self._now - self._window, 1e-9)
        longest = 4 * self.length
        if self._compiled is None:
            self._compiled = self._now
            self.rate = self._window_steps / elapsed
            self._window, self._window_steps = self._now, 0
        else:
            self._steps += steps
            if elapsed >= self.WINDOW:
                self.rate = self._window_steps / elapsed
                self._window, self._window_steps = self._now, 0
                longest = min(longest, int(self.rate * self.TARGET))
        self.length = max(1, longest)

    @property
    def overall(self) -> float:
        """Steps a second over all chunks but the first; the first's where there was no other."""
        if self._compiled is None or not self._steps:
            return self.rate
        return self._steps / max(self._now - self._compiled, 1e-9)


class Pending(NamedTuple):
    """A chunk that was dispatched and whose results are still to be fetched.

    state: a copy of it after the chunk, where it is to be saved or examined. whole: whether that
        one's parameters are all finite.
    """

    start: int
    end: int
    chunk: Chunk
    samples: Any
    state: Any
    whole: Any
    saved: bool
    examined: bool


class Settled(NamedTuple):
    """What a chunk came to: its last step, that step's scalars, and what of them is not finite."""

    step: int
    last: dict[str, float]
    broken: list[str]


def train(
    program: Program,
    feed: Feed,
    state: TrainState,
    latents: jax.Array,
    plan: Plan,
    sinks: Sequence[Sinks],
    stopped: Callable[[], bool],
) -> list[Outcome]:
    """Trains from a state to the plan's last step, or until all diverge or the user ends it.

    Args:
        program: one training, or several that take their steps together.
        feed: gives the source of minibatches for a step.
        state: of the program; its buffers are given up.
        latents: those of every sample picture.
        plan: how far, and how often what.
        sinks: where each training's results go.
        stopped: whether the user asked to end; asked between chunks.

    Returns:
        How each training ended. One that diverges ends there, and the others go on.
    """
    clock = Clock()
    step, saved_at = int(program.split(jax.device_get(state.step))[0]), -1
    last: list[dict[str, float]] = [{} for _ in sinks]
    diverged: dict[int, Outcome] = {}
    pending: Pending | None = None
    while True:
        follower = None
        if step < plan.steps and not stopped():
            source, available = feed.at(step)
            length = min(plan.room(step), clock.length, available)
            follower, state = _dispatch(program, source, state, latents, plan, step, length)
        if pending is not None:
            going = {i: sink for i, sink in enumerate(sinks) if i not in diverged}
            for i, settled in _settle(program, pending, clock, going).items():
                last[i] = settled.last
                if settled.broken:
                    diverged[i] = Outcome(
                        "diverged", settled.step, settled.last, settled.broken, clock.overall
                    )
            if pending.saved:
                saved_at = pending.end
        if follower is None or len(diverged) == len(sinks):
            break
        pending, step = follower, follower.end
    if step < plan.steps and saved_at != step and len(diverged) < len(sinks):
        for i, part in enumerate(program.split(state)[: len(sinks)]):
            if i not in diverged:
                sinks[i].checkpoint(step, part)
    ending: Ending = "completed" if step == plan.steps else "interrupted"
    return [
        diverged.get(i) or Outcome(ending, step, last[i], [], clock.overall)
        for i in range(len(sinks))
    ]


def _dispatch(
    program: Program,
    source: Source,
    state: TrainState,
    latents: jax.Array,
    plan: Plan,
    step: int,
    length: int,
) -> tuple[Pending, TrainState]:
    """Sends a chunk to the device, and what is wanted of the state after it; waits for nothing."""
    chunk = program.run(source, state, length, plan.log_every, plan.steps)
    state, end = chunk.state, step + length
    sampled, saved = plan.due(plan.sample_every, end), plan.due(plan.checkpoint_every, end)
    examined = plan.due(plan.theory_every, end)
    samples = program.draw(state, latents) if sampled else None
    kept = copy(state) if saved or examined else None
    whole = program.finite(kept) if kept is not None else None
    results = chunk._replace(state=None)  # type: ignore[arg-type]  # it goes to the next chunk
    return Pending(step, end, results, samples, kept, whole, saved, examined), state


def _settle(
    program: Program, pending: Pending, clock: Clock, sinks: Mapping[int, Sinks]
) -> dict[int, Settled]:
    """Waits for a chunk and hands each training's results to its sinks."""
    chunks = program.split(jax.device_get(pending.chunk))
    clock.tick(pending.end - pending.start)
    parts = [pending._replace(chunk=chunk) for chunk in chunks]
    whole = [True] * len(parts)
    if pending.state is not None:
        whole = program.split(jax.device_get(pending.whole))
        states = program.split(pending.state)
        parts = [part._replace(state=s) for part, s in zip(parts, states, strict=True)]
    if pending.samples is not None:
        drawn = program.split(np.asarray(pending.samples))
        parts = [part._replace(samples=x) for part, x in zip(parts, drawn, strict=True)]
    return {i: _hand_over(sink, parts[i], bool(whole[i]), clock.rate) for i, sink in sinks.items()}


def _hand_over(sink: Sinks, part: Pending, whole: bool, rate: float) -> Settled:
    """Gives a chunk's results to one training's sinks; no state that is not finite is kept.

    Args:
        sink: the training's.
        part: its part of the chunk, fetched.
        whole: whether all of its parameters are finite.
        rate: steps per second.
    """
    chunk = part.chunk
    step = int(chunk.reached)
    last = {tag: float(value) for tag, value in chunk.last.items()}
    broken = [tag for tag in CHECKED if not np.isfinite(last[tag])]
    if part.examined and whole and not broken:
        sink.theory(part.end, part.state)
    for i in range(int(chunk.logged)):
        values = {tag: float(row[i]) for tag, row in chunk.rows.items()}
        sink.scalars(int(chunk.steps[i]), values | {SPEED: rate})
    if broken:
        if not chunk.logged or int(chunk.steps[chunk.logged - 1]) != step:
            sink.scalars(step, {tag: last[tag] for tag in CHECKED} | {SPEED: rate})
        return Settled(step, last, broken)
    if not whole:
        return Settled(step, last | {PARAMETERS: math.nan}, [PARAMETERS])
    if part.samples is not None:
        sink.samples(part.end, part.samples)
    if part.saved:
        sink.checkpoint(part.end, part.state)
    sink.progress(part.end, rate, last)
    return Settled(step, last, [])
