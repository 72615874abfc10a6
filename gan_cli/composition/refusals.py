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
from gan_cli.composition.overrides import as_typed, is_key, quoted
from gan_cli.composition.translations import translated
from gan_cli.composition.unknown_keys import choice_named, unknown
from gan_cli.errors import UsageError, alike, nearest
from gan_cli.keys import SEVERAL, ending_with, flat, keys, namesakes
from gan_cli.players import for_each

AROUND_EQUALS = r"[^\s=]+(?: = ?| ?= )[^\s=]+"
AFTER_COMMA = r"[^\s=]+=[^\s=]*,(?: [^\s=]+,)* [^\s=]+"

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


def split_up(lines: Sequence[str]) -> UsageError | None:
    """The error for spaces around an equals sign or after a comma; None where there are none.

    Args:
        lines: what was typed, such as steps, = and 20.
    """
    found = re.search(rf"(?<!\S)(?:{AROUND_EQUALS}|{AFTER_COMMA})(?!\S)", " ".join(lines))
    if not found:
        return None
    return UsageError(f"{found[0]}: write it without spaces: {found[0].replace(' ', '')}")


def several_values(override: Override, config: DictConfig, loader: ConfigLoader) -> UsageError:
    """The error for several values where there is a single run.

    Args:
        override: what was typed.
        config: any configuration.
        loader: knows the groups and their options.
    """
    line, key = str(override.input_line), override.key_or_group
    chosen = "." in key or loader.get_group_options(key)
    if told := None if chosen else unknown(key, config, loader):
        return UsageError(told)
    typed = line.partition("=")[2]
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})*,000", typed):
        number = typed.replace(",", "")
        return UsageError(f"{line}: a number is written without commas: {key}={number}")
    if key in SEVERAL and re.fullmatch(r"\w+(,\w+)+", typed):
        return UsageError(
            f"{line}: one run with all of them is {key}=[{typed}], and a run with each of them is "
            f"-m {line}"
        )
    point = f" With a decimal point: {key}={decimal}" if (decimal := _decimal(line, config)) else ""
    return UsageError(
        f"{line}: several values need -m (one run each); "
        f"a list is written in brackets, a text in quotes.{point}"
    )


def _decimal(line: str, config: DictConfig) -> str:
    """The number that was typed with a decimal comma, as in ema=0,99; empty where there is none."""
    key, _, value = for_each([line])[0].partition("=")
    found = re.fullmatch(r"([-+]?\d+),(\d+(?:[eE][-+]?\d+)?)", value)
    if found is None:
        return ""
    usual = OmegaConf.select(config, key)
    is_below_one = not isinstance(usual, int) and int(found[1]) == 0
    is_decimal = isinstance(usual, float) or is_below_one or re.match(r"0\d", found[2])
    return f"{found[1]}.{found[2]}" if is_decimal else ""


def unparsable(line: str | None, loader: ConfigLoader, config: DictConfig) -> UsageError:
    """The error for a text that is no override, with the override that may have been meant.

    Args:
        line: the text.
        loader: knows the groups and their options.
        config: any configuration.
    """
    key, equals, value = (line or "").partition("=")
    fewer = several.without_needless_commas(value)
    if equals and is_key(key) and fewer not in (value, ""):
        told = "a comma stands between two values, and one here has none beside it."
        return UsageError(f"{line}: {told} Write {key}={fewer}")
    if equals and is_key(key):
        return UsageError(f"{line}: the value cannot be read. A text belongs in quotes.")
    meant = _meant(line or "", loader, config)
    hint = f" Did you mean '{meant}'?" if meant else ""
    if not hint and not equals and (own := own_data(key, loader)):
        hint = f" {own}"
    if key and equals:
        return UsageError(f"{line}: '{key}' cannot be the name of a setting.{hint}")
    return UsageError(
        f"{line!r} is not an override: write key=value, such as k=5 or dataset=mnist.{hint}"
    )


def _meant(line: str, loader: ConfigLoader, config: DictConfig) -> str | None:
    """The override that a text such as --k=3, k:3, k 3, k or wgan stands for, or None."""
    found = re.fullmatch(r"-*([\w./-]+?)(?:\s*[=:\s]\s*(\S.*))?", line)
    if not found:
        return None
    named = namesakes(found[1], config) or ending_with(found[1], config)
    if found[2] and named:
        return f"{named[0]}={found[2]}"
    alone = [] if found[2] else namesakes(found[1], config)
    return choice_named(found[1], loader) or (f"{alone[0]}=VALUE" if alone else None)


def check_finite(loader: ConfigLoader, parsed: Sequence[Override]) -> None:
    """Refuses a swept override without values, or with more values than can be listed."""
    for override in filter(Override.is_sweep_override, parsed):
        key, line = override.key_or_group, override.input_line
        if not override.is_discrete_sweep():
            raise UsageError(
                f"{line}: needs a sweeper that searches. "
                f"Without one, list the values: {key}=1,2 or {key}=range(1,3)."
            )
        if not any(True for _ in override.sweep_string_iterator()):
            choices = loader.get_group_options(key)
            valid = f" {nearest('', choices)}" if choices else ""
            raise UsageError(f"{line}: matches nothing.{valid}")


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
