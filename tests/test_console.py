"""What the terminal is sent: codes where it may be, and whole words."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_cli.console import console, folded, is_redrawn, printable, showing
from tests.conftest import Command


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


def sent() -> str:
    screen = Screen()
    console(screen).print("[bold]loud[/] [dim]low[/] [cyan]blue[/]")
    return screen.getvalue()


def test_no_color_means_no_codes_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[1m" in sent()
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert sent() == "loud low blue\n"


def test_a_line_is_redrawn_on_a_terminal_that_can(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_redrawn(Screen())
    assert not is_redrawn(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not is_redrawn(Screen())


def test_a_word_is_never_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    assert folded("run", "outputs/2026-11-27/18-14-58 and more of it", 5) == [
        "run  outputs/2026-11-27/18-14-58",
        "     and more of it",
    ]
    assert folded("run", "", 5) == ["run  "]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("an\tü 照片\n", "an\tü 照片\n"),
        ("\x1b[31mred\x07\r", r"\x1b[31mred\x07\r"),
        ("\x9b2J\x7f\x00", r"\x9b2J\x7f\x00"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_what_is_printed_is_shown_and_codes_of_rich_are_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    with showing("stdout"):
        print("\x1b[2Jx", flush=True)
        console().print("[bold]loud[/]")
        assert is_redrawn()
    print("\x1b[2Jy")
    assert screen.getvalue() == "\\x1b[2Jx\n\x1b[1mloud\x1b[0m\n\x1b[2Jy\n"


EVIL = "\x1b[31m[b]\x07"


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--dry-run", "dataset=array", f"dataset.path={EVIL}.npz"),
        ("train", "--dry-run", "dataset=array", "dataset.path=mine.npz"),
        ("train", "--dry-run", "dataset=images", f"dataset.path={EVIL}"),
        ("train", f"{EVIL}=1"),
        ("train", f"dataset={EVIL}"),
        ("train", "--resume", EVIL),
        ("runs", EVIL),
        ("runs", "--where", EVIL, "."),
        ("compare", EVIL),
        ("evaluate", f"{EVIL}.npz", "dataset=ring"),
        ("evaluate", "mine.npz", "--dataset", "ring"),
        ("sample", EVIL, "--checkpoint", EVIL),
        ("describe", f"dataset={EVIL}"),
        (EVIL,),
        ("train", f"--{EVIL}"),
    ],
)
def test_no_name_from_outside_reaches_the_terminal_as_it_is(
    gan: Command, words: tuple[str, ...]
) -> None:
    np.savez("mine.npz", **{EVIL: np.zeros(3), "b": np.zeros(3)})
    Path(EVIL).mkdir()
    Path(EVIL, f"{EVIL}.png").write_bytes(b"")
    status, out, err = gan(*words)
    assert status in (0, 2, 4)
    assert r"\x1b[31m[b]\x07" in out + err
    assert "\x1b" not in out + err
    assert "\x07" not in out + err
