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
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli.errors import UsageError, nearest

CONFIG_NAME = "config"


class Member(NamedTuple):
    """One run of a command: the overrides that make it, and the configuration they compose to."""

    overrides: list[str]
    config: DictConfig


def conf_directory() -> Path:
    """Where the package's configuration files are: inside an installed package, beside it in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / "conf"
    return inside if inside.is_dir() else here.parent / "conf"


@contextlib.contextmanager
def hydra(config_dir: Path | None = None) -> Iterator[Hydra]:
    """A Hydra over the package's configuration files and, before them, the user's.

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
    try:
        return program.compose_config(CONFIG_NAME, list(overrides), mode, with_log_configuration=False)
    except OverrideParseException as error:
        raise UsageError(_unparsable(error)) from error
    except MissingConfigException as error:
        raise UsageError(_no_such_choice(program, overrides, error)) from error
    except (HydraException, OmegaConfBaseException) as error:
        raise UsageError(_no_such_key(program, overrides, error)) from error


def mode(program: Hydra, overrides: Sequence[str]) -> RunMode | None:
    """Whether the overrides themselves ask for a single run or a sweep (hydra.mode=...)."""
    try:
        chosen: RunMode | None = program.get_mode(CONFIG_NAME, list(overrides))
    except (HydraException, OmegaConfBaseException):
        return None
    return chosen


def members(program: Hydra, overrides: Sequence[str]) -> list[Member]:
    """Every run of a sweep, composed; for a sweeper that searches, one point of the space it searches.

    Raises:
        UsageError: naming the first member that does not compose, and why.
    """
    fixed = [line for line in overrides if not _parse(program, [line])[0].is_sweep_override()]
    shared = compose(program, fixed, RunMode.MULTIRUN)
    sweeper = shared.hydra.sweeper
    params = [f"{key}={value}" for key, value in (sweeper.get("params") or {}).items()]
    parsed = _parse(program, [*params, *overrides])
    if sweeper._target_.endswith(".BasicSweeper"):
        try:
            [lines] = BasicSweeper.split_arguments(parsed, None)
        except HydraException as error:
            raise UsageError(_first_line(error)) from error
    else:
        lines = [[line for override in parsed if (line := _point(override)) is not None]]
    swept = {override.get_key_element() for override in parsed if override.is_sweep_override()}
    found = []
    for number, member in enumerate(lines):
        chosen = [line for line in member if line.split("=")[0] in swept]
        try:
            found.append(Member(chosen, compose(program, member, RunMode.MULTIRUN)))
        except UsageError as error:
            raise UsageError(f"{name_member(number, chosen)}: {error}") from error
    return found


def _point(override: Override) -> str | None:
    """A searched override at one point of its range, or None where its default has to do."""
    if not override.is_sweep_override():
        return override.input_line
    if not override.is_discrete_sweep():
        return None
    first = next(iter(override.sweep_string_iterator()))
    return f"{override.get_key_element()}={first}"


def name_member(number: int, overrides: Sequence[str]) -> str:
    """How an error names a member of a sweep."""
    return f"member {number} ({' '.join(overrides) or 'no overrides'})"


def _parse(program: Hydra, overrides: Sequence[str]) -> list[Override]:
    try:
        parser = OverridesParser.create(config_loader=program.config_loader)
        parsed: list[Override] = parser.parse_overrides(list(overrides))
    except OverrideParseException as error:
        raise UsageError(_unparsable(error)) from error
    return parsed


def _unparsable(error: OverrideParseException) -> str:
    return (
        f"{error.override!r} is not an override: write key=value, such as k=5 or dataset=mnist."
    )


def _no_such_choice(
    program: Hydra, overrides: Sequence[str], error: MissingConfigException
) -> str:
    group, _, choice = (error.missing_cfg_file or "").rpartition("/")
    if not group or not error.options:
        named = ", ".join(o for o in overrides if o.split("=")[0].lstrip("+~") == choice)
        return f"{named or error.missing_cfg_file}: {_first_line(error)}"
    return f"{group}={choice}: no such {group}. {nearest(choice, error.options)}"


def _no_such_key(program: Hydra, overrides: Sequence[str], error: Exception) -> str:
    """What is wrong with the first override whose key no configuration has."""
    parsed = _parse(program, overrides)
    options = program.config_loader.get_group_options
    choices = [o.input_line for o in parsed if options(o.key_or_group) and o.input_line]
    try:
        base = program.compose_config(CONFIG_NAME, choices, RunMode.RUN)
    except (HydraException, OmegaConfBaseException):
        return _first_line(error)
    known = {name for name in keys(base) if not name.endswith(".name")}
    for override in parsed:
        if override.is_sweep_override():
            return (
                f"{override.input_line}: several values need -m (one run each); "
                "a list is written in brackets, a text in quotes."
            )
        key = override.key_or_group
        unknown = not override.is_hydra_override() and not override.is_add() and key not in known
        if unknown and override.input_line not in choices:
            siblings = {name for name in known if name.rpartition(".")[0] == key.rpartition(".")[0]}
            roots = {name for name in known if "." not in name} | {"experiment"}
            return f"{key}: no such setting. {nearest(key, siblings or roots)}"
    return _first_line(error)


def keys(config: DictConfig, prefix: str = "") -> set[str]:
    """Every dotted key of a configuration, Hydra's own left out."""
    found = set()
    for key in config:
        if key == "hydra":
            continue
        path = f"{prefix}{key}"
        found.add(path)
        if OmegaConf.is_dict(config._get_node(key)) and config._get_node(key):
            found |= keys(config[key], f"{path}.")
    return found


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return re.sub(r"\s+", " ", text[0]) if text else type(error).__name__
