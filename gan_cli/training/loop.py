"""When to do what: chunks of steps, and between them logs, samples, checkpoints and the end.

The next chunk is dispatched before the last one's results are fetched, so writing happens while
the device computes.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import jax
import numpy as np

from gan_cli.training.calendar import Calendar
from gan_cli.training.chunk import Chunk, Window, copy_state
from gan_cli.training.clock import Clock
from gan_cli.training.feeds import Feed
from gan_cli.training.outcome import (
    PARAMETERS,
    Ending,
    Outcome,
    Pending,
    Results,
    Settled,
    overflowed,
)
from gan_cli.training.program import Program
from gan_cli.training.state import TrainState
from gan_cli.training.step import CHECKED

SPEED = "speed/steps_per_second"
"""The tag of the training's speed, which every logged row has."""
SPARE_SECONDS = 10.0
"""How old the newest copy of the state may be; a replay from it takes about as long."""


class Sinks(Protocol):
    """Where one training's results go.

    `theory`, `evaluation` and `checkpoint` take a state on the device, all others host values. The
    first two are called before the scalars of their step are handed over.
    """

    def scalars(self, step: int, values: Mapping[str, float]) -> None: ...
    def theory(self, step: int, state: TrainState) -> None: ...
    def evaluation(self, step: int, state: TrainState) -> None: ...
    def samples(self, step: int, samples: np.ndarray) -> None: ...
    def checkpoint(self, step: int, state: TrainState) -> None: ...
    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None: ...


def train(
    program: Program,
    feed: Feed,
    state: TrainState,
    latents: jax.Array,
    calendar: Calendar,
    sinks: Sequence[Sinks],
    stopped: Callable[[], bool],
    clock: Clock | None = None,
) -> list[Outcome]:
    """Trains from a state to the calendar's last step, or until all diverge or the user ends it.

    Args:
        program: one training, or several that take their steps together.
        feed: gives the source of minibatches for a step.
        state: the state of the program; its buffers are given up.
        latents: the latents of every sample picture.
        calendar: how far to train, and when to do what.
        sinks: where each training's results go.
        stopped: tells whether the user asked to end; it is asked between chunks.
        clock: times the chunks; by default one that does not know of the compiler.

    Returns:
        How each training ended. One that diverges ends there, and the others go on.
    """
    clock = clock or Clock()
    step, saved_at = int(program.split(jax.device_get(state.step))[0]), -1
    settled = [Settled(step, {}, [], copy_state(program.here(state)))] * len(sinks)
    copied = time.perf_counter()
    pending: Pending | None = None
    while True:
        follower = None
        if step < calendar.steps and not stopped():
            source, available = feed.at(step)
            length = min(calendar.room(step), clock.length, available)
            window = Window(length, calendar.log_every, calendar.steps)
            chunk = program.run(source, state, window)
            state = chunk.state
            old = time.perf_counter() - copied > SPARE_SECONDS
            follower = _follow_up(program, chunk, latents, calendar, step, step + length, old)
            copied = time.perf_counter() if follower.state is not None else copied
        if pending is not None:
            settled = _settle(program, pending, calendar, clock, sinks, settled)
            if calendar.due(calendar.checkpoint_every, pending.end):
                saved_at = pending.end
        diverged = all(each.broken for each in settled)
        if follower is None or diverged:
            break
        pending, step = follower, follower.end
    if step < calendar.steps and saved_at != step and not diverged:
        settled = _save_the_last(program, program.here(state), step, sinks, settled)
    ending: Ending = "completed" if step == calendar.steps else "interrupted"
    return [
        Outcome("diverged", each.step, each.last, each.broken, clock.overall, each.spare)
        if each.broken
        else Outcome(ending, step, each.last, [], clock.overall)
        for each in settled
    ]


