"""A table of texts on standard output, or one block a row where the terminal is too narrow."""

import functools
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from rich.cells import cell_len
from rich.text import Text

from gan_cli.console import console, folded, printable
from gan_cli.narrow import line_width

UNIT = re.compile(r"(?<=\d) (?=(?:bytes|[KMGTP]iB)\b)")
"""The space between a number and its unit, at which no line is broken."""
TOGETHER = "\ue000"
"""What stands in the place of such a space while lines are broken; no printable text holds it."""

GAP = 2
"""The number of spaces between two columns."""


def show_table(
    columns: Mapping[str, Literal["left", "right"]],
    rows: Iterable[Sequence[str]],
    *,
    spare: str | None = None,
) -> None:
    """Prints rows below the names of their columns; no word is ever broken, so it can be copied.

    A pipe or a file without a width gets one line a row. Elsewhere cells are folded between words,
    and where that is not enough each row becomes a block with a line for each of its cells.

    Args:
        columns: the name and the alignment of each column.
        rows: the cells of each row, in the columns' order.
        spare: a column that is left out where the table has no room for it.
    """
    rows = list(rows)
    cells = [[UNIT.sub(TOGETHER, printable(cell)) for cell in row] for row in rows]
    names = [printable(name) for name in columns]
    natural = [_widest(column, str.splitlines) for column in _columns(names, cells)]
    least = [_widest(column, str.split) for column in _columns(names, cells)]
    room = line_width() - GAP * (len(names) - 1)
    if spare in names and sum(least) > room:
        at = names.index(spare)
        if sum(least) - least[at] <= room + GAP:
            fewer = {name: side for name, side in columns.items() if name != spare}
            show_table(fewer, [[*row[:at], *row[at + 1 :]] for row in rows])
            return
    if sum(least) > room:
        _show_blocks(names, cells)
        return
    widths = _fitted(natural, least, room)
    sides = list(columns.values())
    head = _lines(names, sides, widths, at_bottom=True)
    console().print(Text("\n".join(head), "bold"))
    for row in cells:
        print("\n".join(_lines(row, sides, widths)))


def _lines(
    cells: Sequence[str],
    sides: Sequence[Literal["left", "right"]],
    widths: Sequence[int],
    *,
    at_bottom: bool = False,
) -> list[str]:
    """The lines of a row, whose cells are folded to the widths of their columns."""
    parts = [_folded(cell, width) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, parts))
    blanks = [[""] * (height - len(part)) for part in parts]
    filled = [
        blank + part if at_bottom else part + blank
        for part, blank in zip(parts, blanks, strict=True)
    ]
    lines = []
    for texts in zip(*filled, strict=True):
        spaces = [" " * (w - cell_len(text)) for w, text in zip(widths, texts, strict=True)]
        padded = [
            f"{text}{space}" if side == "left" else f"{space}{text}"
            for text, space, side in zip(texts, spaces, sides, strict=True)
        ]
        lines.append((" " * GAP).join(padded).rstrip())
    return lines


def _folded(cell: str, width: int) -> list[str]:
    """A cell in lines; line breaks of its own stay, and no word is broken."""
    fold = functools.partial(
        textwrap.wrap, width=max(width, 1), break_long_words=False, break_on_hyphens=False
    )
    parts = [part for line in cell.splitlines() for part in fold(line)] or [""]
    return [part.replace(TOGETHER, " ") for part in parts]


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[name, *(row[i] for row in rows)] for i, name in enumerate(names)]


def _widest(texts: Sequence[str], split: Callable[[str], list[str]]) -> int:
    """The width of the widest part of some texts."""
    return max((cell_len(part) for text in texts for part in split(text)), default=0)


def _fitted(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """The widths of columns: as wide as their texts, or as wide as there is room for."""
    spare = room - sum(least)
    wanted = sum(natural) - sum(least)
    if wanted <= spare:
        return list(natural)
    return [low + (high - low) * spare // wanted for high, low in zip(natural, least, strict=True)]


def _show_blocks(names: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    labels = [name.replace("\n", "") for name in names]
    margin = max(map(cell_len, labels)) + GAP
    first = ""
    for number, row in enumerate(rows):
        if number:
            print()
        first = row[0] or first  # a table tells it once, in the uppermost of several rows
        for label, text in zip(labels, [first, *row[1:]], strict=True):
            if text:
                print("\n".join(folded(label, text, margin)).replace(TOGETHER, " "))


def count(number: int, noun: str) -> str:
    """Such as "1 run" or "2 runs"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"
