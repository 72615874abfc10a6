"""One configuration composed by Hydra, and the Hydra that composes it.

Hydra's private names are used in `requested`, `compose`, `hydra_tasks`, `loader` and `parsing`
alone.
"""

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hydra import __version__ as hydra_version
from hydra import version
from hydra._internal.hydra import Hydra
from hydra._internal.utils import create_config_search_path, get_args_parser
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.types import Override
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from gan_cli import commands
from gan_cli.composition import hydra_settings, own_files, references, written_choices
from gan_cli.composition.choices import changes_nothing
from gan_cli.composition.loader import Loader
from gan_cli.composition.overrides import INTERPOLATION, key_of
from gan_cli.composition.parsing import CONFIG_NAME, parse
from gan_cli.composition.refusals import refusal
from gan_cli.composition.swept_values import several_values
from gan_cli.errors import UsageError
from gan_cli.files import link_to_nothing
from gan_cli.tuned import table
from gan_cli.tuned.configuration import without_hydra

log = logging.getLogger(__name__)


def conf_directory() -> Path:
    """Where the configuration files are: inside an installed package, beside one in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "conf"
    return inside if inside.is_dir() else package.parent / "conf"


@contextlib.contextmanager
def hydra(config_dir: Path | None = None, start: Path | None = None) -> Iterator[Hydra]:
    """A Hydra over the package's configuration files and, after them, the user's.

    Args:
        config_dir: a directory of the user's own configuration files.
        start: the directory in which a sweep that goes on was started; None for the working
            directory.

    Raises:
        UsageError: see `check_directory`; if the table of settings in that directory is wrong, or
            the path of this or of the working directory cannot be held by Hydra.
    """
    for directory in (Path.cwd(), *([config_dir] if config_dir else [])):
        if INTERPOLATION in str(directory):
            raise UsageError(
                f"{directory}: gan cannot work in a directory whose path contains "
                f"'{INTERPOLATION}', which Hydra takes for a reference. Use another one."
            )
    search_path = create_config_search_path(str(conf_directory()))
    if config_dir is not None:
        check_directory(config_dir)
        commands.give(config_dir=config_dir)
        search_path.prepend(
            "command-line", f"file://{config_dir.resolve()}", SearchPathQuery(provider="schema")
        )
    if hydra_version.startswith("1.3."):  # 1.4 has these defaults alone
        version.setbase("1.3")
    GlobalHydra.instance().clear()
    try:
        rows = table.both(conf_directory() / table.FILE, config_dir)
        made = Hydra(task_name="gan", config_loader=Loader(search_path, rows, start))
        GlobalHydra.instance().initialize(made)
        yield made
    finally:
        GlobalHydra.instance().clear()


def check_directory(config_dir: Path) -> None:
    """Refuses what is no directory of configuration files, and a file that would not be read.

    Args:
        config_dir: a directory of the user's own.

    Raises:
        UsageError: saying how one file is chosen; and see `own_files.check_names`.
    """
    group, name = config_dir.parent.name, config_dir.stem
    if config_dir.is_file():
        known = bool(group) and (conf_directory() / group).is_dir()
        shown = f"{config_dir.parent.parent} {group}={name}" if known else "DIR experiment=NAME"
        raise UsageError(f"--config-dir {config_dir}: it is a file. Write --config-dir {shown}")
    if not config_dir.is_dir():
        why = f"it is {link}" if (link := link_to_nothing(config_dir)) else "no such directory"
        raise UsageError(f"--config-dir {config_dir}: {why}.")
    if not os.access(config_dir, os.R_OK | os.X_OK):
        raise UsageError(f"--config-dir {config_dir}: it cannot be read: Permission denied.")
    own_files.check_names(config_dir, conf_directory())


def literal(program: Hydra, overrides: Sequence[str], *, multirun: bool = False) -> list[str]:
    """The overrides whose values Hydra reads as they were typed where a setting is a text.

    Args:
        program: see `hydra`.
        overrides: what was typed.
        multirun: whether a comma separates the values of a sweep.
    """
    return program.config_loader.literal(overrides, multirun=multirun)  # type: ignore[no-any-return]


def compose(program: Hydra, overrides: Sequence[str], mode: RunMode = RunMode.RUN) -> DictConfig:
    """Composes one configuration, Hydra's own part included.

    Args:
        program: see `hydra`.
        overrides: Hydra overrides, without sweeps.
        mode: RUN, or MULTIRUN for what a sweep's members have in common.

    Raises:
        UsageError: naming the override that is wrong and the nearest valid choice or key.
    """
    overrides = literal(program, overrides, multirun=mode == RunMode.MULTIRUN)
    parsed = parse(program, overrides)
    for override in parsed:
        if mode == RunMode.RUN and override.is_sweep_override():
            usual = program.compose_config(CONFIG_NAME, [], RunMode.RUN)
            raise several_values(override, usual, program.config_loader)
        hydra_settings.check_override(override)
        written_choices.check(override, program.config_loader)
        if override.key_or_group == "hydra.searchpath" and isinstance(override.value(), list):
            for folder in hydra_settings.checked_folders(map(str, override.value())):
                own_files.check_names(folder, conf_directory())

    def composed(lines: Sequence[str]) -> DictConfig:
        with references.bounded():
            config: DictConfig = program.compose_config(CONFIG_NAME, list(lines), mode)
            if mode == RunMode.RUN:
                resolve(config)
            _ = config.hydra.run.dir, config.hydra.sweep.dir
        hydra_settings.check(config)
        return config

    try:
        config = composed(overrides)
    except UsageError:
        raise
    except Exception as error:  # Hydra refuses some overrides with ValueError or AssertionError
        if references.EXCESS in str(error):
            key = str(getattr(error, "full_key", None) or "the configuration")
            raise UsageError(f"{key}: {references.EXCESS}.") from error
        raise refusal(program.config_loader, parsed, composed, error) from error
    check_effect(program, parsed, config)
    return config


def plain(config: DictConfig) -> dict[str, Any]:
    """A composed configuration as nested plain values, without Hydra's own part."""
    values: dict[str, Any] = OmegaConf.to_container(without_hydra(config), resolve=True)  # type: ignore[assignment]
    return values


def help_text(program: Hydra, overrides: Sequence[str]) -> str:
    """Hydra's own help, which shows what overrides of its own settings change.

    Raises:
        UsageError: if the overrides do not compose.
    """
    compose(program, overrides)
    own = [line for line in overrides if key_of(line).startswith("hydra")]
    config = program.compose_config(None, literal(program, own), RunMode.RUN)
    template, parser = config.hydra.hydra_help, get_args_parser()
    shown = program.get_sanitized_hydra_cfg(config)
    return str(program.get_help(template, shown, parser, resolve=False))


def resolve(config: DictConfig) -> None:
    """Raises what OmegaConf raises where a ${...} stands for nothing."""
    for key in config:
        if key != "hydra" and OmegaConf.is_config(config[key]):
            OmegaConf.to_container(config[key], resolve=True)


def check_effect(program: Hydra, overrides: Sequence[Override], config: DictConfig) -> None:
    """Refuses the overrides that changed nothing in what was composed with them."""
    for override in overrides:
        if told := changes_nothing(override, config, program.config_loader):
            raise UsageError(told)
