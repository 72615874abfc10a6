"""The terminal as the user wants it: with colours or plain, redrawn or line by line."""

import os
import shutil
import sys
import textwrap
from typing import TextIO

from rich.console import Console

NOT_REDRAWN = ("dumb", "unknown")
"""Terminals, by TERM, that show text alone, such as an editor's."""


def console(stream: TextIO | None = None) -> Console:
    """A console that prints to a stream, standard output by default.

    Where NO_COLOR is set to any text it prints no codes at all, bold and dim letters included.
    """
    plain = bool(os.environ.get("NO_COLOR"))
    system = None if plain else "auto"
    return Console(file=stream, highlight=False, soft_wrap=True, color_system=system)  # type: ignore[arg-type]


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
