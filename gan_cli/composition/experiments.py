"""What the file of an experiment says in vain, with what to write instead."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, OmegaConf

from gan_cli.errors import UsageError
from gan_cli.keys import NOTHING, SEVERAL

EXPERIMENT = "experiment"
GLOBAL = "_global_"
CHOSEN = ("architecture", "dataset", *SEVERAL, "objective", "optimizer")
"""The groups in which a file chooses in its defaults alone."""
PLAYERS = ("optimizer.discriminator", "optimizer.generator")


def check(file: ConfigResult, path: str) -> None:
    """Refuses settings that stand in the wrong package, choices by value, and empty mappings.

    Args:
        file: the file of an experiment, as Hydra reads it.
        path: its path below the folder of configurations, without its ending.

    Raises:
        UsageError: naming the file and what to write in it.
    """
    name = f"{file.path.removeprefix('file://')}/{path.removesuffix('.yaml')}.yaml"
    settings = file.config if isinstance(file.config, DictConfig) else OmegaConf.create({})
    if (settings or file.defaults_list) and (file.header or {}).get("package") != GLOBAL:
        raise UsageError(
            f"{name}: the first line of an experiment must be '# @package {GLOBAL}'. "
            f"Without it, its settings stand under the name {EXPERIMENT}, where nothing uses them."
        )
    values = cast(dict[str, Any], OmegaConf.to_container(settings))
    for key, value, choice in _by_value(values):
        raise UsageError(
            f"{name}: '{key}: {_written(value)}' chooses nothing there. "
            f"A file chooses in its defaults: '- override {choice}'."
        )
    for key in empty({k: value for k, value in values.items() if k != "hydra"}):
        raise UsageError(f"{name}: '{key}: {{}}' changes nothing. {_instead(key)}")


def _by_value(values: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Each key and value by which settings choose something, with the choice as defaults have it.

    Such as `objective: wgan`, or `name: wgan` below `objective`.
    """
    for key in (*CHOSEN, *PLAYERS):
        value = _at(values, key)
        if not isinstance(value, Mapping):
            yield key, value, _choice(key, value)
        elif "name" in value and key not in SEVERAL:
            yield f"{key}.name", value["name"], _choice(key, value["name"])
    for key in SEVERAL:
        for component, own in _at(values, key).items():
            if isinstance(own, Mapping) and "name" in own:
                yield f"{key}.{component}.name", own["name"], _choice(key, [own["name"] or "NAME"])


def empty(value: Any, key: str = "") -> Iterator[str]:
    """The dotted keys at which a value holds an empty mapping, which changes no setting.

    Args:
        value: a value, or nested settings.
        key: the dotted key of the value itself.
    """
    if value == {} and key:
        yield key
    elif isinstance(value, Mapping):
        for name, within in value.items():
            yield from empty(within, f"{key}.{name}".lstrip("."))


def _instead(key: str) -> str:
    """What to write in the place of an empty mapping."""
    if key in SEVERAL:
        return f"For none at all, write '- override {_choice(key, None)}' in its defaults."
    return "Leave it out."


def _choice(key: str, value: Any) -> str:
    """A choice as the defaults of a file write it, such as /regularizer: [r1]."""
    nothing = key in SEVERAL and str(value).lower() in NOTHING
    chosen = "[]" if nothing else "NAME" if value is None else _written(value)
    return f"/{key.replace('.', '/')}: {chosen}"


def _written(value: Any) -> str:
    return json.dumps(value).replace('"', "")


def _at(values: Mapping[str, Any], key: str) -> Any:
    """What stands under a dotted key; an empty mapping where there is nothing."""
    found: Any = values
    for part in key.split("."):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found
