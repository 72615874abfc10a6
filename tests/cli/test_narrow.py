"""The help of every command: in a narrow terminal what is to be typed is never broken."""

from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest
import typer

from gan_cli.cli import app


def commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


ROOT = typer.main.get_command(app)
ALL = sorted(commands(ROOT))


@pytest.mark.parametrize("path", ALL, ids=map(" ".join, ALL))
def test_what_is_to_be_typed_is_whole(
    path: tuple[str, ...], gan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    status, out, err = gan(*path, "--help")
    assert (status, err, "\x1b" in out, "\u2026" in out) == (0, "", False, False)
    command: Any = ROOT
    for name in path:
        command = command.commands[name]
    names = [option for each in command.params for option in each.opts if option.startswith("-")]
    names += [each.metavar for each in command.params if each.metavar]
    assert [name for name in [*names, *getattr(command, "commands", ())] if name not in out] == []


@pytest.mark.parametrize("path", [(), ("train",), ("data", "list"), ("theory", "figure1")])
def test_what_takes_no_value_shows_no_type(
    path: tuple[str, ...], gan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, out, _ = gan(*path, "--help")
    assert (status, "bool" in out, "--help" in out) == (0, False, True)


@pytest.mark.parametrize("colour", ["", "1"])
@pytest.mark.parametrize("path", [(), ("data",), ("theory",)], ids=["gan", "data", "theory"])
def test_a_list_of_commands_has_whole_summaries(
    path: tuple[str, ...],
    colour: str,
    gan: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", colour)
    out = gan(*path, "--help").out
    command: Any = ROOT
    for name in path:
        command = command.commands[name]
    assert "..." not in out.partition("Commands:")[2]
    told = " ".join(out.split())
    wanted = [each.help.split("\n\n")[0] for each in command.commands.values()]
    assert [each for each in wanted if " ".join(each.split()) not in told] == []
