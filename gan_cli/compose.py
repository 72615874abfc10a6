"""Composition of configurations by Hydra, with every mistake turned into one clear sentence."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra._internal.hydra import Hydra
from hydra._internal.utils import create_config_search_path
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.object_type import ObjectType
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import MissingConfigException, OverrideParseException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from gan_cli.errors import UsageError, nearest

CONFIG_NAME = "config"


class Member(NamedTuple):
    """One run of a command: the overrides that make it, and the configuration they compose to."""

    overrides: list[str]
    config: DictConfig


def conf_directory() -> Path:
    """Where the configuration files are: inside an installed package, beside one in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "conf"
    return inside if inside.is_dir() else here.parent / "conf"


@contextlib.contextmanager
def hydra(config_dir: Path | None = None) -> Iterator[Hydra]:
    """A Hydra over the package's configuration files and, after them, the user's.

    A file of the user's with the name of one of the package's is not used, as in all of Hydra.

    Args:
        config_dir: a directory of the user's own configuration files.

    Raises:
        UsageError: if that directory does not exist.
    """
    search_path = create_config_search_path(str(conf_directory()))
    if config_dir is not None:
        if not config_dir.is_dir():
            raise UsageError(f"--config-dir {config_dir}: no such directory.")
        search_path.prepend(
            "command-line", f"file://{config_dir.resolve()}", SearchPathQuery(provider="schema")
        )
    GlobalHydra.instance().clear()
    try:
        yield Hydra.create_main_hydra2("gan", search_path)
    finally:
        GlobalHydra.instance().clear()


def compose(program: Hydra, overrides: Sequence[str], mode: RunMode = RunMode.RUN) -> DictConfig:
    """Composes one configuration, Hydra's own part included.

    Args:
        program: see `hydra`.
        overrides: Hydra overrides, without sweeps.
        mode: RUN, or MULTIRUN for what a sweep's members have in common.

    Raises:
        UsageError: naming the override that is wrong and the nearest valid choice or key.
    """
    parsed = _parse(program, overrides)
    for override in parsed:
        if mode == RunMode.RUN and override.is_sweep_override():
            raise UsageError(
                f"{override.input_line}: several values need -m (one run each); "
                "a list is written in brackets, a text in quotes."
            )
    try:
        return _composed(program, overrides, mode)
    except Exception as error:  # Hydra refuses some overrides with ValueError or AssertionError
        raise UsageError(_refusal(program, parsed, mode) or _reason(error)) from error


def mode(program: Hydra, overrides: Sequence[str]) -> RunMode | None:
    """Whether the overrides themselves ask for a single run or a sweep (hydra.mode=...)."""
    try:
        chosen: RunMode | None = program.get_mode(CONFIG_NAME, list(overrides))
    except Exception:  # whatever is wrong, `compose` says it
        return None
    return chosen


def members(program: Hydra, overrides: Sequence[str]) -> list[Member]:
    """Every run of a sweep, composed; for a sweeper that searches, one point of its space.

    Raises:
        UsageError: naming the first member that does not compose, and why.
    """
    sweeper = compose(program, overrides, RunMode.MULTIRUN).hydra.sweeper
    params = [f"{key}={value}" for key, value in (sweeper.get("params") or {}).items()]
    parsed = _parse(program, [*params, *overrides])
    if sweeper._target_.endswith(".BasicSweeper"):
        _check_finite(program, parsed)
        [lines] = BasicSweeper.split_arguments(parsed, None)
    else:
        lines = [[line for override in parsed if (line := _point(override)) is not None]]
    swept = {override.get_key_element() for override in parsed if override.is_sweep_override()}
    found = []
    for number, member in enumerate(lines):
        chosen = [line for line in member if line.split("=")[0] in swept]
        try:
            found.append(Member(chosen, compose(program, member)))
        except UsageError as error:
            raise UsageError(f"{name_member(number, chosen)}: {error}") from error
    return found


def _check_finite(program: Hydra, parsed: Sequence[Override]) -> None:
    """Refuses a swept override without values, or with more than can be listed."""
    for override in parsed:
        key, line = override.key_or_group, override.input_line
        if override.is_sweep_override() and not override.is_discrete_sweep():
            raise UsageError(
                f"{line}: needs a sweeper that searches. "
                f"Without one, list the values: {key}=1,2 or {key}=range(1,3)."
            )
        if override.is_sweep_override() and not list(override.sweep_string_iterator()):
            choices = program.config_loader.get_group_options(key)
            valid = f" {nearest('', choices)}" if choices else ""
            raise UsageError(f"{line}: matches nothing.{valid}")


