"""The commands of `gan theory` in the order of a course, and the list that `gan theory` prints."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from gan_cli.theory.findings.base import Findings

Experiment = Callable[..., Findings]


class Lesson(NamedTuple):
    """One command of the course.

    place: where it stands in the course: smaller numbers first.
    experiment: the function that makes its findings from its options. Its docstring begins with
        one sentence that says what the command shows.
    command: the function that runs it from the command line.
    compiles: whether it trains with JAX, whose compiled programs are then kept on disk.
    seconds: how long it takes on one core the first time, when its programs are compiled; None
        where nobody has measured it.
    quick: the options with which it takes a few seconds, for `gan theory all --quick`.
    """

    place: int
    experiment: Experiment
    command: Callable[..., None]
    compiles: bool
    seconds: int | None
    quick: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The name of the command."""
        return name_of(self.experiment)

    @property
    def words(self) -> str:
        """What is typed after `gan theory`, with RUN where it needs one."""
        return f"{self.name} RUN" if self.needs_run else self.name

    @property
    def shows(self) -> str:
        """What it shows, in one sentence."""
        return self.paragraphs[0]

    @property
    def paragraphs(self) -> list[str]:
        """What its help says, one text a paragraph."""
        parts = (inspect.getdoc(self.experiment) or self.name).split("\n\n")
        return [" ".join(part.split()) for part in parts]

    @property
    def needs_run(self) -> bool:
        """Whether it looks at a run of the user's, which it takes as `run`."""
        return "run" in inspect.signature(self.experiment).parameters


HEAD = (
    "The theory in the order of a course. Each command prints its numbers and draws them. The "
    "times are those of one core, the first time: compiled programs are kept, so later runs take "
    "less. gan theory all runs everything, and trains a run for what needs a RUN."
)
COMMANDS: list[Lesson] = []
"""Every command, as it was registered."""


def name_of(experiment: Experiment) -> str:
    """The name of the command that runs an experiment."""
    return experiment.__name__.replace("_", "-")


def course() -> list[Lesson]:
    """All commands in the order of the course."""
    return sorted(COMMANDS, key=lambda lesson: (lesson.place, lesson.name))


def show() -> None:
    """Prints each command, how long it takes and what it shows, in the order of the course."""
    from gan_cli.cli.list import wrapped
    from gan_cli.cli.tables import show_table

    lessons = course()
    rows = [(lesson.words, time(lesson.seconds), lesson.shows) for lesson in lessons]
    print("\n".join(wrapped(HEAD)), end="\n\n")
    show_table({"gan theory": "left", "takes": "right", "what it shows": "left"}, rows)


def time(seconds: int | None) -> str:
    """A time, for a person."""
    from gan_cli.logs.terminal import duration

    return "" if seconds is None else duration(seconds)
