"""Commands that there are not, with the command line that was meant."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from gan_cli.synonyms import closest, same

REFUSED = re.compile(r"No such command '(.+?)'")
SETTING = re.compile(r"[+~]*\w[\w./]*=")
INSTEAD = {
    "gan data fetch NAME": "download fetch",
    "gan runs --delete": "clean delete remove rm",
    "gan theory all": "paper",
    "gan train --cfg job": "cfg conf config settings",
    "gan train --resume RUN": "continue restart restore resume",
    "gan train -m": "multirun sweep",
}
"""Command lines, and what they are called elsewhere."""


def meant(error: Any, command: str, words: Sequence[str]) -> str | None:
    """The command line that was meant by a command that there is not; None where nobody can tell.

    Args:
        error: a usage error of Typer's.
        command: the command that was called, such as gan theory.
        words: the command line, without gan.
    """
    refused = REFUSED.match(error.format_message())
    context = getattr(error, "ctx", None)
    if refused is None or context is None:
        return None
    word = refused[1]
    if command == "gan" and SETTING.match(word):
        return shlex.join(["gan", "train", *words])
    if own := closest(word, [*context.command.commands]):
        return f"{command} {own}"
    named = next((line for line, words in INSTEAD.items() if word in words.split()), None)
    return named or line_of(context.find_root().command, word)


def line_of(root: Any, word: str) -> str | None:
    """The line that calls the command of a name, or of what it is called here, in any group."""
    lines = dict(_lines(root, "gan"))
    name = same(word, lines)
    return lines[name] if name else None


def told(word: str) -> str:
    """A question about the command that a word names; nothing where it names none."""
    import typer

    from gan_cli.cli import app

    line = line_of(typer.main.get_command(app), word)
    return f"Did you mean '{line}'?" if line else ""


def _lines(group: Any, line: str) -> Iterator[tuple[str, str]]:
    """Every command by its name, those of groups after the groups themselves."""
    for name, command in group.commands.items():
        yield name, f"{line} {name}"
        if hasattr(command, "commands"):
            yield from _lines(command, f"{line} {name}")
