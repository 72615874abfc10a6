"""Choices that are written as if they were settings, or several where there can be one."""

import json
from typing import Any

from hydra.core.config_loader import ConfigLoader
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.types import Override

from gan_cli.composition.overrides import as_typed
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL, flat


def check(override: Override, loader: ConfigLoader) -> None:
    """Refuses overrides such as objective.name=wgan, optimizer.generator=sgd or objective=[a,b].

    The name in a configuration says what its settings are of: with another name alone, they would
    be those of another choice. Of several names Hydra would take the last.

    Args:
        override: what was typed.
        loader: knows the groups and their options.

    Raises:
        UsageError: with what to write instead.
    """
    if override.is_delete():
        return
    line, key, value = as_typed(override), override.key_or_group, override.value()
    if isinstance(value, list) and len(value) > 1 and _takes_one(key, loader):
        names = ",".join(map(str, value))
        raise UsageError(
            f"{line}: only one {key} can be chosen. For a run with each: -m {key}={names}"
        )
    typed = override.get_value_string() if override.is_sweep_override() else value
    settings = dict(flat({key: typed}))
    chosen = {each: _choice(each, own, loader) for each, own in settings.items()}
    if any(chosen.values()):
        right = [chosen[each] or f"{each}={_shown(own)}" for each, own in settings.items()]
        raise UsageError(f"{line}: a choice is written {' '.join(right)}")


def _takes_one(group: str, loader: ConfigLoader) -> bool:
    """Whether it is a group of which a run has one choice; several of Hydra's own may be merged."""
    is_group = bool(loader.get_group_options(group, ObjectType.CONFIG))
    return is_group and group not in SEVERAL and not group.startswith("hydra/")


def _choice(key: str, value: Any, loader: ConfigLoader) -> str | None:
    """The override that chooses what a setting names; None where it names no choice."""
    component, _, last = key.rpartition(".")
    is_name = last == "name" and bool(component) and not key.startswith("hydra.")
    path = component if is_name else key
    several, _, within = path.partition(".")
    if is_name and several in SEVERAL and within:
        return f"{several}=[{_shown(value)}]"
    group = path.replace(".", "/")
    is_choice = is_name or (group != path and isinstance(value, str))
    if is_choice and loader.get_group_options(group, ObjectType.CONFIG):
        return f"{group}={_shown(value)}"
    return None


def _shown(value: Any) -> str:
    """A value as it is typed, and NAME in the place of none."""
    if value in (None, "null"):
        return "NAME"
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
