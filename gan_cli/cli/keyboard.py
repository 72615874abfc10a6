"""Dashes, quotes and spaces as slides and web pages have them, in the place of a keyboard's."""

import os
import re
import shlex
from collections.abc import Collection, Iterator, Sequence

import typer

from gan_cli.cli.called import called

DASHES = "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
QUOTES = (
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{SINGLE LOW-9 QUOTATION MARK}"
)
SPACES = (
    "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{HAIR SPACE}"
    "\N{EN SPACE}\N{EM SPACE}\N{IDEOGRAPHIC SPACE}"
)
UNSEEN = (
    "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
    "\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}"
    "\N{LEFT-TO-RIGHT EMBEDDING}\N{POP DIRECTIONAL FORMATTING}"
)
"""What has no width, as in words that a page may break."""

AROUND = re.compile(rf"^[{QUOTES}]+|[{QUOTES}]+$|(?<==)[{QUOTES}]+|[{QUOTES}]+(?==)")
"""Quotes at the ends of a word, and beside its equals sign; within a word they may be meant."""
SIGN = re.compile(rf"(?:(?<![\w.\])])|(?<=[\d.][eE]))[{DASHES}](?=\.?\d|inf\b)")
"""The dash before a number, or in its exponent; between two numbers it may mean a range."""
THOUSANDS = re.compile(rf"(?<=\d)[{SPACES}](?=\d{{3}}(?!\d))")
"""The space between the thousands of a number, of which one types the digits alone."""
SETTING = re.compile(r"[+~]*[A-Za-z_][\w./@]*=.*")


def typed(word: str) -> str:
    """A word as it is typed on a keyboard, such as --tag for one that begins with a long dash."""
    digits = THOUSANDS.sub("", re.sub(f"[{UNSEEN}]", "", word))
    seen = re.sub(f"[{SPACES}]", " ", digits)
    plain = SIGN.sub("-", AROUND.sub("", seen).strip())
    rest = plain.lstrip(f"{DASHES}-")
    dashes = plain[: len(plain) - len(rest)]
    if not rest or not dashes:
        return plain or word
    name, equals, value = rest.partition("=")
    if {*dashes} & {*DASHES}:
        dashes = "-" if len(rest) == len(dashes) == 1 else "--"
    return f"{dashes}{re.sub(f'[{DASHES}]', '-', name)}{equals}{value}"


def line(words: Sequence[str], told: str, app: typer.Typer) -> list[str]:
    """The command line as it is typed on a keyboard, where an error shows what cannot be typed.

    Args:
        words: what was typed after `gan`.
        told: the error.
        app: the application, which knows the commands and their options.

    Returns:
        Its words; none where no other dashes, quotes or spaces are the cause.
    """
    odd = {each for word in words for each in word if each in DASHES + QUOTES + SPACES + UNSEEN}
    if not any(each in told or repr(each)[1:-1] in told for each in odd):
        return []
    commands = {*_commands(typer.main.get_command(app))}
    plain = [part for word in words for part in _parts(word, commands)]
    options = called(app, plain).options
    plain = [word if word in words else _known(word, options) for word in plain]
    return plain if plain != [*words] else []


def advice(plain: Sequence[str]) -> str:
    """What to say of a command line that has been typed on a keyboard."""
    return f"With the dashes, quotes and spaces of a keyboard: gan {shlex.join(plain)}"


def _parts(word: str, commands: Collection[str]) -> list[str]:
    """The words that spaces of another kind hold together, such as two settings.

    What belongs to neither a setting, an option nor a command is a part of the word before it.
    """
    if any(map(os.path.lexists, (word, word.partition("=")[2]))):
        return [word]
    found: list[str] = []
    for part in filter(None, map(typed, re.split(f"[{SPACES}]+", THOUSANDS.sub("", word)))):
        if not found or _begins(part, commands) or found[-1] in commands or _takes(found[-1]):
            found.append(part)
        else:
            found[-1] += f" {part}"
    return found if found and _begins(found[0], commands) else [typed(word)]


def _begins(part: str, commands: Collection[str]) -> bool:
    """Whether a part of a word is a setting, an option or a command."""
    return part in commands or part[:1] == "-" or SETTING.fullmatch(part) is not None


def _takes(part: str) -> bool:
    """Whether a value may follow, as after --tag."""
    return part[:1] == "-" and "=" not in part and " " not in part


def _known(word: str, options: Collection[str]) -> str:
    """An option of one letter with as many dashes as the command has it with."""
    name = word.lstrip("-")
    other = f"-{name}" if word[:2] == "--" else f"--{name}"
    is_other = len(name) == 1 and word not in options and other in options
    return other if is_other and word[:1] == "-" else word


def _commands(group: object) -> Iterator[str]:
    """The names of all commands, those of groups among them."""
    for name, command in getattr(group, "commands", {}).items():
        yield name
        yield from _commands(command)
