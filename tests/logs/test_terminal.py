"""What a person reads of a training: plain lines, a live bar, one line for a sweep's member."""

import io
import re
import sys
import time
from collections.abc import Callable, Mapping

import pytest

from gan_cli.logs import terminal
from gan_cli.logs.terminal import Bar, Brief, Lines, duration, for_standard_output, speed, timing

LAST = {"loss/discriminator": 1.38629, "loss/generator": -0.5, "divergence/jensen_shannon": 0.1}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 00 s"),
        (61, "1 min 01 s"),
        (200, "3 min 20 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
        (360_000, "100 h 00 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (0, "0.00 steps/s"),
        (0.01, "100 s/step"),
        (0.1, "0.10 steps/s"),
        (1, "1.00 steps/s"),
        (9.99, "9.99 steps/s"),
        (10, "10 steps/s"),
        (12345.6, "12,346 steps/s"),
    ],
)
def test_speeds(rate: float, text: str) -> None:
    assert speed(rate) == text


def test_the_time_that_remains() -> None:
    assert timing(200, 1.0) == ("1.00 steps/s", "3 min 20 s left")
    assert timing(0, 5.0) == ("5.00 steps/s", "0 s left")
    assert timing(200, 0.0) == ()


def test_lines(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Lines()
    lines.header({"dataset": "ring", "k": "1 D update a step"})
    lines.begin(0, 2000)
    lines.progress(500, 12.5, LAST)
    now = time.perf_counter()
    monkeypatch.setattr(time, "perf_counter", lambda: now + terminal.LINE_SECONDS)
    lines.progress(1000, 12.5, LAST)
    lines.progress(1001, 12.5, LAST)
    lines.progress(2000, 0.0, LAST)
    lines.end(["completed: step 2,000 after 42 s, 48 steps/s", "run      outputs/a b"])
    assert capsys.readouterr().out == (
        "dataset  ring\n"
        "k        1 D update a step\n"
        "compiling\n"
        "step 1,000/2,000  12 steps/s  1 min 20 s left  D 1.386  G -0.500\n"
        "step 2,000/2,000  D 1.386  G -0.500\n"
        "completed: step 2,000 after 42 s, 48 steps/s\n"
        "run      outputs/a b\n"
    )


def test_lines_are_folded_where_columns_say_how_wide_a_pipe_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = Lines()
    lines.header({"dataset": "ring (points in 2 dimensions, drawn anew for every batch)", "k": "1"})
    lines.begin(0, 2000)
    monkeypatch.setattr(terminal, "LINE_SECONDS", 0.0)
    lines.progress(1000, 12.5, LAST)
    lines.progress(1000, 0.0, LAST)
    lines.end(
        [
            "completed: step 2,000 after 42 s, 48 steps/s",
            "run      outputs/2026-11-28/my runs of an evening/with a long name",
            "truth    the true Kullback-Leibler divergence is at least 6.9, and D's own is 8",
            "         It may be far more: the density of the samples ends early.",
            "go on    gan train --resume 'outputs/2026-11-28/my runs of an evening'",
        ]
    )
    assert capsys.readouterr().out == (
        "dataset  ring (points in 2 dimensions, drawn anew for every\n"
        "         batch)\n"
        "k        1\n"
        "compiling\n"
        "step 1,000/2,000  12 steps/s  1 min 20 s left\n"
        "  D 1.386  G -0.500\n"
        "step 1,000/2,000  D 1.386  G -0.500\n"
        "completed: step 2,000 after 42 s, 48 steps/s\n"
        "run      outputs/2026-11-28/my runs of an evening/with a long name\n"
        "truth    the true Kullback-Leibler divergence is at least\n"
        "         6.9, and D's own is 8\n"
        "         It may be far more: the density of the samples ends\n"
        "         early.\n"
        "go on    gan train --resume 'outputs/2026-11-28/my runs of an evening'\n"
    )


class Screen(io.StringIO):
    """A terminal that keeps what it is sent."""

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        """What was sent, without the codes for colours and the cursor."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())


@pytest.fixture
def turn_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Screen]:
    """Makes a screen the standard output of the test that calls this."""

    def on() -> Screen:
        screen = Screen()
        monkeypatch.setattr(sys, "stdout", screen)
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "120")
        monkeypatch.delenv("NO_COLOR", raising=False)
        return screen

    return on


def test_a_terminal_gets_a_bar_and_a_pipe_lines(
    turn_on: Callable[[], Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on()
    assert isinstance(for_standard_output(), Bar)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert isinstance(for_standard_output(), Lines)


def test_a_bar(turn_on: Callable[[], Screen]) -> None:
    screen = turn_on()
    path = "outputs/" + "long/" * 40 + "[bold]run"
    bar = Bar()
    bar.header({"dataset": "ring", "run": path})
    bar.progress(1, 1.0, LAST)  # before it began there is nothing to show
    bar.begin(1000, 2000)
    bar.note("resuming [red]from[/red] step 1,000")
    bar.progress(1500, 12.5, LAST, "[/b]")
    bar.note("\x1b[2J")
    bar.progress(2000, 0.0, {"loss/discriminator": float("nan"), "loss/generator": float("inf")})
    bar.end(["completed: step 2,000 after 42 s, 48 steps/s", f"run      {path}"])
    shown = screen.text()
    assert re.search(r"dataset +ring", shown)
    assert "…" not in shown, "nothing is cut off"
    assert "resuming [red]from[/red] step 1,000\n" in shown
    assert re.search(r"step 1,000/2,000 +compiling", shown)
    assert re.search(r"step 2,000/2,000 +D nan +G inf", shown)
    assert "\n\\x1b[2J\n" in shown.replace("\r", "\n")
    assert shown.endswith(f"completed: step 2,000 after 42 s, 48 steps/s\nrun      {path}\n"), (
        "a path is not broken into lines, so that it can be copied"
    )


def test_the_first_report_waited_for_the_compiler(turn_on: Callable[[], Screen]) -> None:
    screen = turn_on()
    bar = Bar()
    for _ in range(2):  # each training of a sweep has its own first report
        bar.begin(0, 2000)
        bar.progress(500, 0.0, LAST)
        bar.end([])
    shown = screen.text()
    assert shown.count("step 500/2,000") >= 2
    assert "D 1.386  G -0.500" in shown
    assert "steps/s" not in shown
    assert "left" not in shown


def test_the_cursor_comes_back_however_it_ends(turn_on: Callable[[], Screen]) -> None:
    screen = turn_on()
    bar = Bar()
    bar.begin(0, 10)
    assert screen.getvalue().rindex("\x1b[?25l") >= 0
    bar.end([])
    assert screen.getvalue().rindex("\x1b[?25h") > screen.getvalue().rindex("\x1b[?25l")
    Bar().end([])


def test_a_member_of_a_sweep_ends_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    brief = Brief(Lines())
    brief.header({"dataset": "ring"})
    brief.begin(0, 20)
    brief.progress(20, 5.0, LAST)
    brief.note("a note")
    brief.end(["completed: step 20 after 4 s, 5.00 steps/s", "run      outputs/my sweeps/0"])
    brief.end([])
    assert capsys.readouterr().out == (
        "a note\n    completed: step 20 after 4 s, 5.00 steps/s  outputs/my sweeps/0\n"
    )


def test_members_that_train_at_once_share_one_progress() -> None:
    seen = []

    class Seen(Lines):
        def progress(
            self, step: int, rate: float, last: Mapping[str, float], whose: str = ""
        ) -> None:
            seen.append(step)

    brief = Brief(Seen())
    brief.begin(10, 50)
    for step in (20, 20, 20, 30, 30, 50, 50):
        brief.progress(step, 5.0, LAST)
    assert seen == [20, 30], "the last step is told when the members end"


def test_a_loss_next_to_zero_has_no_sign() -> None:
    assert terminal.losses(LAST | {"loss/generator": -0.00044}) == "D 1.386  G 0.000"


def test_one_progress_of_several_says_whose_losses_it_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "LINE_SECONDS", 0.0)
    brief = Brief(Lines())
    brief.begin(0, 50)
    for step in (10, 20):
        brief.progress(step, 5.0, LAST, "member 3")
        brief.progress(step, 5.0, LAST, "member 4")
    assert capsys.readouterr().out == (
        "step 10/50  5.00 steps/s  8 s left  D 1.386  G -0.500  (member 3)\n"
        "step 20/50  5.00 steps/s  6 s left  D 1.386  G -0.500  (member 3)\n"
    )


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_a_line_of_progress_fits_the_terminal(
    columns: int, turn_on: Callable[[], Screen], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = turn_on()
    monkeypatch.setenv("COLUMNS", str(columns))
    bar = Bar()
    bar.begin(0, 100_000)
    bar.progress(10_000, 25.0, LAST)
    bar.end([])
    shown = screen.text().replace("\r", "\n").splitlines()
    assert max(map(len, shown)) <= columns
    assert ("G -0.500" in screen.text()) == (columns >= terminal.WIDEST_TEXTS)
    assert "1 h 00 min left" in screen.text() or columns < 60
