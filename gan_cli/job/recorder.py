"""Hands what a training gives to the sinks of its run: in order, on one thread beside it."""

import contextlib
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol, cast

import numpy as np

from gan_cli.collapse import Notice, Watch
from gan_cli.job.sinks import Sink
from gan_cli.logs.terminal import Terminal
from gan_cli.plots.samples import DRAWING, Drawer
from gan_cli.runs import Summary, updated

QUEUE = 64
"""How many writes may wait; a training that is further ahead of the disk waits itself."""


class Probe(Protocol):
    """Finds out something about a state, beside the training.

    seconds: the time that it has taken so far.
    """

    seconds: float

    def __call__(self, state: Any) -> dict[str, float]:
        """Scalars by tag."""
        ...


class Recorder:
    """Gives the results of one training to its sinks.

    Rows, points and pictures up to a step are written before its checkpoint, so that whoever holds
    a checkpoint holds everything that was logged before it.
    """

    def __init__(
        self,
        sinks: Sequence[Sink],
        drawer: Drawer,
        thread: ThreadPoolExecutor,
        terminal: Terminal,
        before: Summary,
        probes: Mapping[str, Probe] | None = None,
        name: str = "",
        watch: Watch | None = None,
        compiling: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Starts the clocks.

        Args:
            sinks: where everything is written.
            drawer: draws samples.
            thread: writes; it is one thread, so that everything is written in order.
            terminal: shows the progress.
            before: what is known of the run, its times before a resume among it.
            probes: what examines states: `theory`, `evaluation`, both or neither.
            name: the training's name among those that are shown as one.
            watch: looks for signs of collapse.
            compiling: the seconds that were waited for the compiler so far.
        """
        self._name, self._watch = name, watch
        self._sinks, self._drawer, self._thread = sinks, drawer, thread
        self._terminal, self._probes = terminal, probes or {}
        self._began = time.perf_counter() - before.get("wall_seconds", 0.0)
        self._compiling = compiling
        self._compiled = compiling() - before.get("compile_seconds", 0.0)
        self._before = before
        self._probed: dict[int, dict[str, float]] = {}
        self._waiting: deque[Future[None]] = deque()
        self._saving: Future[None] | None = None

    @property
    def wall_seconds(self) -> float:
        """The seconds of training, those before a resume included."""
        return time.perf_counter() - self._began

    def times(self) -> Summary:
        """How long the training took, and of that the compiler, and what examined it."""
        compiled = self._compiling() - self._compiled
        times = {
            "wall_seconds": round(self.wall_seconds, 3),
            "compile_seconds": round(compiled, 3),
        }
        for name, probe in self._probes.items():
            key = f"{name}_seconds"
            times[key] = round(cast(float, self._before.get(key, 0.0)) + probe.seconds, 3)
        return updated(Summary(), times)

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        self._submit(self._write_scalars, step, dict(values), self.wall_seconds)

    def theory(self, step: int, state: Any) -> None:
        self._submit(self._probe, "theory", step, state)

    def evaluation(self, step: int, state: Any) -> None:
        self._submit(self._probe, "evaluation", step, state)

    def samples(self, step: int, samples: np.ndarray) -> None:
        self._submit(self._draw, step, samples)

    def checkpoint(self, step: int, state: Any) -> None:
        if self._saving is not None:
            self._saving.result()  # a copy of the state waits on the device: one is enough
        self._saving = self._submit(self._save, step, state)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        self._terminal.progress(step, rate, last, self._name)
        self._submit(self._learn, {"step": step})

    def close(self) -> None:
        """Waits until everything is written.

        Raises:
            OSError: if something could not be written.
        """
        try:
            while self._waiting:
                self._waiting.popleft().result()
        finally:
            wait(self._waiting)
            with contextlib.ExitStack() as stack:  # all are closed, whichever of them cannot be
                for sink in reversed(self._sinks):
                    stack.callback(sink.close)

    def _submit(self, write: Callable[..., None], *arguments: Any) -> Future[None]:
        while self._waiting and (len(self._waiting) >= QUEUE or self._waiting[0].done()):
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(write, *arguments))
        return self._waiting[-1]

    def _probe(self, name: str, step: int, state: Any) -> None:
        found = self._probes[name](state)
        self._probed[step] = self._probed.get(step, {}) | found
        for sink in self._sinks:
            sink.probed(step, state, found)

    def _write_scalars(self, step: int, values: dict[str, float], wall_seconds: float) -> None:
        values |= self._probed.pop(step, {})
        for sink in self._sinks:
            sink.scalars(step, wall_seconds, values)
        if self._watch is not None:
            self._warn(self._watch.scalars(step, values))

    def _draw(self, step: int, samples: np.ndarray) -> None:
        with DRAWING:
            png = self._drawer.draw(samples, f"step {step:,}")
        for sink in self._sinks:
            sink.image(step, "samples", png)
        if self._watch is not None:
            self._warn(self._watch.samples(step, samples))

    def _warn(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            whose = f"{self._name}: " if self._name else ""
            self._terminal.note(f"warning: {whose}{notice.text}")
            for sink in self._sinks:
                sink.warn(notice)

    def _learn(self, known: Summary) -> None:
        for sink in self._sinks:
            sink.learn(known | self.times())

    def _save(self, step: int, state: Any) -> None:
        """Saves a state once everything before it is on the disk."""
        self._learn({})
        for sink in self._sinks:
            sink.flush()
        for sink in self._sinks:
            sink.checkpoint(step, state)
