"""Whole numbers that were typed with points or marks, such as 20.000, 20'000 and 1e3."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gan_cli.composition.overrides import key_of
from gan_cli.errors import UsageError
from gan_cli.players import for_each

REFUSED = re.compile(r"([\w.]+)=.*: must be a whole number(, without point or exponent)?(.*)\.")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"\d{1,3}(?:([.'\N{RIGHT SINGLE QUOTATION MARK} ])\d{3})(?:\1\d{3})*")
"""A number in groups of three digits, with one mark between them."""


@contextmanager
def told_as_typed(lines: Sequence[str]) -> Iterator[None]:
    """Tells a whole number that is refused meanwhile as an override gave it; see `as_typed`."""
    try:
        yield
    except UsageError as error:
        if told := as_typed(str(error), lines):
            raise UsageError(told) from error
        raise


def as_typed(told: str, lines: Sequence[str]) -> str | None:
    """An error about a whole number with what was typed, and with the numbers it may stand for.

    Args:
        told: the error.
        lines: the overrides as they were typed.

    Returns:
        None for other errors, and where no override gave the number.
    """
    found = REFUSED.fullmatch(told)
    given = [line for line in for_each(lines) if found and key_of(line) == found[1]]
    if found is None or not given:
        return None
    key, hint, end = found.groups(default="")
    typed = given[-1].partition("=")[2].strip("'\"")
    if grouped := THOUSANDS.fullmatch(typed):
        whole = typed.replace(grouped[1], "")
        between = f"{whole} if '{grouped[1]}' stands between thousands"
        hint = hint or ", in digits alone"
        end = f"{end}, or {between}" if end else f": {between}"
        return f"{key}={typed}: must be a whole number{hint}{end}."
    is_number = hint and NUMBER.fullmatch(typed)
    return f"{key}={typed}: must be a whole number{hint}{end}." if is_number else None
