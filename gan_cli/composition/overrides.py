"""Overrides as a person writes them after `gan train`: key=value, with + or ~ in front."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, cast

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, QuotedString
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.sizes import check_override

INTERPOLATION, ESCAPED = "${", "\\,"
BRACKETS = r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}"
QUOTED = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
FUNCTION = re.compile(r"[a-z_]+\(")
ELEMENT = re.compile(rf"\s*({QUOTED}|(?:{BRACKETS}|\\,|[^,])*+)\s*(?:,|\Z)")
"""One value of several: a quoted text, or whatever stands before a comma outside of brackets."""

SUFFIX = re.compile(r"\.yaml(?=[\s,'\"\])]|\Z)")
"""The ending of a file's name, at the end of a value or of one of several."""


class Kind(NamedTuple):
    """What a setting may be.

    text: whether it is a text.
    optional: whether it is a text or null.
    """

    text: bool
    optional: bool = False


def key_of(line: str) -> str:
    """The key or group that an override sets."""
    return line.lstrip("+~").partition("=")[0]


def typed(config: DictConfig) -> list[str]:
    """The overrides of a configuration, in which each ${...} stands as it was typed."""
    return cast(list[str], OmegaConf.to_container(config.hydra.overrides.task, resolve=False))


def as_typed(override: Override) -> str:
    """An override as it was typed, without the quotes that make Hydra read it so."""
    text = override._value
    if not isinstance(text, QuotedString):
        return str(override.input_line)
    return f"{str(override.input_line).partition('=')[0]}={text.text}"


def by_name(line: str, is_group: Callable[[str], bool]) -> str:
    """An override in which a choice that is written as a file, such as mine.yaml, is its name.

    Args:
        line: an override.
        is_group: tells whether a key is that of a group of choices.
    """
    key, equals, value = line.partition("=")
    return f"{key}={SUFFIX.sub('', value)}" if equals and is_group(key_of(line)) else line


def is_key(text: str) -> bool:
    """Whether Hydra takes a text for the key or group of an override."""
    read = _parsed(text, "x")
    return read is not None and bool(read.key_or_group)


def quoted(key: str, text: Path | str) -> str:
    """An override that sets a key to a text such as a path, whatever characters it holds."""
    before_a_quote = r"(\\+)(?='|\Z)"  # Hydra takes all other backslashes as they are
    escaped = re.sub(before_a_quote, r"\1\1", str(text)).replace("'", "\\'")
    return f"{key}='{escaped}'"


def literal(line: str, kind_of: Callable[[str], Kind], *, swept: bool = False) -> str:
    """The override whose value Hydra reads as it was typed.

    A text is quoted where Hydra would read something else, unless it is Hydra's own: a quoted text,
    `null` for a setting that may be null, and ${...}. What is no text is quoted only where Hydra
    cannot read it, so that the load can say what it must be.

    Args:
        line: an override.
        kind_of: tells what a setting may be.
        swept: whether a comma separates several values, and functions such as glob(*) are Hydra's.

    Raises:
        UsageError: if it is too large to be read.
    """
    check_override(line)
    key, equals, value = line.partition("=")
    if not equals or not key or key.startswith("~"):
        return line
    whole = _parsed(key, value)
    if not swept or (whole and not whole.is_sweep_override() and ESCAPED not in value):
        return _element(key, value, whole, kind_of)
    own = INTERPOLATION in value or ESCAPED in value or FUNCTION.match(value)
    if whole and (own or not kind_of(key_of(line)).text):
        return line
    values = [_element(key, each, _parsed(key, each), kind_of) for each in _elements(value)]
    return f"{key}={','.join(each.partition('=')[2] for each in values)}"


def _element(key: str, value: str, read: Override | None, kind_of: Callable[[str], Kind]) -> str:
    """An override of one value, quoted where Hydra would not read it as it was typed."""
    if read is None:
        return quoted(key, value) if is_key(key) else f"{key}={value}"
    found = read._value
    if isinstance(found, QuotedString) or INTERPOLATION in value or found == value:
        return f"{key}={value}"
    kind = kind_of(key_of(key))
    is_null = found is None and value == "null" and kind.optional
    return quoted(key, value) if kind.text and not is_null else f"{key}={value}"


def _elements(value: str) -> list[str]:
    """The values between commas, in which an escaped comma is a comma."""
    found, start = [], 0
    while match := ELEMENT.match(value, start):
        found.append(match[1].strip().replace(ESCAPED, ","))
        if match.end() == len(value) and not match[0].endswith(","):
            break
        start = match.end()
    return found


def _parsed(key: str, value: str) -> Override | None:
    """The override as Hydra reads it; None where it cannot."""
    try:
        return OverridesParser.create().parse_override(f"{key}={value}")
    except HydraException:
        return None