def _point(override: Override) -> str | None:
    """A searched override at one point of its range, or None where its default has to do."""
    if not override.is_sweep_override():
        return str(override.input_line)
    if not override.is_discrete_sweep():
        return None
    first = next(iter(override.sweep_string_iterator()))
    return f"{override.get_key_element()}={first}"


def name_member(number: int, overrides: Sequence[str]) -> str:
    """How an error names a member of a sweep."""
    return f"member {number} ({' '.join(overrides) or 'no overrides'})"


def _composed(program: Hydra, overrides: Sequence[str], mode: RunMode) -> DictConfig:
    """The configuration; raises what Hydra and OmegaConf raise, for a run unknown ${...} too."""
    config: DictConfig = program.compose_config(CONFIG_NAME, list(overrides), mode)
    for key in config if mode == RunMode.RUN else ():
        if key != "hydra" and OmegaConf.is_config(config[key]):
            OmegaConf.to_container(config[key], resolve=True)
    _ = config.hydra.run.dir, config.hydra.sweep.dir
    return config


def _parse(program: Hydra, overrides: Sequence[str]) -> list[Override]:
    try:
        parser = OverridesParser.create(config_loader=program.config_loader)
        parsed: list[Override] = parser.parse_overrides(list(overrides))
    except OverrideParseException as error:
        raise UsageError(_unparsable(error.override)) from error
    for override in parsed:
        if not override.key_or_group:
            raise UsageError(_unparsable(override.input_line))
    return parsed


def _unparsable(line: str | None) -> str:
    return f"{line!r} is not an override: write key=value, such as k=5 or dataset=mnist."


def _refusal(program: Hydra, parsed: Sequence[Override], mode: RunMode) -> str | None:
    """What is wrong with the first override that does not compose with those before it.

    Choices of groups go before values, whatever their order, as they do in Hydra.
    """
    options = program.config_loader.get_group_options
    lines: list[str] = []
    config = _composed(program, lines, mode)
    for override in sorted(parsed, key=lambda o: not options(o.key_or_group)):
        lines.append(str(override.input_line))
        try:
            config = _composed(program, lines, mode)
        except Exception as error:
            return _explanation(program, config, override, error)
    return None


def _explanation(program: Hydra, config: DictConfig, override: Override, error: Exception) -> str:
    """Why an override cannot be applied to a configuration."""
    key, line, value = override.key_or_group, override.input_line, override.value()
    if override.is_sweep_override():
        return f"{line}: Hydra's own settings cannot be swept."
    choices = program.config_loader.get_group_options(key)
    wrong = [v for v in (value if isinstance(value, list) else [value]) if v not in choices]
    if choices and wrong and not override.is_delete():
        return f"{line}: no such {key}. {nearest(str(wrong[0]), choices)}"
    if override.is_add() and (choices or OmegaConf.select(config, key) is not None):
        return f"{line}: {key} is there already. Leave out the +."
    if "/" in key and not choices:
        return f"{key}: no such group. {nearest(key, _groups(program, key))}"
    unknown = None if choices or override.is_add() else _unknown(config, key)
    return unknown or f"{line}: {_reason(error)}"


def _unknown(config: DictConfig, key: str) -> str | None:
    """What is wrong with a dotted key, or None where the configuration has it."""
    node: Any = config
    path = ""
    for part in key.split("."):
        if not OmegaConf.is_dict(node):
            return f"{key}: no such setting. {path[:-1]} is a single value."
        names = {str(name) for name in node.keys()}  # noqa: SIM118  (`in` leaves out nulls)
        if part not in names:
            known = names - {"name", "hydra"} | (set() if path else {"experiment"})
            return f"{path}{part}: no such setting. " + nearest(
                f"{path}{part}", {f"{path}{name}" for name in known}
            )
        node, path = node._get_node(part), f"{path}{part}."
    return None


def _groups(program: Hydra, key: str) -> list[str]:
    """The groups beside `key`, or the outermost ones where there are none."""
    options = program.config_loader.get_group_options
    parent = key.rpartition("/")[0]
    beside = [f"{parent}/{name}" for name in options(parent, ObjectType.GROUP)]
    return beside or [name for name in options("", ObjectType.GROUP) if name != "hydra"]


def _reason(error: Exception) -> str:
    """An error of Hydra's or OmegaConf's in one line, without the latter's annotations."""
    if isinstance(error, MissingConfigException):
        missing = (error.missing_cfg_file or "").rpartition("/")[2]
        return f"{str(error).splitlines()[0]}. {nearest(missing, error.options or [])}"
    lines = str(error.__cause__ or error).splitlines()
    told = [line.strip() for line in lines if not re.match(r" *(full_key|\w+_type)[:=]", line)]
    return f"{' '.join(told).rstrip('.') or type(error).__name__}."
