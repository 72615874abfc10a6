"""The lines of a YAML file: where a setting stands, and what its comment says and lists."""

import re
from collections.abc import Iterable, Iterator

KEY = re.compile(r"( *)(\w+):(?: [^#]*)?(?:# *(.*))?")
NAME = r"\w+(?: \([^)]*\))?"
LIST = re.compile(rf"({NAME}(?:, {NAME})*),? or ({NAME})(?=$|[,;]| on\b| with\b)")
"""Such as `relu (the usual one), tanh or silu`, where the last one ends the sentence."""


def comments(lines: Iterable[str]) -> dict[str, str]:
    """The comment beside each dotted key of a YAML file, empty where there is none."""
    return {key: comment for key, _, comment in _keys(lines)}


def line_numbers(lines: Iterable[str]) -> dict[str, int]:
    """The number of the line, from 1, of each dotted key of a YAML file."""
    return {key: number for key, number, _ in _keys(lines)}


def _keys(lines: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Each dotted key that a line begins with, the line's number, and the comment beside it."""
    outer: list[tuple[int, str]] = []
    for number, match in enumerate(map(KEY.fullmatch, lines), 1):
        if match:
            outer = [(indent, key) for indent, key in outer if indent < len(match[1])]
            outer.append((len(match[1]), match[2]))
            yield ".".join(key for _, key in outer), number, match[3] or ""


def alternatives(comment: str, value: str) -> list[str]:
    """The choices that a comment lists, if `value` is one of them; none where it lists none."""
    for listed in LIST.finditer(comment):
        parts = [*re.split(r", (?![^(]*\))", listed[1]), listed[2]]
        names = [name.partition(" ")[0] for name in parts]
        if value in (*names, "auto"):
            return names
    return []
