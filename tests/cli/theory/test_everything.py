"""`gan theory all` leaves one page that a browser shows whole, and if it ends what is finished."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli.cli.theory import course, output
from gan_cli.runs import RunDirectory
from gan_cli.theory.findings.base import Expected, Findings
from tests.compiling import unoptimized

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
SHORT = ("divergences", "global-optimum")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A course of the two commands that train nothing."""
    lessons = [each for each in course.COMMANDS if each.name in SHORT]
    monkeypatch.setattr(course, "COMMANDS", lessons)


def test_the_page_is_there_and_each_command_is_told(
    short: None, gan: Callable[..., Any], empty: Path
) -> None:
    status, out, _ = gan("theory", "all", "--out", "page")
    assert status == 0
    assert [line.split()[3] for line in out.splitlines()[:-1]] == list(SHORT)
    assert "7 of 7 numbers as expected" in out
    assert out.endswith("page      page/theory.html\n")
    assert [path.name for path in (empty / "page").iterdir()] == ["theory.html"]
    page = (empty / "page" / "theory.html").read_text()
    assert page.count("<img") == page.count("data:image/png;base64,") >= 2


def test_an_interrupted_course_leaves_what_is_finished(
    monkeypatch: pytest.MonkeyPatch, gan: Callable[..., Any], empty: Path
) -> None:
    monkeypatch.setattr(course, "COMMANDS", [])

    @output.command(place=1, compiles=False)
    def first() -> Findings:
        """Show one."""
        return Findings({"x": 1}, ["x = 1"], {}, [Expected("x", 1.0, (1.0, 0.0))])

    @output.command(place=2, compiles=False)
    def second() -> Findings:
        """Show no more."""
        raise KeyboardInterrupt

    status, out, err = gan("theory", "all")
    assert (status, err) == (130, "gan: interrupted\n")
    assert out.splitlines()[1:] == [
        "page      outputs/theory/theory.html, with 1 of 2 parts",
        "go on     gan theory second, and so on: one by one",
    ]
    page = (empty / "outputs" / "theory" / "theory.html").read_text()
    assert "Missing: second." in page
    assert "x = 1" in page


def test_a_trial_is_told_to_be_one(
    monkeypatch: pytest.MonkeyPatch, gan: Callable[..., Any], empty: Path
) -> None:
    monkeypatch.setattr(course, "COMMANDS", [])

    @output.command(place=1, compiles=False)
    def first() -> Findings:
        """Show one."""
        return Findings({"x": 2}, ["x = 2"], {}, [Expected("x", 1.0, (2.0, 0.0))])

    *_, told, page = gan("theory", "all", "--quick").out.splitlines()
    assert told == "This was a trial of few steps (--quick), so some trained numbers are far off."
    assert page.startswith("page ")


@pytest.mark.slow
def test_a_game_is_trained_once_for_what_looks_at_a_run(
    monkeypatch: pytest.MonkeyPatch, gan: Callable[..., Any], empty: Path
) -> None:
    monkeypatch.setattr(course, "COMMANDS", [])
    seen = []

    @output.command(place=1, compiles=False)
    def one(run: str) -> Findings:
        """Show a run."""
        seen.append(RunDirectory(Path(run)).read_summary()["status"])
        return Findings({}, ["one"], {})

    @output.command(place=2, compiles=False, quick={"times": 1})
    def another(run: str, times: int = 2) -> Findings:
        """Show it again."""
        seen.append(times)
        return Findings({}, ["another"], {})

    (empty / "page" / "game").mkdir(parents=True)
    with unoptimized():
        status, out, _ = gan("theory", "all", "--quick", "--out", "page")
    assert (status, seen) == (0, ["completed", 1])
    assert out.endswith("run       page/game-2\n")
    assert [line.split()[3] for line in out.splitlines()[:2]] == ["one", "another"]
    page = (empty / "page" / "theory.html").read_text()
    assert page.count("hydra.run.dir=page/game-2<br>gan theory") == 2
    assert "gan theory another page/game-2 --times=1" in page


def test_a_folder_that_cannot_be_written_is_named(
    short: None, gan: Callable[..., Any], empty: Path
) -> None:
    (empty / "file").write_text("in the way")
    status, _, err = gan("theory", "all", "--out", "file")
    assert status == 2
    assert err.startswith("gan: nothing can be written into file: file is not a folder. ")
    assert err.rstrip().endswith("Choose another folder with --out DIR.")


@pytest.mark.long
def test_every_number_is_as_the_theory_has_it(gan: Callable[..., Any], empty: Path) -> None:
    status, out, _ = gan("theory", "all")
    assert status == 0
    counts = re.findall(r"(\d+) of (\d+) numbers? as expected", out)
    assert len(counts) == len(course.course()) - 1, "a spectrum has no number that is known"
    assert [held for held, _ in counts] == [numbers for _, numbers in counts]


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="needs chromium or google-chrome on the PATH")
def test_a_browser_shows_every_picture(short: None, gan: Callable[..., Any], empty: Path) -> None:
    gan("theory", "all", "--out", "page")
    path = empty / "page" / "theory.html"
    look = (
        "<script>onload = () => document.body.append(`seen "
        "${[...document.images].map(i => i.naturalWidth)} of "
        "${document.querySelectorAll('tbody tr').length}`)</script></body>"
    )
    path.write_text(path.read_text().replace("</body>", look))
    assert BROWSER is not None
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000")
    shown = subprocess.run(
        [BROWSER, *quiet, "--dump-dom", path.as_uri()], capture_output=True, text=True, timeout=120
    ).stdout
    [(widths, rows)] = re.findall(r"seen ([\d,]+) of (\d+)\s*</body>", shown)
    assert min(map(int, widths.split(","))) > 500
    assert int(rows) == 13
