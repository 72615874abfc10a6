"""Writes what a training hands over: in order, on one thread beside it."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol

import numpy as np

from gan_cli import checkpoints
from gan_cli.logs.scalars import ScalarFile, plain
from gan_cli.logs.tensorboard import EventFile
from gan_cli.logs.terminal import Terminal
from gan_cli.plots.samples import Drawer
from gan_cli.runs import RunDirectory, Summary, write

QUEUE = 64
"""How many writes may wait; a training that is ahead of the disk by more waits itself."""
SUMMARY_SECONDS = 5.0


class Truth(Protocol):
    """Compares a state with the data's known density, scalars by tag.

    seconds: what it took so far.
    """

    seconds: float

    def __call__(self, state: Any) -> dict[str, float]: ...


class Recorder:
    """The sinks of one run.

    Rows, points and pictures up to a step are written before its checkpoint, so that whoever holds
    a checkpoint holds everything that was logged before it.
    """

    def __init__(
        self,
        run: RunDirectory,
        summary: Summary,
        drawer: Drawer,
        keep: int,
        thread: ThreadPoolExecutor,
        terminal: Terminal,
        purge_step: int | None,
        truth: Truth | None = None,
    ) -> None:
        """Opens the run's files.

        Args:
            run: where to write.
            summary: what summary.json holds; kept up to date.
            drawer: draws samples.
            keep: how many checkpoints to keep.
            thread: writes; one thread, so that everything is written in order.
            terminal: told of the progress.
            purge_step: of a resumed run, its first new step.
            truth: compares states with the data's known density, or nothing does.
        """
        self._run, self.summary, self._drawer = run, summary, drawer
        self._keep, self._terminal = keep, terminal
        self._began = time.perf_counter() - float(summary["wall_seconds"])
        run.samples.mkdir(exist_ok=True)
        self._rows = ScalarFile(run.metrics)
        self.events = EventFile(run.path, purge_step)
        self._thread = thread
        self._truth = truth
        self._known: dict[int, dict[str, float]] = {}
        self._theory_before = float(summary.get("theory_seconds", 0.0))
        self._waiting: deque[Future[None]] = deque()
        self._saving: Future[None] | None = None
        self._summarised = 0.0

    @property
    def wall_seconds(self) -> float:
        """Seconds of training, those before a resume included."""
        return time.perf_counter() - self._began

    @property
    def theory_seconds(self) -> float:
        """Seconds that the truth took, those before a resume and to build it included."""
        return self._theory_before + (self._truth.seconds if self._truth is not None else 0.0)

    def scalars(self, step: int, values: Mapping[str, float]) -> None:
        self._submit(self._write_scalars, step, dict(values), self.wall_seconds)

    def theory(self, step: int, state: Any) -> None:
        self._submit(self._examine, step, state)

    def samples(self, step: int, samples: np.ndarray) -> None:
        self._submit(self._write_samples, step, samples)

    def checkpoint(self, step: int, state: Any) -> None:
        if self._saving is not None:
            self._saving.result()  # a copy of the state waits on the device: one is enough
        self._saving = self._submit(self._write_checkpoint, step, state)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        self._terminal.progress(step, rate, last)
        self.summary["step"] = step
        if time.perf_counter() - self._summarised > SUMMARY_SECONDS:
            self._summarised = time.perf_counter()
            self._submit(self.write_summary)

    def write_summary(self) -> None:
        """Brings summary.json and what TensorBoard shows up to date."""
        self.events.flush()
        self.summary["wall_seconds"] = round(self.wall_seconds, 3)
        if self._truth is not None:
            self.summary["theory_seconds"] = round(self.theory_seconds, 3)
        self._run.write_summary(self.summary)

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
            self._rows.close()
            self.events.close()

    def _submit(self, write: Callable[..., None], *arguments: Any) -> Future[None]:
        while self._waiting and (len(self._waiting) >= QUEUE or self._waiting[0].done()):
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(write, *arguments))
        return self._waiting[-1]

    def _examine(self, step: int, state: Any) -> None:
        assert self._truth is not None
        self._known[step] = self._truth(state)

    def _write_scalars(self, step: int, values: dict[str, float], wall_seconds: float) -> None:
        values |= self._known.pop(step, {})
        self._rows.write(step, wall_seconds, values)
        self.events.scalars(step, values)
        self.summary["metrics"] = {tag: plain(value) for tag, value in values.items()}

    def _write_samples(self, step: int, samples: np.ndarray) -> None:
        png = self._drawer.draw(samples, f"step {step:,}")
        write(self._run.sample(step), png)
        self.events.image(step, "samples", png)

    def _write_checkpoint(self, step: int, state: Any) -> None:
        self.events.flush()  # what was logged up to here must outlive this process
        checkpoints.save(self._run.checkpoints, step, state, self._keep)
        self.write_summary()
