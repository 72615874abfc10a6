"""Why Hydra refuses overrides, in one sentence that names the nearest valid choice."""

import re
from collections.abc import Callable, Sequence

from hydra.core.config_loader import ConfigLoader
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.types import Override
from hydra.errors import MissingConfigException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import GrammarParseError

from gan_cli import several
from gan_cli.composition.choices import instead, own_data
from gan_cli.composition.experiment_defaults import GROUPS
from gan_cli.composition.file_settings import only_choice_with
from gan_cli.composition.overrides import as_typed, quoted
from gan_cli.composition.translations import translated
from gan_cli.composition.unknown_keys import unknown
from gan_cli.errors import UsageError, alike, nearest
from gan_cli.keys import SEVERAL, flat, keys

Compose = Callable[[list[str]], DictConfig]


def refusal(
    loader: ConfigLoader, parsed: Sequence[Override], compose: Compose, error: Exception
) -> UsageError:
    """The error for overrides that do not compose.

    It blames the first override that does not compose with those before it. Choices of groups go
    before values, whatever their order, as they do in Hydra.

    Args:
        loader: knows the groups and their options.
        parsed: the overrides.
        compose: composes overrides; raises what Hydra and OmegaConf raise.
        error: what composing all of them raised.
    """
    lines: list[str] = []
    config = compose(lines)
    for override in sorted(parsed, key=lambda o: not loader.get_group_options(o.key_or_group)):
        lines.append(str(override.input_line))
        try:
            config = compose(lines)
        except Exception as cause:
            return UsageError(_explanation(loader, config, override, cause))
    return UsageError(_reason(loader, error, config))


def _explanation(
    loader: ConfigLoader, config: DictConfig, override: Override, error: Exception
) -> str:
    """Why an override cannot be applied to a configuration."""
    key, line, value = override.key_or_group, as_typed(override), override.value()
    if override.is_sweep_override():
        text = quoted(line.partition("=")[0], line.partition("=")[2])
        return (
            f"{line}: Hydra's own settings cannot be swept. "
            f'A text with commas belongs in quotes: "{text}"'
        )
    choices = loader.get_group_options(key)
    if choices and not override.is_add() and key.partition("/")[0] not in GROUPS:
        hint = alike(key, GROUPS) or f"A group of your own is added: +{line}"
        return f"{line}: {key} is no group of gan's. {hint}"
    wrong = [v for v in (value if isinstance(value, list) else [value]) if v not in choices]
    if override.package is not None and choices:
        return f"{line}: a choice is written without @: {_without_package(loader, override)}"
    if override.is_delete() and key in SEVERAL:
        return f"{line}: a group cannot be taken away. For none at all: {key}=[]."
    if override.is_delete() and key.partition(".")[0] in SEVERAL:
        group = key.partition(".")[0]
        return (
            f"{line}: {key} was not chosen by name. "
            f"{group}=[NAME,...] chooses others, {group}=[] none."
        )
    if isinstance(value, dict) and value and key in SEVERAL:
        settings = [f" {key}.{name}={own!s}" for name, own in flat(value)]
        return f"{line}: choices stand in a list: {key}=[{','.join(value)}]{''.join(settings)}"
    if isinstance(value, dict) and value and choices:
        own = {f"{key}.{name}": each for name, each in flat(value)}
        told = next(filter(None, (unknown(each, config, loader) for each in own)), None)
        typed = " ".join(f"{each}={shown!s}" for each, shown in own.items())
        return told or f"{line}: its settings are written one by one: {typed}"
    names = several.values(line.partition("=")[2])
    if len(names) > 1 and key not in SEVERAL and {*names} <= {*choices}:
        each = several.sweep(key, names)
        return f"{line}: only one {key} can be chosen. For a run with each: {each}"
    if choices and wrong and not override.is_delete():
        return f"{line}: no such {key}. {instead(loader, key, wrong[0], choices)}"
    if override.is_add() and (choices or OmegaConf.select(config, key) is not None):
        return f"{line}: {key} is there already. Leave out the +."
    if "/" in key and not choices:
        return f"{key}: no such group. {nearest(key, _groups(loader, key))}"
    node = OmegaConf.select(config, key, throw_on_missing=False)
    if isinstance(node, DictConfig) and not isinstance(value, dict) and key.startswith("hydra."):
        return (
            f"{line}: {key} is a group of settings. {nearest('', [f'{key}.{k!s}' for k in node])}"
        )
    wrong_key = None if choices or override.is_add() else unknown(key, config, loader)
    if wrong_key and key == "dataset.path" and (data := own_data(str(value), loader)):
        return f"{wrong_key} {data}"
    if wrong_key and (meant := only_choice_with(loader.repository, key, str(value))):
        return f"{wrong_key} Write {meant}"
    return wrong_key or f"{line}: {_reason(loader, error, config)}"


def _without_package(loader: ConfigLoader, override: Override) -> str:
    """The choice of a group, or of one player's, that is written as GROUP@PLACE=NAME in Hydra."""
    group, place = override.key_or_group, (override.package or "").replace(".", "/")
    is_one = override.value() in loader.get_group_options(place)
    return f"{place if is_one else group}={override.value()}"


def _groups(loader: ConfigLoader, key: str) -> list[str]:
    """The groups beside `key`, or the outermost ones where there are none."""
    parent = key.rpartition("/")[0]
    groups = loader.get_group_options
    beside = [f"{parent}/{name}" for name in groups(parent, ObjectType.GROUP)]
    return beside or [name for name in groups("", ObjectType.GROUP) if name != "hydra"]


def _reason(loader: ConfigLoader, error: Exception, config: DictConfig) -> str:
    """An error of Hydra's or OmegaConf's in one line, without the latter's annotations.

    Args:
        loader: knows the groups and their options.
        error: the error.
        config: what was composed before, whose keys may have been meant.
    """
    if isinstance(error, MissingConfigException):
        group, _, missing = (error.missing_cfg_file or "").rpartition("/")
        valid = nearest(missing, error.options or loader.get_group_options(group))
        return f"it chooses {group}={missing}, and there is no such {group}. {valid}"
    if isinstance(error.__cause__ or error, GrammarParseError):
        return (
            "${ begins a reference, such as ${k}, and this one cannot be read. "
            "Where a text holds these characters, write \\${."
        )
    if type(error.__cause__ or error) is KeyError:
        return f"there is no {error.__cause__ or error}."
    lines = str(error.__cause__ or error).splitlines()
    holder = getattr(error.__cause__ or error, "full_key", None) or "it"
    if lines and (file := re.fullmatch(r"In '(.+)': \w+ raised while composing config:", lines[0])):
        holder, lines = f"a setting in {file[1]}.yaml", lines[1:]
    if lines and (why := translated(lines[0], holder, keys(config))):
        return why
    told = [line.strip() for line in lines if not re.match(r" *(full_key|\w+_type)[:=]", line)]
    reason = " ".join(told).rstrip(".") or type(error).__name__
    return reason if reason.endswith("?") else f"{reason}."
