"""What the file of an experiment says in vain, with what to write instead."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition import experiment_defaults
from gan_cli.composition.experiment_defaults import CHOSEN, EXPERIMENT, choice, written
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL

GLOBAL = "_global_"


def check(file: ConfigResult, path: str) -> None:
    """Refuses settings that stand in the wrong package, choices in vain, and empty mappings.

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
    experiment_defaults.check(file.defaults_list or (), name)
    values = cast(dict[str, Any], OmegaConf.to_container(settings))
    for key, value, right in _by_value(values):
        raise UsageError(
            f"{name}: '{key}: {written(value)}' chooses nothing there. "
            f"A file chooses in its defaults: '- {right}'."
        )
    for key in empty({k: value for k, value in values.items() if k != "hydra"}):
        raise UsageError(f"{name}: '{key}: {{}}' changes nothing. {_instead(key)}")


def _by_value(values: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Each key and value by which settings choose something, with the choice as defaults have it.

    Such as `objective: wgan`, or `name: wgan` below `objective`.
    """
    for group in CHOSEN:
        key = group.replace("/", ".")
        value = _at(values, key)
        if not isinstance(value, Mapping):
            yield key, value, choice(group, value)
        elif "name" in value and group not in SEVERAL:
            yield f"{key}.name", value["name"], choice(group, value["name"])
    for key in SEVERAL:
        for component, own in _at(values, key).items():
            if isinstance(own, Mapping) and "name" in own:
                yield f"{key}.{component}.name", own["name"], choice(key, [own["name"] or "NAME"])


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
        return f"For none at all, write '- {choice(key, None)}' in its defaults."
    return "Leave it out."


def _at(values: Mapping[str, Any], key: str) -> Any:
    """What stands under a dotted key; an empty mapping where there is nothing."""
    found: Any = values
    for part in key.split("."):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found
