"""Values that need quotes or options of their own: a name with spaces, --tag a,b, --tag a b."""

import os
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

OUT = "--out"
"""The option whose value may name what there is not yet."""
PLACES = ("dir", "path", "root")
"""What the last part of a setting is called that holds a path."""


def meant(told: str, words: Sequence[str], options: Mapping[str, Any]) -> str | None:
    """What to say in place of an error that blames a part of a value; None for other errors.

    Args:
        told: the error.
        words: what was typed after `gan`.
        options: the command's options by name.
    """
    place = _blamed(told, words)
    if not place:  # or the command itself
        return None
    name, value, first = _value(words, place)
    option = options.get(name)
    if getattr(option, "multiple", False) and "," in value and all(value.split(",")):
        line = _line(words, first, place, [each for v in value.split(",") for each in (name, v)])
        return f"{name} {value}: each is an option of its own: {line}"
    if found := _existing(words, place):
        return f"A name with spaces belongs in quotes: {found}"
    before, held, first = _value(words, place - 1)
    if not held or _stands_alone(words[place]):
        return None
    if (last := _closing(words, first, place)) is not None:
        line = _line(words, first, last, ["".join(words[first : last + 1])])
        return f"A list is written without spaces: {line}"
    last = _end(words, place)
    parts = [held, *words[place : last + 1]]
    if before.rpartition(".")[2] in PLACES:
        line = _line(words, first, last, [f"{before}={' '.join(parts)}"])
        return f"A path with spaces belongs in quotes: {line}"
    if getattr(options.get(before), "multiple", False):
        line = _line(words, first, last, [each for part in parts for each in (before, part)])
    elif before == OUT:
        line = _line(words, first, last, [before, " ".join(parts)])
    else:
        return None
    return f"{told} If it belongs to {before}, write: {line}"


def _blamed(told: str, words: Sequence[str]) -> int | None:
    """The place of the word that an error begins with, alone or behind its option."""
    for place, word in enumerate(words):
        name, value, first = _value(words, place)
        names = [word, repr(word), *([f"{name} {value}"] if first < place or "=" in word else [])]
        if told.startswith(tuple(f"{each}{end}" for each in names for end in (": ", " is "))):
            return place
    return None


def _value(words: Sequence[str], place: int) -> tuple[str, str, int]:
    """The option or the setting whose value a word holds, the value, and where both begin."""
    word, before = words[place], words[place - 1] if place else ""
    name, equals, value = word.partition("=")
    if equals:
        return name, value, place
    if before[:1] == "-" and "=" not in before and word[:1] != "-":
        return before, word, place - 1
    return "", "", place


def _existing(words: Sequence[str], place: int) -> str | None:
    """The command line with quotes around the words that together name what there is."""
    for first in range(max(place - 3, 1), place + 1):
        for last in range(len(words) - 1, max(place, first + 1) - 1, -1):
            whole = " ".join(words[first : last + 1])
            value = whole.partition("=")[2] if "=" in words[first] else ""
            if _is_there(whole) or _is_there(value):
                return _line(words, first, last, [whole])
    return None


def _closing(words: Sequence[str], first: int, place: int) -> int | None:
    """The last word of a list that one word opens and a later one closes; None without a list."""
    for last in range(place, len(words)):
        whole = "".join(words[first : last + 1])
        if "[" in words[first] and whole.count("[") == whole.count("]"):
            return last
    return None


def _end(words: Sequence[str], place: int) -> int:
    """The last of the words from one on that are nothing by themselves."""
    following = range(place + 1, len(words))
    return next((each for each in following if _stands_alone(words[each])), len(words)) - 1


def _stands_alone(word: str) -> bool:
    """Whether a word means something without those beside it."""
    return word[:1] == "-" or "=" in word or word == "latest" or _is_there(word)


def _is_there(name: str) -> bool:
    return os.path.exists(name)  # noqa: PTH110  (a Path raises an error for a very long name)


def _line(words: Sequence[str], first: int, last: int, instead: Sequence[str]) -> str:
    """The whole command line with other words from one place to another, to be pasted."""
    return shlex.join(["gan", *words[:first], *instead, *words[last + 1 :]])
