"""The parts of a component's docstring: its purpose, explanation, fields and source.

The first line is the purpose, and paragraphs explain it. A line `name: text` or `name, name: text`
gives the meaning of fields and goes on in indented lines. `Source: ...` names the publication.
"""

import dataclasses
import inspect
import re
from typing import Any, NamedTuple


class Docstring(NamedTuple):
    """What a docstring says; a paragraph with indented lines, such as formulas, keeps its lines."""

    purpose: str
    paragraphs: list[str]
    fields: dict[str, str]
    source: str


def read(cls: type[Any]) -> Docstring:
    """Reads the docstring of a dataclass, and the meanings of inherited fields from its bases'."""
    names = {field.name for field in dataclasses.fields(cls)}
    parts = [_parse(_written(base), names) for base in cls.__mro__]
    meanings: dict[str, str] = {}
    for part in reversed(parts):
        meanings |= part.fields
    return parts[0]._replace(fields=meanings)


def _written(cls: type[Any]) -> str:
    """A class's own docstring; the signature that a dataclass gets without one does not count."""
    text = vars(cls).get("__doc__") or ""
    return "" if text.startswith(f"{cls.__name__}(") else inspect.cleandoc(text)


def _parse(text: str, names: set[str]) -> Docstring:
    purpose, _, rest = text.partition("\n")
    paragraphs: list[str] = []
    fields: dict[str, str] = {}
    source = ""
    for part in re.split(rf"\n\s*\n|\n(?=(?:Source|{'|'.join(names)})(?:, \w+)*: )", rest):
        head, colon, tail = part.strip("\n").partition(": ")
        if colon and names.issuperset(head.split(", ")):
            fields |= dict.fromkeys(head.split(", "), " ".join(tail.split()))
        elif colon and head == "Source":
            source = " ".join(tail.split())
        elif head:
            lines = part.strip("\n").splitlines()
            formula = any(line.startswith(" ") for line in lines)
            paragraphs.append(("\n" if formula else " ").join(lines))
    return Docstring(purpose, paragraphs, fields, source)
