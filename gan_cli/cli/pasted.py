"""What pasting leaves in a command line: a prompt, a second `gan`, a break within a line."""

import re
import shlex
from collections.abc import Sequence

NAME = "gan"
PROMPTS = ("$", "%", "\N{HEAVY RIGHT-POINTING ANGLE QUOTATION MARK ORNAMENT}")
BREAK = re.compile(r"\\+|\s+")
"""The word that a backslash leaves which breaks no line: doubled, or before a space."""
AFTER_BREAK = re.compile(r"\s+[\w.]+=.*", re.DOTALL)
"""A setting behind such a backslash, which is a part of the word."""


def meant(told: str, words: Sequence[str]) -> str | None:
    """What to say in place of an error that blames what was pasted; None for other errors.

    Args:
        told: the error.
        words: what was typed after `gan`.
    """
    return _twice(told, words) or _broken(told, words)


def _twice(told: str, words: Sequence[str]) -> str | None:
    """The command line without a prompt and a second `gan` in front of it."""
    names = (NAME, *PROMPTS)
    count = next((place for place, word in enumerate(words) if word not in names), 0)
    if not count or not told.startswith(f"No such command '{words[0]}'"):
        return None
    line = shlex.join([NAME, *words[count:]])
    if NAME in words[:count]:
        return f"'{NAME}' stands there twice: {line}"
    return f"'{words[0]}' is the prompt of a shell and no part of the command: {line}"


def _broken(told: str, words: Sequence[str]) -> str | None:
    """The command line in one line, where an error blames what a backslash left."""
    has_settings = any("=" in word for word in words)
    left = [
        word
        for word in words
        if AFTER_BREAK.fullmatch(word) or (BREAK.fullmatch(word) and (word.strip() or has_settings))
    ]
    if not any(repr(word) in told or told.startswith(f"{word}: ") for word in left):
        return None
    rest = (word.lstrip() if word in left else word for word in words if not BREAK.fullmatch(word))
    line = shlex.join([NAME, *rest])
    return f"A backslash breaks a line only as its last character. In one line: {line}"
