"""What the terminal is sent: codes where it may be, and whole words."""

import io

import pytest

from gan_cli.console import console, folded, is_redrawn


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
