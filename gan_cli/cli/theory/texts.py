"""Distributions that are given as text, and numbers as text for people."""

import math
from typing import TYPE_CHECKING

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from gan_cli.divergences.distributions import OnLine
    from gan_cli.divergences.quadrature import Estimate

DIGITS = 6
"""The most significant digits of a number."""


def read(option: str, text: str) -> "OnLine":
    """Reads a distribution on the line.

    Args:
        option: that gave the text, such as --p; errors begin with it.
        text: see `parse`.

    Raises:
        UsageError: naming the option, the text, the place in it, and what would be valid there.
    """
    from gan_cli.divergences import parse

    try:
        return parse(text)
    except UsageError as error:
        raise UsageError(f"{option} {error}") from None


def number(found: "Estimate", digits: int = DIGITS) -> str:
    """A number in significant digits, of which the last is not below its error's first.

    Args:
        found: the number and its error.
        digits: the most that are told.
    """
    value, error = found
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if error > 0:
        digits = min(digits, max(1, _exponent(value) - _exponent(error) + 1))
    return f"{value:.{digits}g}"


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))
