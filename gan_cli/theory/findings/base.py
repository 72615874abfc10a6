"""The form in which every experiment shows what it found, and how its numbers become text."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

DIGITS = 6


class Findings(NamedTuple):
    """What an experiment found.

    numbers: the numbers by name, for programs. They may be NumPy's, and infinite.
    lines: the same in words and tables, for people.
    pictures: encoded pictures by file name.
    """

    numbers: dict[str, Any]
    lines: list[str]
    pictures: dict[str, bytes]


def number(estimate: tuple[float, float], digits: int = DIGITS) -> str:
    """Writes a number without digits that its error makes meaningless.

    Args:
        estimate: the number and its error.
        digits: the most significant digits to write.
    """
    value, error = estimate
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if error > 0:
        digits = min(digits, max(1, _exponent(value) - _exponent(error) + 1))
    return f"{value:.{digits}g}"


def table(align: str, *rows: Sequence[str]) -> Iterable[str]:
    """Writes rows of cells as lines with two spaces between columns.

    Args:
        align: `<` or `>` for each column: whether it is flush left or right.
        rows: the cells of each row.
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, align, widths, strict=True)
        yield "  ".join(f"{cell:{side}{width}}" for cell, side, width in cells).rstrip()


def yes(answer: bool) -> str:
    """Says yes or no."""
    return "yes" if answer else "no"


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))
