"""How large a YAML text may be, which is known before its values are."""

import re
from typing import Any

import yaml

DIGITS = 308
"""A number of more digits is larger than every number that a computer calculates with."""

DEPTH = 50
VALUES = 100_000
TOO_DEEP = f"its values are nested more than {DEPTH} levels deep"

LONG_NUMBER = re.compile(rf"\d(?:_?\d){{{DIGITS},}}")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def excess(text: str) -> str | None:
    """Why a YAML text is too large to be read; None where it is not.

    What an alias stands for counts wherever it is used: a few lines can stand for billions.
    """
    try:
        return long_number(text) or _too_many(text)
    except yaml.YAMLError:  # which brackets that are very deep are for the parser
        return TOO_DEEP if nesting(text) > DEPTH else None


def nesting(text: str) -> int:
    """How deep brackets are within each other."""
    depth = deepest = 0
    for character in text:
        depth += (character in "[{(") - (character in "]})")
        deepest = max(deepest, depth)
    return deepest


def long_number(text: str) -> str | None:
    """What is wrong with a text that holds a number that is too long; None where none is."""
    found = LONG_NUMBER.search(text)
    if found is None:
        return None
    digits = sum(character.isdigit() for character in found[0])
    return f"a number has {digits:,} digits, and {DIGITS} are allowed"


def _too_many(text: str) -> str | None:
    """Whether the values of a YAML text, or those within each other, are too many."""
    counts: list[int] = [0]
    heights: list[int] = [0]
    names: list[str | None] = [None]
    anchors: dict[str | None, tuple[int, int]] = {}
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            counts.append(1)
            heights.append(0)
            names.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            count, height, name = counts.pop(), heights.pop() + 1, names.pop()
            counts[-1] += count
            heights[-1] = max(heights[-1], height)
            if name is not None:
                anchors[name] = count, height
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in names:
                return f"*{event.anchor} refers to the very value that it is in"
            count, height = anchors.get(event.anchor, (1, 0))
            counts[-1] += count
            heights[-1] = max(heights[-1], height)
        elif isinstance(event, yaml.ScalarEvent):
            counts[-1] += 1
        if len(counts) - 1 + heights[-1] > DEPTH:
            return TOO_DEEP
        if counts[-1] > VALUES:
            return f"it stands for more than {VALUES:,} values, aliases such as *a included"
    return None
