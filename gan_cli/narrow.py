"""Sentences and tables that were laid out for a wide terminal, in a narrow one."""

import os
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from itertools import groupby

from gan_cli.console import folded, width

HAND_BROKEN = 66
"""The least length of a line that was broken by hand, so that the next one continues it."""
COMMAND = "gan "
"""What a line to be copied begins with."""
LABELLED = re.compile(r"( *(?:\S+ )*\S+ {2,})(\S+(?: \S+)*)")
"""A label and, after two spaces or more, the text beside it."""
PATH = re.compile(r"(?!.*[,.:;] ).*/")
"""A text with a slash and no end of a clause, as of a file that is named beside a label."""
UNBOUNDED = 10**6
"""The width of what is no terminal: a pipe or a file."""


def line_width() -> int:
    """The width in characters of standard output: a terminal's, or what COLUMNS says it is.

    One rule for all commands: a pipe or a file has no width, and gets lines as long as they are,
    unless COLUMNS gives it one.
    """
    return width() if sys.stdout.isatty() or os.environ.get("COLUMNS") else UNBOUNDED


def fitted(lines: Iterable[str]) -> list[str]:
    """Lines for standard output, laid out anew where the terminal has no room for them.

    Sentences are broken between words, and what stands beside a label stays beside it. A command is
    not broken, so that it can be copied. The rows of a table become blocks with a line for each of
    their cells. Where `line_width` knows of no width the lines stay as they are.
    """
    paragraphs = (list(part) for _, part in groupby(lines, key=bool))
    return [line for paragraph in paragraphs for line in _laid_out(paragraph, line_width())]


def sentences(text: str) -> str:
    """A text for standard output with its sentences broken as by `fitted`.

    A line with several gaps, such as one of progress, stays, and so does a path beside its label.
    """
    lines = [[line] if _stays(line) else fitted([line]) for line in text.splitlines()]
    return "\n".join(part for line in lines for part in line)


def beside(label: str, text: str, margin: int) -> str:
    """A text beside its label, in as many lines as `line_width` makes it.

    Args:
        label: what stands before the first line.
        text: the text.
        margin: where the text begins, in characters from the left.
    """
    if margin + len(text) <= line_width():
        return f"{label:<{margin}}{text}"
    return "\n".join(folded(label, text, margin))


def _stays(line: str) -> bool:
    """Whether a line is laid out by more than a label, or is to be copied."""
    labelled = LABELLED.fullmatch(line)
    return bool(PATH.match(labelled[2])) if labelled else "  " in line.strip()


def _laid_out(lines: list[str], room: int) -> list[str]:
    """A paragraph, which may hold a table: the lines with several gaps, and those between them."""
    if all(len(line) <= room for line in lines):
        return lines
    gaps = [number for number, line in enumerate(lines) if "  " in line.strip()]
    if all(LABELLED.fullmatch(lines[number]) for number in gaps):
        return _sentences(lines, room)
    begin, end = gaps[0], gaps[-1] + 1
    table = lines[begin:end]
    blocks = _blocks(table) if any(len(row) > room for row in table) else table
    return [*_sentences(lines[:begin], room), *blocks, *_sentences(lines[end:], room)]


def _sentences(lines: Iterable[str], room: int) -> list[str]:
    """Sentences broken anew, each beside the label or the spaces that it begins with."""
    found: list[tuple[str, str]] = []
    goes_on = False
    for line in lines:
        bare = line.lstrip(" ")
        start, labelled = line[: len(line) - len(bare)], LABELLED.fullmatch(line)
        if goes_on and not labelled and len(start) == len(found[-1][0]):
            found[-1] = (found[-1][0], f"{found[-1][1]} {bare}")
        else:
            found.append((labelled[1], labelled[2]) if labelled else (start, bare))
        goes_on = len(line) >= HAND_BROKEN and not line.endswith((".", ":"))
    return [part for label, text in found for part in _broken(label, text, room)]


def _broken(label: str, text: str, room: int) -> list[str]:
    """A text in lines of at most `room` characters beside its label, as far as words allow."""
    if text.startswith(COMMAND):
        return [f"{label}{text}"]
    return textwrap.wrap(
        text,
        room,
        initial_indent=label,
        subsequent_indent=" " * (len(label) if len(label) <= room // 2 else 4),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _blocks(table: Sequence[str]) -> list[str]:
    """A table below its head as blocks: each row's first cell, then its others, beside their names.

    A first cell that is told once for several rows is told again.
    """
    (head, *names), *rows = (list(cells) for cells in zip(*_columns(table), strict=True))
    margin = max(map(len, names)) + 4
    told, first = [], ""
    for cell, *others in rows:
        if not any(others):
            told.append(cell)
            continue
        first = cell or first
        told.append(f"{head} {first}".strip())
        for name, text in zip(names, others, strict=True):
            told += folded(f"  {name}", text, margin) if text else []
    return told


def _columns(table: Sequence[str]) -> list[list[str]]:
    """The columns of a table, which two spaces or more part in every row.

    What has no name in the first row belongs to the column before, unless it is the first.
    """
    longest = max(map(len, table))
    padded = [row.ljust(longest) for row in table]
    used = "".join(" " if all(row[at] == " " for row in padded) else "x" for at in range(longest))
    ends = [gap.end() for gap in re.finditer(r"(?<=x) {2,}", used)]
    begins = [0, *(end for end in ends if table[0][end:].strip())]
    return [
        [row[begin:end].strip() for row in padded]
        for begin, end in zip(begins, [*begins[1:], longest], strict=True)
    ]
