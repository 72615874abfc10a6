"""Several values of one setting as people write them, such as {1,5} or 0-4, and as a sweep does."""

import re
import shlex
from collections.abc import Sequence

LISTED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
FROM_TO = re.compile(r"(\d{1,9})\s*(?:-|\.{2,3})\s*(\d{1,9})")
MOST = 10_000
"""Nobody means a run for each of more whole numbers."""
FEW = 12
"""More whole numbers in a row than this are written as a range."""
NEEDLESS = re.compile(r",\s*(?=[,\])}]|\Z)|(?:(?<=[\[({])|\A)\s*,")
"""A comma at an end, or before another one."""


def values(text: str) -> list[str]:
    """The values in a text such as {1,5}, (1,5), [1,5], 1,5, 0-4 or 1..5; none where it is one."""
    text = text.strip()
    if found := FROM_TO.fullmatch(text):
        first, last = map(int, found.groups())
        return [*map(str, range(first, last + 1))] if first < last <= first + MOST else []
    inside = text[1:-1] if LISTED.fullmatch(text) else text
    is_list = inside != text or ("," in text and not re.search(r"[\[\](){}'\"]", text))
    return [word for each in inside.split(",") if (word := each.strip())] if is_list else []


def sweep(key: str, each: Sequence[str]) -> str:
    """What a sweep of some values is called with, such as -m k=1,5."""
    numbers = [int(value) for value in each if value.isdecimal() and str(int(value)) == value]
    in_a_row = numbers == [*range(numbers[0], numbers[0] + len(each))] if numbers else False
    is_range = in_a_row and len(each) > FEW
    written = f"range({numbers[0]},{numbers[-1] + 1})" if is_range else ",".join(each)
    return f"-m {shlex.quote(f'{key}={written}')}"


def without_needless_commas(text: str) -> str:
    """A text such as 0,1, or 1,,5 in which a value stands on both sides of every comma."""
    return NEEDLESS.sub("", text)
