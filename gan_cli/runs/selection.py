"""Which runs are meant: by conditions such as status=completed, and by age such as 30d."""

import math
import operator
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from gan_cli.errors import UsageError, nearest
from gan_cli.runs.settings import written
from gan_cli.runs.summary import STATUSES

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CONDITION = re.compile(r"([^<>=!]+)(!=|<=|>=|==?|<|>)(.*)", re.DOTALL)
AND = re.compile(r"\s+and\s+|\s*&+\s*|\s*,\s*", re.IGNORECASE)
"""What people write between two conditions."""
ENDED = "ended"
STATUS = "status"
DAMAGED = "damaged"
"""The status of a run whose summary cannot be read."""
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Condition(NamedTuple):
    """What a run has to meet, such as fid/value < 50."""

    key: str
    sign: str
    value: str

    def holds(self, known: Mapping[str, Any]) -> bool:
        """Whether a run meets it.

        Args:
            known: what is known of the run by its keys. Two numbers are compared as numbers, all
                else as text, of which none is less than another. A run without the key meets
                `!=` alone.
        """
        if self.key not in known:
            return self.sign == "!="
        have, want = number(known[self.key]), number(self.value)
        if have is None or want is None:
            text = written(known[self.key])
            same = self.value in (text, text.removeprefix("[").removesuffix("]"))
            return {"=": same, "!=": not same}.get(self.sign, False)
        return OPERATORS[self.sign](have, want)


def condition(text: str) -> Condition:
    """Reads a condition.

    Raises:
        UsageError: if it has no sign between a key and a value.
    """
    match = CONDITION.fullmatch(text)
    parts = [part.strip() for part in AND.split(text)]
    if len(parts) > 1 and all(map(CONDITION.fullmatch, parts)):
        each = shlex.join([word for part in parts for word in ("--where", part)])
        raise UsageError(f"--where {text}: each condition is an option of its own: {each}")
    if match is None:
        raise UsageError(
            f"--where {text}: must be a key, one of = != < <= > >=, and a value, such as "
            f"dataset=ring, status!=completed or 'fid/value<50' (in quotes)."
        )
    key, sign, value = (part.strip() for part in match.groups())
    value = _moment(text, value) if key == ENDED else value
    if key == STATUS and value not in (statuses := (*STATUSES, DAMAGED)):
        raise UsageError(f"--where {text}: no such status. {nearest(value, statuses)}")
    if sign not in ("=", "==", "!=") and number(value) is None:
        raise UsageError(f"--where {text}: '{value}' is no number, which {sign} compares with.")
    return Condition(key, "=" if sign == "==" else sign, value)


def _moment(text: str, value: str) -> str:
    """The seconds since 1970 of a date such as 2026-11-01, or of a date with a time."""
    if number(value) is not None:
        return value
    try:
        return str(datetime.fromisoformat(value).timestamp())
    except ValueError as error:
        raise UsageError(
            f"--where {text}: '{value}' is no date such as 2026-11-01 or 2026-11-01T18:30."
        ) from error


def seconds(text: str) -> float:
    """The seconds of an age such as 90m, 12h, 30d or 2w.

    Raises:
        UsageError: for what is no number with one of those letters.
    """
    count = number(text[:-1])
    if text[-1:] not in SECONDS or count is None or not 0 <= count < float("inf"):
        raise UsageError(
            f"--older-than {text}: must be a number with s, m, h, d or w, such as 30d."
        )
    return count * SECONDS[text[-1]]


def number(value: Any) -> float | None:
    """A value as a number; None for what is none, such as true or nan."""
    try:
        found = None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
    return None if found is None or math.isnan(found) else found
