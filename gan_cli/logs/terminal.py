"""What a person sees of a training: the facts at its start, its progress, and how to go on."""

import sys
import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column, Table
from rich.text import Text

LINE_SECONDS = 10.0
"""How long `Lines` waits at least from one report of the progress to the next."""


class Terminal(Protocol):
    """Shows one training."""

    def header(self, facts: Mapping[str, str]) -> None:
        """Shows what is to be trained."""

    def begin(self, step: int, steps: int) -> None:
        """Learns where the training starts and ends."""

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        """Shows how far the training is, its steps per second and its last scalars."""

    def note(self, text: str) -> None:
        """Shows a line of text."""

    def end(self, lines: Sequence[str]) -> None:
        """Shows the last lines; there are none where an error ended the training."""
        for line in lines:
            self.note(line)

    def judged(self, lines: Sequence[str]) -> None:
        """Shows what was found when the samples were judged after the end."""
        for line in lines:
            self.note(line)


class Lines(Terminal):
    """Plain lines, for a pipe, a file or a log."""

    def __init__(self, start: str = "") -> None:
        """Shows nothing yet; every line begins with `start`."""
        self._start, self._steps = start, 0
        self._shown: float | None = None

    def header(self, facts: Mapping[str, str]) -> None:
        width = max(len(name) for name in facts)
        for name, fact in facts.items():
            self.note(f"{name:<{width}}  {fact}")

    def begin(self, step: int, steps: int) -> None:
        self._steps, self._shown = steps, None

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        now = time.perf_counter()
        if self._shown is None:  # the first report waited for the compiler: it has no rate
            self._shown = now
        if now - self._shown >= LINE_SECONDS or step >= self._steps:
            self._shown = now
            left = remaining(self._steps - step, rate)
            self.note(f"step {step:,}/{self._steps:,}  {speed(rate)}  {left}  {losses(last)}")

    def note(self, text: str) -> None:
        print(f"{self._start}{text}\n", end="", flush=True)  # in one piece among threads


class Bar(Terminal):
    """A live progress bar, for a person at a terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, soft_wrap=True)
        self._progress: Progress | None = None

    def header(self, facts: Mapping[str, str]) -> None:
        table = Table.grid(Column(), Column(overflow="fold"), padding=(0, 2))
        for name, fact in facts.items():
            table.add_row(Text(name, style="bold cyan"), Text(fact))
        self._console.print(table)

    def begin(self, step: int, steps: int) -> None:
        self._progress = Progress(
            BarColumn(bar_width=24),
            TextColumn("step {task.completed:,.0f}/{task.total:,.0f}", style="none"),
            TextColumn("{task.fields[speed]}"),
            TextColumn("[cyan]{task.fields[left]}"),
            TextColumn("{task.fields[losses]}"),
            console=self._console,
            refresh_per_second=4,
        )
        self._progress.add_task(
            "", total=steps, completed=step, speed="compiling", left="", losses=""
        )
        self._progress.start()

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        pace = left = ""
        if task.fields["losses"]:  # the first report waited for the compiler: it has no rate
            pace, left = speed(rate), remaining(int(task.total or step) - step, rate)
        self._progress.update(task.id, completed=step, speed=pace, left=left, losses=losses(last))

    def note(self, text: str) -> None:
        self._console.print(text, markup=False)

    def end(self, lines: Sequence[str]) -> None:
        if self._progress is not None:
            self._progress.stop()
        super().end(lines)


class Brief(Terminal):
    """A member of a sweep, or several that train at once: one progress, and a line for each end."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._shown = self._steps = 0

    def header(self, facts: Mapping[str, str]) -> None:
        """Shows nothing, since Hydra has said which member it is."""

    def begin(self, step: int, steps: int) -> None:
        self._shown, self._steps = step, steps
        self._terminal.begin(step, steps)

    def progress(self, step: int, rate: float, last: Mapping[str, float]) -> None:
        if self._shown < step < self._steps:  # only the first member to report a step is shown
            self._shown = step
            self._terminal.progress(step, rate, last)

    def note(self, text: str) -> None:
        self._terminal.note(text)

    def end(self, lines: Sequence[str]) -> None:
        self._terminal.end([f"    {lines[0]}  {lines[1].split(maxsplit=1)[1]}"] if lines else [])

    def judged(self, lines: Sequence[str]) -> None:
        """Shows nothing: gan runs and gan compare show the members' numbers side by side."""


def for_standard_output() -> Terminal:
    """A live bar at a terminal, plain lines elsewhere."""
    return Bar() if sys.stdout.isatty() else Lines()


def duration(seconds: float) -> str:
    """A time as a person says it: 42 s, 3 min 20 s, 2 h 05 min."""
    minutes, seconds = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def remaining(steps: int, rate: float) -> str:
    """How long some steps will take, where the steps per second are known."""
    return f"{duration(steps / rate)} left" if rate > 0 else "? left"


def speed(rate: float) -> str:
    """The steps per second, or the seconds per step of a slow training."""
    if 0 < rate < 0.1:
        return f"{1 / rate:,.0f} s/step"
    return f"{rate:.2f} steps/s" if rate < 10 else f"{rate:,.0f} steps/s"


def losses(last: Mapping[str, float]) -> str:
    """The two losses among a training's last scalars."""
    return f"D {last['loss/discriminator']:.3f}  G {last['loss/generator']:.3f}"
