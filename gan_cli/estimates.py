"""D's own estimates of divergences, and what is said of one that is too low to be a divergence."""

import math
from collections.abc import Iterable

TAG = "divergence/"
"""What the tags of the estimates begin with."""

LEAST = {"gan": -math.log(4)}
"""The least value of what D estimates, by the name in the tag, where it is not 0."""

MARK = "*"
REASON = (
    "below 0, which no divergence is: there D does worse than one that says the same of everything"
)
DESCRIPTION = (
    "D's own estimate of this divergence. It is the divergence where D is at its optimum; a value "
    f"{REASON}."
)


def is_too_low(tag: str, value: object) -> bool:
    """Whether a scalar is an estimate that lies below every value of what it estimates."""
    if not tag.startswith(TAG) or not isinstance(value, float | int):
        return False
    return value < LEAST.get(tag.removeprefix(TAG), 0.0)


def marked(text: str, tag: str, value: object) -> str:
    """A number as text, with the mark that `explained` explains where it is too low."""
    return f"{text}{MARK}" if is_too_low(tag, value) else text


def explained(cells: Iterable[str]) -> list[str]:
    """The line below a table that explains the mark, if any of the table's cells has one."""
    return [f"{MARK} {REASON}."] if any(cell.endswith(MARK) for cell in cells) else []
