"""`gan theory all`: the whole course, on one page of HTML."""

import contextlib
import io
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gan_cli import commands
from gan_cli.cli.out import check_folder, unwritable
from gan_cli.cli.theory import course, output
from gan_cli.cli.theory.course import Lesson
from gan_cli.files import path_of
from gan_cli.interrupts import Interrupted
from gan_cli.soundness import refuse_wrong_jax

if TYPE_CHECKING:
    from gan_cli.theory.page import Section

PAGE = "theory.html"
GAME = ("dataset=ring", "steps=2000", "metric=[]")
"""The game whose trained players some of the commands look at."""
TRIAL = (
    "dataset=ring",
    "steps=50",
    "metric=[]",
    "architecture.generator_widths=[16]",
    "architecture.discriminator_widths=[16]",
)
"""The same with --quick."""

Out = Annotated[
    Path,
    typer.Option("--out", metavar="DIR", parser=path_of, help="The folder for the page."),
]
Quick = Annotated[bool, typer.Option("--quick", help="Train for a few steps alone, as a trial.")]


def everything(out: Out = Path("outputs/theory"), quick: Quick = False) -> None:
    """Run the whole course, and write one page with its statements, pictures and numbers.

    The page is theory.html in the folder of --out, and needs no other file. It is written anew
    after each command, so an interrupted course leaves the page of what was finished. For the
    commands that look at a RUN a small game is trained, whose run is kept beside the page.
    """
    refuse_wrong_jax()
    check_folder(out)
    output.start_jax()
    from gan_cli.logs.waiting import waiting
    from gan_cli.theory.page import Section, agreement, page

    lessons = course.course()
    sections: list[Section] = []
    game: Path | None = None
    with _naming_what_is_left(out / PAGE, sections, lessons):
        for number, lesson in enumerate(lessons, 1):
            begin = time.perf_counter()
            options: dict[str, Any] = dict(lesson.quick if quick else {})
            typed = [f"--{name}={each}" for name, value in options.items() for each in _each(value)]
            told = [commands.theory(lesson.name, *typed)]
            if lesson.needs_run:
                overrides = TRIAL if quick else GAME
                if game is None:
                    game = _free(out / "game")
                    _train(overrides, game)
                options["run"] = str(game)
                told = [
                    commands.train(*overrides, f"hydra.run.dir={game}"),
                    commands.theory(lesson.name, game, *typed),
                ]
            with waiting(f"gan theory {lesson.name}", *output.SAID_BY):
                found = lesson.experiment(**options)
            sections.append(Section(lesson.name, told, lesson.paragraphs, found))
            missing = [each.name for each in lessons[number:]]
            _write(out / PAGE, page(sections, missing, quick=quick))
            seconds = f"{time.perf_counter() - begin:.0f} s"
            told_of = f"{lesson.name:22}{seconds:>6}  {agreement(found.expected)}"
            print(f"{number:2} of {len(lessons)}  {told_of}", flush=True)
    if quick:
        print("This was a trial of few steps (--quick), so some trained numbers are far off.")
    print(f"page      {commands.path(out / PAGE)}")
    if game is not None:
        print(f"run       {commands.path(game)}")


@contextlib.contextmanager
def _naming_what_is_left(
    path: Path, sections: Sequence["Section"], lessons: Sequence[Lesson]
) -> Iterator[None]:
    """Says of a course that the user ends what its page holds, and how to see the rest."""
    try:
        yield
    except (KeyboardInterrupt, Interrupted):
        if sections:
            print(f"page      {commands.path(path)}, with {len(sections)} of {len(lessons)} parts")
            print(f"go on     gan theory {lessons[len(sections)].words}, and so on: one by one")
        raise


def _each(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _free(wanted: Path) -> Path:
    """The path, with a number where it is taken: an earlier page may have its run there."""
    numbered = (wanted.with_name(f"{wanted.name}-{number}") for number in itertools.count(2))
    return next(path for path in itertools.chain([wanted], numbered) if not path.exists())


def _train(overrides: tuple[str, ...], run: Path) -> None:
    """Trains a run as `gan train` does, without what that prints."""
    from gan_cli.cli import launch
    from gan_cli.interrupts import stop_request
    from gan_cli.logs.waiting import waiting

    lines = [*overrides, f"hydra.run.dir={run}"]
    silently = contextlib.redirect_stdout(io.StringIO())
    with (
        waiting("gan theory all, training a game", "gan_cli.theory"),
        stop_request() as stop,
        silently,
    ):
        launch.start(lines, [], None, stop, multirun=False)


def _write(path: Path, text: str) -> None:
    """Replaces the page.

    Raises:
        UsageError: if the folder cannot be written.
    """
    from gan_cli.files import write_atomically

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode())
    except OSError as error:
        raise unwritable(path, error) from error
