"""How the file of an experiment chooses in its defaults, and what chooses nothing there."""

import json
from collections.abc import Iterable
from typing import Any

from hydra.core.default_element import GroupDefault, InputDefault

from gan_cli.errors import UsageError
from gan_cli.keys import NOTHING, SEVERAL

EXPERIMENT = "experiment"
PLAYERS = ("optimizer/discriminator", "optimizer/generator")
CHOSEN = ("architecture", "dataset", *SEVERAL, "objective", "optimizer", *PLAYERS)
"""The groups in which a file chooses in its defaults alone."""
GROUPS = (*sorted({group.partition("/")[0] for group in CHOSEN} | {EXPERIMENT}), "hydra")
"""The groups of this package; a user's own can be added to them."""


def check(defaults: Iterable[InputDefault], file: str) -> None:
    """Refuses what Hydra looks for below experiment/, or adds to what was chosen before.

    Args:
        defaults: the defaults of a file, as Hydra reads them.
        file: how the user knows it.

    Raises:
        UsageError: naming the file and what to write in it.
    """
    for each in defaults:
        group, value = _group_and_value(each)
        line, right = _line(each), _right(each, group, value)
        if right and line != right:
            raise UsageError(f"{file}: '- {line}' in its defaults must be '- {right}'.")
        if right and group not in SEVERAL and isinstance(value, list) and len(value) > 1:
            raise UsageError(f"{file}: '- {line}': only one {group} can be chosen.")


def choice(group: str, value: Any) -> str:
    """A choice as the defaults of a file write it, such as `override /regularizer: [r1]`."""
    nothing = group in SEVERAL and str(value).lower() in NOTHING
    needed = value is None and group in CHOSEN
    chosen = "[]" if nothing else "NAME" if needed else written(value)
    return f"override /{group}: {chosen}"


def written(value: Any) -> str:
    """A value as YAML writes it in one line."""
    return json.dumps(value).replace('"', "")


def _group_and_value(default: InputDefault) -> tuple[str, Any]:
    """What is chosen from which group; `/objective/wgan` names the file itself."""
    if isinstance(default, GroupDefault):
        return str(default.group).lstrip("/"), default.value
    group, _, name = str(getattr(default, "path", "")).lstrip("/").rpartition("/")
    return group, name


def _line(default: InputDefault) -> str:
    """A default as the file writes it."""
    if not isinstance(default, GroupDefault):
        return str(getattr(default, "path", ""))
    word = "override " if default.override else "optional " if default.optional else ""
    return f"{word}{default.group}: {written(default.value)}"


def _right(default: InputDefault, group: str, value: Any) -> str | None:
    """How such a choice is written; None for whatever else stands in defaults."""
    line = _line(default)
    if group == EXPERIMENT:
        return line if line == f"/{EXPERIMENT}/{value}" else str(value)
    if default.package is None and (group in CHOSEN or group.startswith("hydra/")):
        return choice(group, value)
    return None
