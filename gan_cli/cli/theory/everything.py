"""`gan theory all`: the whole course, on one page of HTML."""

import shlex
import time
from pathlib import Path
from typing import Annotated

import typer

from gan_cli import storage
from gan_cli.cli.theory import course, output
from gan_cli.errors import UsageError
from gan_cli.soundness import refuse_wrong_jax

PAGE = "theory.html"

Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the page.")]
Quick = Annotated[bool, typer.Option("--quick", help="Train for a few steps alone, as a trial.")]


def everything(out: Out = Path("outputs/theory"), quick: Quick = False) -> None:
    """Run the whole course, and write one page with its statements, pictures and numbers.

    The page is theory.html in the folder of --out, and needs no other file. It is written anew
    after each command, so an interrupted course leaves the page of what was finished. Commands
    that look at a RUN are left out.
    """
    refuse_wrong_jax()
    output.start_jax()
    from gan_cli.logs.waiting import waiting
    from gan_cli.theory.page import Section, page

    lessons = [lesson for lesson in course.course() if not lesson.needs_run]
    sections: list[Section] = []
    for number, lesson in enumerate(lessons, 1):
        begin = time.perf_counter()
        options = lesson.quick if quick else {}
        with waiting(f"gan theory {lesson.name}", "gan_cli.theory"):
            found = lesson.experiment(**options)
        typed = [f"--{name} {each}" for name, value in options.items() for each in _each(value)]
        command = " ".join(["gan theory", lesson.name, *typed])
        sections.append(Section(lesson.name, command, lesson.paragraphs, found))
        missing = [each.name for each in lessons[number:]]
        _write(out / PAGE, page(sections, missing, quick=quick))
        held = sum(each.holds for each in found.expected)
        numbers = f"{held} of {len(found.expected)} numbers as expected" if found.expected else ""
        seconds = f"{time.perf_counter() - begin:.0f} s"
        print(f"{number:2} of {len(lessons)}  {lesson.name:22}{seconds:>6}  {numbers}".rstrip())
    if quick:
        print("This was a trial of few steps (--quick), so trained numbers are far off.")
    print(f"page      {shlex.quote(str(out / PAGE))}")


def _each(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


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
        raise UsageError(
            f"cannot write {path}: {storage.why(error, path)}. "
            "Choose another folder with --out DIR."
        ) from error
