"""The lines of a YAML file: where a setting stands, and what its comment says and lists."""

import re
from collections.abc import Iterable, Iterator

import yaml

KEY = re.compile(r"( *)(\w+):(?: [^#]*)?(?:# *(.*))?")
NAME = r"\w+(?: \([^)]*\))?"
LIST = re.compile(rf"({NAME}(?:, {NAME})*),? or ({NAME})(?=$|[,;]| on\b| with\b)")
"""Such as `relu (the usual one), tanh or silu`, where the last one ends the sentence."""


def comments(lines: Iterable[str]) -> dict[str, str]:
    """The comment beside each dotted key of a YAML file, empty where there is none."""
    found: dict[str, str] = {}
    outer: list[tuple[int, str]] = []
    for match in filter(None, map(KEY.fullmatch, lines)):
        outer = [(indent, key) for indent, key in outer if indent < len(match[1])]
        outer.append((len(match[1]), match[2]))
        found[".".join(key for _, key in outer)] = match[3] or ""
    return found


def line_numbers(text: str) -> dict[str, int]:
    """The number of the line, from 1, of each dotted key of a YAML file."""
    return dict(_numbered(yaml.compose(text, Loader=yaml.SafeLoader), ""))


def _numbered(node: yaml.Node | None, within: str) -> Iterator[tuple[str, int]]:
    """Each dotted key below a node with its line, also where several keys share a line."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        whole = f"{within}{key.value}"
        yield whole, key.start_mark.line + 1
        yield from _numbered(value, f"{whole}.")


def alternatives(comment: str, value: str) -> list[str]:
    """The choices that a comment lists, if `value` is one of them; none where it lists none."""
    for listed in LIST.finditer(comment):
        parts = [*re.split(r", (?![^(]*\))", listed[1]), listed[2]]
        names = [name.partition(" ")[0] for name in parts]
        if value in (*names, "auto"):
            return names
    return []
