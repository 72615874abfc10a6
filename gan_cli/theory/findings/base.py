"""The form in which every experiment shows what it found, and how its numbers become text."""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

DIGITS = 6
WHOLE = 1e9
"""Below it a number is written out, without an exponent."""
LEAST_PERCENT = 1e-4  # the least percentage that is written as a number


class Expected(NamedTuple):
    """A number that was found, beside the one that the theory gives.

    statement: what the number is, in a few words, with its unit.
    expected: the number that the theory gives, or a bound that it gives.
    found: what was found, and the error that it states: of the quadrature, the standard error of
        the samples, or 0.
    within: how far the two may lie apart for the statement to hold.
    relation: what the number found should be: "=" the one expected, or "<=" or ">=".
    """

    statement: str
    expected: float
    found: tuple[float, float]
    within: float = 0.0
    relation: Literal["=", "<=", ">="] = "="

    @property
    def error(self) -> float:
        """How far the number lies from where the theory has it, 0 if within a bound."""
        value = self.found[0]
        if value == self.expected:  # both may be infinite
            return 0.0
        above = value - self.expected
        allowed = {"=": False, "<=": above < 0, ">=": above > 0}
        return 0.0 if allowed[self.relation] else abs(above)

    @property
    def holds(self) -> bool:
        """Whether what was found agrees with the theory."""
        return self.error <= self.within


class Findings(NamedTuple):
    """What an experiment found.

    numbers: the numbers by name, for programs. They may be NumPy's, and infinite.
    lines: the same in words and tables, for people.
    pictures: encoded pictures by file name.
    expected: every number of it that the theory gives, for the page of `gan theory all`.
    captions: what is drawn, by a picture's file name.
    """

    numbers: dict[str, Any]
    lines: list[str]
    pictures: dict[str, bytes]
    expected: Sequence[Expected] = ()
    captions: Mapping[str, str] = MappingProxyType({})


def number(estimate: tuple[float, float], digits: int = DIGITS) -> str:
    """Writes a number without digits that its error makes meaningless.

    Args:
        estimate: the number and its error.
        digits: the most significant digits to write.
    """
    value, error = estimate
    if value == 0 or not math.isfinite(value):
        return f"{value:zg}"
    if error > 0:
        digits = min(digits, max(1, _exponent(value) - _exponent(error) + 1))
    told = f"{value:.{digits}g}"
    return f"{float(told):.0f}" if "e+" in told and abs(value) < WHOLE else told


def percent(share: float) -> str:
    """Writes a share of at least 0 as a percentage of two digits; none above 0 becomes 0."""
    value = 100 * share
    if 0 < value < LEAST_PERCENT:
        return f"under {LEAST_PERCENT:.4f}%"
    return f"{number((value, 0.0), 2 if value < 99.5 else 3)}%"


def exponential(logarithm: float) -> str:
    """Writes a number that float64 does not hold by its logarithm, such as e^1600."""
    return f"e^{logarithm:.{DIGITS}g}"


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


def counted(count: int, noun: str) -> str:
    """Such as "1 step" or "2,000 steps"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def yes(answer: bool) -> str:
    """Says yes or no."""
    return "yes" if answer else "no"


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))
