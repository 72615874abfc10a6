"""The terminal as the user wants it: with colours or plain, redrawn or line by line."""

import contextlib
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TextIO

from rich.console import Console

NOT_REDRAWN = ("dumb", "unknown")
"""Terminals, by TERM, that show text alone, such as an editor's."""


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor, changes its colours or turns its text around."""


def printable(text: str) -> str:
    """A text with control characters, but for tabs and the ends of lines, as Python writes them."""
    return CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)


class Printable:
    """A stream that shows control characters in what is printed, as in the names of files.

    Rich, which sends codes of its own, looks for `rich_proxied_file` and prints past it.
    """

    def __init__(self, stream: TextIO) -> None:
        self.rich_proxied_file = stream

    def write(self, text: str) -> int:
        return self.rich_proxied_file.write(printable(text))

    def writelines(self, lines: Iterable[str]) -> None:
        self.write("".join(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rich_proxied_file, name)


@contextlib.contextmanager
def showing(name: Literal["stdout", "stderr"]) -> Iterator[None]:
    """Shows control characters in all that is printed to a standard stream."""
    before = getattr(sys, name)
    setattr(sys, name, Printable(before))
    try:
        yield
    finally:
        setattr(sys, name, before)


def below(stream: TextIO) -> TextIO:
    """The stream that takes codes as well as text."""
    return stream.rich_proxied_file if isinstance(stream, Printable) else stream


def console(stream: TextIO | None = None) -> Console:
    """A console that prints to a stream, standard output by default.

    Where NO_COLOR is set to any text it prints no codes at all, bold and dim letters included.
    """
    plain = bool(os.environ.get("NO_COLOR"))
    system = None if plain else "auto"
    return Console(
        file=below(stream or sys.stdout),
        highlight=False,
        soft_wrap=True,
        color_system=system,  # type: ignore[arg-type]
    )


def is_redrawn(stream: TextIO | None = None) -> bool:
    """Whether a stream, standard output by default, is a terminal that can redraw a line."""
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") not in NOT_REDRAWN


def width() -> int:
    """The width of the terminal in characters; $COLUMNS, where it is set, decides."""
    return shutil.get_terminal_size().columns


def folded(label: str, text: str, margin: int) -> list[str]:
    """A text in lines that fit the terminal, beside a label; a word is never broken.

    Args:
        label: what stands before the first line.
        text: the text.
        margin: where the text begins, in characters from the left.
    """
    lines = textwrap.wrap(
        text, max(width() - margin, 1), break_long_words=False, break_on_hyphens=False
    )
    starts = [label.ljust(margin), *[" " * margin] * len(lines)]
    return [f"{start}{line}" for start, line in zip(starts, lines or [""], strict=False)]
