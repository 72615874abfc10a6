"""Dashes, quotes and spaces as slides and web pages have them, in the place of a keyboard's."""

import re
import shlex
from collections.abc import Sequence

DASHES = "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
QUOTES = (
    "\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}"
    "\N{DOUBLE LOW-9 QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
    "\N{SINGLE LOW-9 QUOTATION MARK}"
)
SPACE = "\N{NO-BREAK SPACE}"

AROUND = re.compile(rf"^[{QUOTES}]+|[{QUOTES}]+$|(?<==)[{QUOTES}]+|[{QUOTES}]+(?==)")
"""Quotes at the ends of a word, and beside its equals sign; within a word they may be meant."""


def typed(word: str) -> str:
    """A word as it is typed on a keyboard, such as --tag for one that begins with a long dash."""
    plain = AROUND.sub("", word.replace(SPACE, " ")).strip()
    name = plain.lstrip(f"{DASHES}-")
    if not name or not set(plain[: -len(name)]) & set(DASHES):
        return plain if plain else word
    return f"{'-' if len(name) == 1 else '--'}{name}"


def line(words: Sequence[str], told: str) -> list[str]:
    """The command line as it is typed on a keyboard, where an error shows what cannot be typed.

    Args:
        words: what was typed after `gan`.
        told: the error.

    Returns:
        Its words; none where no other dashes or quotes are the cause.
    """
    plain = [*map(typed, words)]
    odd = {
        character for word in words for character in word if character in DASHES + QUOTES + SPACE
    }
    is_cause = plain != [*words] and any(character in told for character in odd)
    return plain if is_cause else []


def advice(plain: Sequence[str]) -> str:
    """What to say of a command line that has been typed on a keyboard."""
    return f"With the dashes, quotes and spaces of a keyboard: gan {shlex.join(plain)}"
