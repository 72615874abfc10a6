"""Hydra's loader of configurations, which lets the table choose what they leave at `auto`.

Hydra's private names are used in `requested`, `compose`, `hydra_tasks`, `loader` and `parsing`
alone.
"""

import copy
import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_repository import ConfigRepository
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.plugins.config_source import ConfigResult
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition import experiments, recorded, unchosen
from gan_cli.composition.experiment_defaults import EXPERIMENT
from gan_cli.composition.file_settings import every_choice_has, kind_of, whole
from gan_cli.composition.overrides import by_name, key_of, literal
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL
from gan_cli.players import OPTIMIZER, for_each, spread
from gan_cli.reading import yaml_fault
from gan_cli.tuned import configuration, spelling
from gan_cli.tuned.choice import AUTO
from gan_cli.tuned.spelling import File
from gan_cli.tuned.table import ARCHITECTURE, Row

ROOT = "config"


class Files(ConfigRepository):
    """Hydra's configuration files, each read once, with another architecture's in place of auto's.

    architecture: that other architecture.
    """

    architecture = AUTO

    _read: dict[str, ConfigResult | None]

    def initialize_sources(self, config_search_path: Any) -> None:
        super().initialize_sources(config_search_path)
        self._read = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """What Hydra composes each configuration with: a copy that shares the files read before.

        Where Hydra gives it another search path, it reads files anew.
        """
        return copy.copy(self)

    def load_config(self, config_path: str) -> ConfigResult | None:
        return copy.deepcopy(self.read(config_path))

    def read(self, config_path: str) -> ConfigResult | None:
        """What `load_config` copies, to be looked at alone."""
        automatic = config_path == f"{ARCHITECTURE}/{AUTO}"
        path = f"{ARCHITECTURE}/{self.architecture}" if automatic else config_path
        if path not in self._read:
            self._check_text(path)
            found = super().load_config(path)
            if found and path.startswith(f"{EXPERIMENT}/"):
                experiments.check(found, path)
            self._read[path] = _for_each_player(found, path)
        return self._read[path]

    def _check_text(self, path: str) -> None:
        for source in self.get_sources():
            file = Path(source.path) / f"{path.removesuffix('.yaml')}.yaml"
            if source.scheme() == "file" and (why := yaml_fault(file)) is not None:
                raise UsageError(f"{file} cannot be read: {why}.")


def _for_each_player(file: ConfigResult | None, path: str) -> ConfigResult | None:
    """A file in which a setting of both optimizers stands with each player."""
    if file is None or not isinstance(file.config, DictConfig):
        return file
    is_optimizers = path.rpartition("/")[0] == OPTIMIZER
    found = file.config if is_optimizers else file.config.get(OPTIMIZER)
    if isinstance(found, DictConfig) and not found._is_none():
        spread(found)
    return file


