"""Overrides as Hydra reads them, refused with the one that was meant."""

import itertools
import re
from collections.abc import Sequence

from hydra._internal.hydra import Hydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import OverrideParseException
from hydra.types import RunMode
from omegaconf import DictConfig

from gan_cli import several
from gan_cli.composition.unreadable import split_up, unparsable
from gan_cli.errors import UsageError
from gan_cli.keys import ending_with, namesakes

CONFIG_NAME = "config"
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)


def parse(program: Hydra, overrides: Sequence[str]) -> list[Override]:
    """Reads overrides.

    Raises:
        UsageError: naming the first that is none, and what may have been meant.
    """
    try:
        parser = OverridesParser.create(config_loader=program.config_loader)
        parsed: list[Override] = parser.parse_overrides(list(overrides))
    except OverrideParseException as error:
        raise _no_override(program, overrides, error.override) from error
    for override in parsed:
        if not override.key_or_group:
            raise _no_override(program, overrides, override.input_line)
    return parsed


def setting(program: Hydra, word: str) -> str | None:
    """The dotted key, or the group, that a word stands for; None where it stands for none."""
    usual = _usual(program)
    return next(iter(namesakes(word, usual) or ending_with(word, usual)), None)


def _no_override(program: Hydra, lines: Sequence[str], line: str | None) -> UsageError:
    usual = _usual(program)
    if told := _apart(program, lines, line):
        return told
    return split_up(lines) or unparsable(_whole(lines, line, usual), program.config_loader, usual)


def _apart(program: Hydra, lines: Sequence[str], line: str | None) -> UsageError | None:
    """The error for values that stand apart, as in k=1 5; None where they are none of the same."""
    place = lines.index(line) if line in lines else 0
    key, equals, first = lines[place - 1].partition("=") if place else ("", "", "")
    others = [*itertools.takewhile(lambda word: "=" not in word, lines[place:])]
    values = [value for word in (first, *others) for value in several.values(word) or [word]]
    choices = program.config_loader.get_group_options(key) if equals else []
    if not (equals and others and ({*values} <= {*choices} or all(map(NUMBER.fullmatch, values)))):
        return None
    sweep = several.sweep(key, values)
    return UsageError(f"{' '.join([lines[place - 1], *others])}: for a run with each: {sweep}")


def _whole(lines: Sequence[str], line: str | None, config: DictConfig) -> str:
    """A text that is no override, with the value that follows a key without an equals sign."""
    following = dict(itertools.pairwise(lines)).get(line or "", "=")
    value = "" if "=" in following or not namesakes(line or "", config) else f" {following}"
    return f"{line or ''}{value}"


def _usual(program: Hydra) -> DictConfig:
    """What is composed without overrides."""
    config: DictConfig = program.compose_config(CONFIG_NAME, [], RunMode.RUN)
    return config
