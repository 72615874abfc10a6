"""What a person sees of several trainings at once: a line of progress for each."""

import threading
from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.progress import Progress, TaskID, TextColumn

from gan_cli.console import console, is_redrawn, printable, width
from gan_cli.logs.terminal import Lines, Terminal, losses, progress_columns, timing
from gan_cli.narrow import sentences

LONGEST_NAME = 5
"""The characters of a member's name, such as #123, and of the space behind it."""


class Board(Protocol):
    """Shows trainings that go on side by side."""

    def member(self, number: int) -> Terminal:
        """What shows the training of this number."""
        ...

    def close(self) -> None:
        """Shows nothing more."""
        ...


class Member(Terminal):
    """One of several trainings; it has no header, since Hydra has said which member it is."""

    def __init__(self, name: str) -> None:
        self._name = name

    def header(self, facts: Mapping[str, str]) -> None:
        """Shows nothing."""

    def end(self, lines: Sequence[str]) -> None:
        if lines:
            self.note(f"{lines[0]}  {lines[1].split(maxsplit=1)[1]}")

    def judged(self, lines: Sequence[str]) -> None:
        """Shows nothing: gan runs and gan compare show the members' numbers side by side."""


class LineMember(Member):
    """One of several trainings as plain lines that begin with its name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._lines = Lines(f"{name} ")
        self._steps = 0

    def begin(self, step: int, steps: int) -> None:
        self._steps = steps
        self._lines.begin(step, steps)

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        if step < self._steps:  # the end is told by `end`
            self._lines.progress(step, rate, last, whose)

    def note(self, text: str) -> None:
        self._lines.note(text)


class LineBoard:
    """Plain lines, for a pipe, a file or a log."""

    def member(self, number: int) -> Terminal:
        return LineMember(f"#{number}")

    def close(self) -> None:
        """Nothing is open."""


class LiveMember(Member):
    """One of several trainings as a bar among others, which goes when it ends."""

    def __init__(self, name: str, board: Progress) -> None:
        super().__init__(name)
        self._board = board
        self._task: TaskID | None = None

    def begin(self, step: int, steps: int) -> None:
        self._task = self._board.add_task(
            self._name, total=steps, completed=step, speed="compiling", left="", losses=""
        )

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        assert self._task is not None
        [task] = [task for task in self._board.tasks if task.id == self._task]
        pace, left = timing(int(task.total or step) - step, rate) or ("", "")
        self._board.update(
            self._task, completed=step, speed=pace, left=left, losses=losses(last, whose)
        )

    def note(self, text: str) -> None:
        self._board.console.print(sentences(printable(f"{self._name} {text}")), markup=False)

    def end(self, lines: Sequence[str]) -> None:
        super().end(lines)
        if self._task is not None:
            self._board.remove_task(self._task)
            self._task = None


class LiveBoard:
    """Live bars, one below another, for a person at a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            *progress_columns(width() - LONGEST_NAME),
            console=console(),
            refresh_per_second=4,
        )
        self._lock = threading.Lock()

    def member(self, number: int) -> Terminal:
        with self._lock:
            self._progress.start()
        return LiveMember(f"#{number}", self._progress)

    def close(self) -> None:
        self._progress.stop()


def for_standard_output() -> Board:
    """Live bars at a terminal, plain lines elsewhere."""
    return LiveBoard() if is_redrawn() else LineBoard()
