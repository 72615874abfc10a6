"""What a person sees of a training: the facts at its start, its progress, and how to go on."""

import time
from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
from rich.text import Text

from gan_cli.console import console, is_redrawn, printable, width
from gan_cli.narrow import beside, line_width, sentences

LINE_SECONDS = 10.0
"""How long `Lines` waits at least from one report of the progress to the next."""


UNITS = ("KiB", "MiB", "GiB", "TiB")
WIDEST_TEXTS = 72
"""The characters that the texts of a line of progress take at most, but for millions of steps."""


class Terminal(Protocol):
    """Shows one training."""

    def header(self, facts: Mapping[str, str]) -> None:
        """Shows what is to be trained."""

    def begin(self, step: int, steps: int) -> None:
        """Learns where the training starts and ends."""

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        """Shows how far the training is, its steps per second and its last scalars.

        The rate is 0 where it is not known, as before a training has been compiled. `whose` says
        whose scalars these are where several trainings are shown as one.
        """

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
        self._has_header = False

    def header(self, facts: Mapping[str, str]) -> None:
        self._has_header = True
        margin = max(len(name) for name in facts) + 2
        for name, fact in facts.items():
            self._print(beside(name, fact, margin))

    def begin(self, step: int, steps: int) -> None:
        self._steps, self._shown = steps, None
        if self._has_header:  # a member of a sweep has none, and says no more than how it ended
            self.note("compiling")

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        now = time.perf_counter()
        if self._shown is None:
            self._shown = now
        if now - self._shown >= LINE_SECONDS or step >= self._steps:
            self._shown = now
            told = [f"step {step:,}/{self._steps:,}", *timing(self._steps - step, rate)]
            line, shown = "  ".join(told), losses(last, whose)
            fits = len(f"{self._start}{line}  {shown}") <= line_width()
            self.note(f"{line}  {shown}" if fits else f"{line}\n  {shown}")

    def note(self, text: str) -> None:
        self._print(sentences(f"{self._start}{text}"))

    def _print(self, text: str) -> None:
        print(f"{text}\n", end="", flush=True)  # in one piece among threads


class Bar(Terminal):
    """A live progress bar, for a person at a terminal."""

    def __init__(self) -> None:
        self._console = console()
        self._progress: Progress | None = None

    def header(self, facts: Mapping[str, str]) -> None:
        margin = max(len(name) for name in facts) + 2
        for name, fact in facts.items():
            shown = Text(beside(name, printable(fact), margin))
            shown.stylize("bold cyan", 0, len(name))
            self._console.print(shown)

    def begin(self, step: int, steps: int) -> None:
        self._progress = Progress(
            *progress_columns(width()), console=self._console, refresh_per_second=4
        )
        self._progress.add_task(
            "", total=steps, completed=step, speed="compiling", left="", losses=""
        )
        self._progress.start()

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        if self._progress is None:
            return
        task = self._progress.tasks[0]
        pace, left = timing(int(task.total or step) - step, rate) or ("", "")
        self._progress.update(
            task.id, completed=step, speed=pace, left=left, losses=losses(last, whose)
        )

    def note(self, text: str) -> None:
        self._console.print(sentences(printable(text)), markup=False)

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

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        if self._shown < step < self._steps:  # only the first member to report a step is shown
            self._shown = step
            self._terminal.progress(step, rate, last, whose)

    def note(self, text: str) -> None:
        self._terminal.note(text)

    def end(self, lines: Sequence[str]) -> None:
        self._terminal.end([f"    {lines[0]}  {lines[1].split(maxsplit=1)[1]}"] if lines else [])

    def judged(self, lines: Sequence[str]) -> None:
        """Shows nothing: gan runs and gan compare show the members' numbers side by side."""


def progress_columns(room: int) -> list[ProgressColumn]:
    """What a line of progress shows in a terminal of a width in characters.

    Where there is no room for all of it, the bar becomes shorter and goes, and then the losses.
    """
    left: list[ProgressColumn] = [
        TextColumn("step {task.completed:,.0f}/{task.total:,.0f}", style="none"),
        TextColumn("{task.fields[speed]}"),
        TextColumn("[cyan]{task.fields[left]}"),
    ]
    losses = [TextColumn("{task.fields[losses]}", markup=False)] if room >= WIDEST_TEXTS else []
    bar = [BarColumn(bar_width=min(24, room - WIDEST_TEXTS))] if room > WIDEST_TEXTS + 8 else []
    return [*bar, *left, *losses]


def for_standard_output() -> Terminal:
    """A live bar at a terminal, plain lines elsewhere."""
    return Bar() if is_redrawn() else Lines()


def duration(seconds: float) -> str:
    """A time as a person says it: 42 s, 3 min 20 s, 2 h 05 min."""
    minutes, seconds = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {seconds:02d} s" if minutes else f"{seconds} s"


def size(number: int) -> str:
    """A number of bytes, such as "3.2 MiB"."""
    if number < 1024:
        return f"{number} bytes"
    length, name = unit(number)
    return f"{number / length:,.1f} {name}"


def unit(number: int) -> tuple[int, str]:
    """The bytes in the unit that suits a number of bytes, and the unit's name."""
    power = 1
    while number >= 1024 ** (power + 1) and power < len(UNITS):
        power += 1
    return 1024**power, UNITS[power - 1]


def timing(steps: int, rate: float) -> tuple[str, str] | tuple[()]:
    """The speed and how long some steps will take, where the steps per second are known."""
    return (speed(rate), f"{duration(steps / rate)} left") if rate > 0 else ()


def speed(rate: float) -> str:
    """The steps per second, or the seconds per step of a slow training."""
    if 0 < rate < 0.1:
        return f"{1 / rate:,.0f} s/step"
    return f"{rate:.2f} steps/s" if rate < 10 else f"{rate:,.0f} steps/s"


def losses(last: Mapping[str, float], whose: str = "") -> str:
    """The two losses among a training's last scalars, and whose they are."""
    shown = f"D {last['loss/discriminator']:z.3f}  G {last['loss/generator']:z.3f}"
    return f"{shown}  ({whose})" if whose else shown
