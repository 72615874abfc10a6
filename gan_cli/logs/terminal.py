"""What a person sees of a training: a header, its progress, and how to go on."""

import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.table import Column, Table
from rich.text import Text

LINE_SECONDS = 10.0


class Terminal(Protocol):
    """Shows one training."""

    def header(self, facts: Mapping[str, str]) -> None: ...
    def begin(self, step: int, steps: int) -> None: ...
    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None: ...
    def note(self, text: str) -> None: ...
    def end(self, lines: Sequence[str]) -> None: ...  # no lines where an error ended it


class Lines:
    """Plain lines, for a pipe, a file or a log."""

    def __init__(self) -> None:
        self._steps = 0
        self._shown: float | None = None

    def header(self, facts: Mapping[str, str]) -> None:
        width = max(len(name) for name in facts)
        for name, fact in facts.items():
            self.note(f"{name:<{width}}  {fact}")

    def begin(self, step: int, steps: int) -> None:
        self._steps = steps
        self._shown = None

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        now = time.perf_counter()
        if self._shown is None:  # the first report waited for the compiler; its rate is none
            self._shown = now
        if now - self._shown < LINE_SECONDS and step < self._steps:
            return
        self._shown = now
        left = remaining(self._steps - step, rate)
        self.note(f"step {step:,}/{self._steps:,}  {speed(rate)}  {left}  {losses(last)}")

    def note(self, text: str) -> None:
        try:
            print(text, flush=True)
        except BrokenPipeError:  # whoever read has gone; the training goes on unseen
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())

    def end(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.note(line)


class Bar:
    """A live progress bar, for a person at a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._progress: Progress | None = None
        self._reported = False

    def header(self, facts: Mapping[str, str]) -> None:
        table = Table.grid(Column(), Column(overflow="fold"), padding=(0, 2))
        for name, fact in facts.items():
            table.add_row(Text(name, style="bold cyan"), Text(fact))
        self._console.print(table)

    def begin(self, step: int, steps: int) -> None:
        self._progress = Progress(
            BarColumn(bar_width=24),
            _Count(),
            TextColumn("{task.fields[speed]}"),
            TextColumn("[cyan]{task.fields[left]}"),
            TextColumn("{task.fields[losses]}"),
            console=self._console,
            refresh_per_second=4,
        )
        self._progress.add_task(
            "", total=steps, completed=step, speed="compiling", left="", losses=""
        )
        self._reported = False
        self._progress.start()

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        pace = left = ""
        if self._reported:  # the first report waited for the compiler; its rate is none
            pace, left = speed(rate), remaining(int(task.total or step) - step, rate)
        self._reported = True
        self._progress.update(task.id, completed=step, speed=pace, left=left, losses=losses(last))

    def note(self, text: str) -> None:
        self._console.print(text, markup=False)

    def end(self, lines: Sequence[str]) -> None:
        if self._progress is not None:
            self._progress.stop()
        for line in lines:
            self.note(line)


class Brief:
    """A member of a sweep: its progress, and one line when it ends."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._steps = 0
        self.note = terminal.note

    def header(self, facts: Mapping[str, str]) -> None:
        """Hydra has said which member it is."""

    def begin(self, step: int, steps: int) -> None:
        self._steps = steps
        self._terminal.begin(step, steps)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        if step < self._steps:
            self._terminal.progress(step, rate, last)

    def end(self, lines: Sequence[str]) -> None:
        self._terminal.end([f"    {lines[0]}  {lines[1].split(maxsplit=1)[1]}"] if lines else [])


class Shared:
    """Several members that train at once: the progress of the first that reports a step."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = Brief(terminal)
        self._step = -1
        self.header = self._terminal.header
        self.note = self._terminal.note
        self.end = self._terminal.end

    def begin(self, step: int, steps: int) -> None:
        self._step = step
        self._terminal.begin(step, steps)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        if step > self._step:
            self._step = step
            self._terminal.progress(step, rate, last)


class _Count(ProgressColumn):
    """The step and the last step."""

    def render(self, task: Task) -> Text:
        return Text(f"step {int(task.completed):,}/{int(task.total or 0):,}")


def for_standard_output() -> Terminal:
    """A live bar at a terminal, plain lines elsewhere."""
    return Bar() if sys.stdout.isatty() else Lines()


def duration(seconds: float) -> str:
    """Seconds as a person says them: 42 s, 3 min 20 s, 2 h 05 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def remaining(steps: int, rate: float) -> str:
    """How long some steps will take, where the rate is known."""
    return f"{duration(steps / rate)} left" if rate > 0 else "? left"


def speed(rate: float) -> str:
    """Steps a second, or seconds a step where it is slow."""
    if 0 < rate < 0.1:
        return f"{1 / rate:,.0f} s/step"
    return f"{rate:.2f} steps/s" if rate < 10 else f"{rate:,.0f} steps/s"


def losses(last: Mapping[str, float]) -> str:
    """The two losses."""
    return f"D {last['loss/discriminator']:.3f}  G {last['loss/generator']:.3f}"