class Loader(ConfigLoaderImpl):
    """Hydra's loader, which completes each run and composes each member of a sweep once.

    What is `auto` in a run's configuration is replaced by what the table chooses. Hydra's sweeper
    composes a member to check it, and its launcher composes it again to run it.
    """

    def __init__(self, search_path: Any, table: Sequence[Row], start: Path | None = None) -> None:
        """Reads no file yet but the names of what the table sets.

        Args:
            search_path: where the files are.
            table: what `auto` stands for.
            start: where relative paths begin, also in other processes and once the working
                directory is another one; None for what it is now.
        """
        super().__init__(search_path)
        self.table, self.start = table, start or Path.cwd()
        self.members: dict[tuple[str, ...], DictConfig] = {}
        self.repository = Files(search_path)
        own = [row for row in table if row.is_own]
        if own:
            spelling.check(own, spelling.vocabulary(self._files()))

    def literal(self, overrides: Sequence[str], *, multirun: bool) -> list[str]:
        """The overrides whose values Hydra reads as they were typed where a setting is a text.

        A choice that was typed as a file, such as dataset=ring.yaml, is told by its name.

        Args:
            overrides: what was typed.
            multirun: whether a comma separates the values of a sweep, as it never does in the
                settings of Hydra's own.
        """
        kind = functools.partial(kind_of, self.repository, self.table)
        return [
            literal(line, kind, swept=multirun and not key_of(line).startswith("hydra."))
            for line in (by_name(each, self.repository.group_exists) for each in overrides)
        ]

    def __getstate__(self) -> dict[str, Any]:
        """What goes to another process."""
        return vars(self) | {"members": {}}

    def load_configuration(
        self, config_name: str | None, overrides: list[str], run_mode: RunMode, **how: Any
    ) -> DictConfig:
        """Composes with the architecture that is likely to suit, and again if another one does.

        What the members of a sweep have in common may lack settings of the groups in which they
        differ, since each member has its own, and it is not complete yet.
        """
        single = run_mode == RunMode.RUN
        compose = functools.partial(self._compose, config_name, run_mode=run_mode, **how)
        likely = configuration.likely_architecture(overrides, self.table)
        self.repository.architecture = likely
        heads = (ARCHITECTURE,) if single else (ARCHITECTURE, *self._swept_groups(overrides))
        config, known = _as_far_as_known(compose, overrides, heads)
        chosen = configuration.chosen_architecture(config, self.table, resolve=single)
        if chosen not in (None, likely):
            self.repository.architecture = chosen
            config, known = _as_far_as_known(compose, overrides, heads)
        if known != overrides:
            if single:
                return compose(overrides)  # which raises what is wrong
            recorded.record_overrides(config, overrides)
        if chosen is not None:
            config.hydra.runtime.choices[ARCHITECTURE] = chosen
        if single:
            with unchosen.naming_file(config, self.repository):
                configuration.complete(config, self.table, architecture=chosen is not None)
                unchosen.settle(config)
        return config

    def load_sweep_config(
        self, master_config: DictConfig, sweep_overrides: Sequence[str]
    ) -> DictConfig:
        key = tuple(sweep_overrides)
        if key not in self.members:
            own: Any = OmegaConf.to_container(master_config.hydra.overrides.hydra)
            name = master_config.hydra.job.config_name
            member = self.load_configuration(name, [*own, *key], RunMode.RUN)
            OmegaConf.copy_cache(from_config=master_config, to_config=member)  # the same ${now:}
            member.hydra.overrides.task = recorded.resolved(member)
            self.members[key] = member
        return copy.deepcopy(self.members[key])

    def _files(self) -> Iterator[File]:
        """The file of all settings outside the groups, and each file of a group but experiments."""
        players = [f"optimizer/{player}" for player in self.list_groups("optimizer")]
        groups = [each for each in self.list_groups("") if each not in ("hydra", EXPERIMENT)]
        for group in ["", *groups, *players]:
            for name in self.get_group_options(group) if group else [ROOT]:
                found = whole(self.repository, f"{group}/{name}".lstrip("/"))
                path = (*group.split("/"), *([name] if group in SEVERAL else []))
                yield File(group, name, ".".join(filter(None, path)), OmegaConf.to_container(found))

    def _swept_groups(self, overrides: list[str]) -> list[str]:
        """The groups whose choice differs between the members of a sweep."""
        parsed = OverridesParser.create(config_loader=self).parse_overrides(overrides)
        swept = {each.key_or_group for each in parsed if each.is_sweep_override()}
        if EXPERIMENT in swept:  # its files choose in all groups
            return [group for group in self.list_groups("") if group != "hydra"]
        return [group.partition("/")[0] for group in swept]

    def _compose(
        self, config_name: str | None, overrides: list[str], run_mode: RunMode, **how: Any
    ) -> DictConfig:
        """Composes in Hydra's way.

        A setting of both optimizers is set in each. One that each choice of a group has is added
        where the user's file for another choice leaves it out. Since Hydra knows no component that
        the table has still to choose, a setting of one is added where it cannot be changed.
        """
        own = for_each(overrides)
        lines = [f"++{line}" if every_choice_has(self.repository, line) else line for line in own]
        added = [f"++{line}" if _sets_one_of_several(line) else line for line in lines]
        config: DictConfig
        try:
            config = super().load_configuration(config_name, lines, run_mode, **how)
        except Exception:
            if added == lines:
                raise
            config = super().load_configuration(config_name, added, run_mode, **how)
            if not any(AUTO in config.get(group, {}) for group in SEVERAL):
                raise
        recorded.record_overrides(config, overrides)
        recorded.name_choices(config)
        config.hydra.runtime.cwd = str(self.start)
        return config


def _as_far_as_known(
    compose: Callable[[list[str]], DictConfig], overrides: list[str], groups: Sequence[str]
) -> tuple[DictConfig, list[str]]:
    """Composes; where that fails, without the settings of some groups, which may be another's.

    Returns:
        The configuration, and the overrides that it is composed of.
    """
    try:
        return compose(overrides), overrides
    except Exception:
        open_to_change = tuple(f"{group}." for group in groups)
        known = [line for line in overrides if not key_of(line).startswith(open_to_change)]
        if known == overrides:
            raise
        return compose(known), known


def _sets_one_of_several(line: str) -> bool:
    """Whether an override sets something of a component of which a run may have several."""
    return line.startswith(tuple(f"{group}." for group in SEVERAL))