def _save_the_last(
    program: Program,
    state: TrainState,
    step: int,
    sinks: Sequence[Sinks],
    settled: Sequence[Settled],
) -> list[Settled]:
    """Saves where trainings were stopped; one whose parameters overflowed there is broken."""
    after = list(settled)
    parts = program.split(state)
    whole = program.split(jax.device_get(program.all_finite(state)))
    for i, (sink, each) in enumerate(zip(sinks, settled, strict=True)):
        if each.broken:
            continue
        if whole[i]:
            sink.checkpoint(step, parts[i])
        else:
            spare = program.part(each.spare, i)
            after[i] = overflowed(step, each.last)._replace(spare=spare)
    return after


def _follow_up(
    program: Program,
    chunk: Chunk,
    latents: jax.Array,
    calendar: Calendar,
    start: int,
    end: int,
    spare: bool,
) -> Pending:
    """Asks the device for what is wanted of the state after a chunk; waits for nothing."""
    state = program.here(chunk.state)
    kept = copy_state(state) if spare or calendar.keeps_at(end) else None
    results = Results(
        chunk._replace(state=None),  # type: ignore[arg-type]
        program.draw(state, latents) if calendar.due(calendar.sample_every, end) else None,
        program.all_finite(kept) if kept is not None else None,
    )
    return Pending(start, end, results, kept)


def _settle(
    program: Program,
    pending: Pending,
    calendar: Calendar,
    clock: Clock,
    sinks: Sequence[Sinks],
    before: Sequence[Settled],
) -> list[Settled]:
    """Waits for a chunk and hands its results to the sinks of the trainings that are not broken."""
    parts = program.split(jax.device_get(pending.results))
    clock.tick(pending.end - pending.start)
    is_due = pending.state is not None and calendar.keeps_at(pending.end)
    kept = program.split(pending.state) if is_due else [None] * len(parts)
    after = list(before)
    for i, (sink, part, state) in enumerate(zip(sinks, parts, kept, strict=False)):
        if before[i].broken:
            continue
        found = _hand_over(sink, part, state, calendar, pending.end, clock)
        spare = pending.state if part.whole else before[i].spare
        if found.broken:  # and lets go of the others' parts, of which one copy is enough
            spare = program.part(before[i].spare, i)
        after[i] = found._replace(spare=spare)
    return after


def _hand_over(
    sink: Sinks,
    part: Results,
    state: TrainState | None,
    calendar: Calendar,
    end: int,
    clock: Clock,
) -> Settled:
    """Gives a chunk's results to one training's sinks; no state that is not finite is kept.

    Args:
        sink: the training's sinks.
        part: its results, fetched.
        state: its state after the chunk, where that is to be saved or examined.
        calendar: tells what is due.
        end: the chunk's last step.
        clock: tells how fast the training is.
    """
    chunk, samples, whole = part
    step = int(chunk.reached)
    last = {tag: float(value) for tag, value in chunk.last.items()}
    broken = [tag for tag in CHECKED if not np.isfinite(last[tag])]
    if not broken and state is not None and not whole:
        broken = [PARAMETERS]
    if state is not None and not broken:
        if calendar.due(calendar.theory_every, end):
            sink.theory(end, state)
        if calendar.due(calendar.evaluate_every, end):
            sink.evaluation(end, state)
    for i in range(int(chunk.logged)):
        values = {tag: float(row[i]) for tag, row in chunk.rows.items()}
        sink.scalars(int(chunk.steps[i]), values | {SPEED: clock.rate})
    if broken == [PARAMETERS]:
        return overflowed(step, last)
    if broken:
        if not chunk.logged or int(chunk.steps[chunk.logged - 1]) != step:
            sink.scalars(step, {tag: last[tag] for tag in CHECKED} | {SPEED: clock.rate})
        return Settled(step, last, broken)
    if samples is not None:
        sink.samples(end, samples)
    if state is not None and calendar.due(calendar.checkpoint_every, end):
        sink.checkpoint(end, state)
    sink.progress(end, clock.pace, last)
    return Settled(step, last, [])
