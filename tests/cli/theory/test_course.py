"""The order of the course, and the list that `gan theory` prints."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import pytest
import typer

from gan_cli.cli.theory import app, course, output
from gan_cli.theory.findings.base import Findings

ORDER = [
    *("divergences", "f-divergences", "optimal-discriminator", "global-optimum", "figure1"),
    *("convergence", "parallel-lines", "bias", "landscape", "packing", "optimal-transport"),
    *("dynamics", "spectrum", "birthday", "catalogue"),
]
LESSONS = course.course()


def test_every_command_is_there_in_the_order_of_the_course() -> None:
    names = [lesson.name for lesson in LESSONS]
    assert names == [name for name in ORDER if name in names]
    commands = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert [name for name in commands if name in names] == names


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_a_command_says_what_it_shows_and_how_long_it_takes(lesson: course.Lesson) -> None:
    assert lesson.shows.endswith(".")
    assert len(lesson.shows) <= 100
    assert lesson.seconds is not None
    assert 0 < lesson.seconds <= 60
    assert set(lesson.quick) <= set(inspect.signature(lesson.experiment).parameters)


def test_the_list_has_every_command(gan: Callable[..., Any]) -> None:
    status, out, err = gan("theory")
    assert (status, err) == (0, "")
    table = out.split("\n\n")[1].splitlines()
    assert table[0].split() == ["gan", "theory", "takes", "what", "it", "shows"]
    for line, lesson in zip(table[1:], LESSONS, strict=True):
        assert line.startswith(lesson.words)
        assert line.endswith(f"{course.time(lesson.seconds)}  {lesson.shows}")


def test_the_headline_breaks_between_words_in_a_narrow_terminal(
    gan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "62")
    lines = gan("theory").out.split("\n\n")[0].splitlines()
    assert lines[0] == "The theory in the order of a course. Each command prints its"
    assert " ".join(lines) == course.HEAD
    assert all(len(line) <= 62 for line in lines)


def test_a_command_that_needs_a_run_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course, "COMMANDS", [])

    @output.command(place=2, compiles=False, seconds=7, quick={"times": 1})
    def of_a_run(run: Annotated[str, typer.Argument()], times: int = 2) -> Findings:
        """Look at
        a run.

        And say more.
        """
        raise NotImplementedError

    @output.command(place=1, compiles=False)
    def alone(times: int = 2) -> Findings:
        """Look at nothing."""
        raise NotImplementedError

    first, second = course.course()
    assert (first.name, first.needs_run, first.seconds, first.quick) == ("alone", False, None, {})
    assert (second.words, second.needs_run, second.quick) == ("of-a-run RUN", True, {"times": 1})
    assert second.paragraphs == ["Look at a run.", "And say more."]
