"""Configurations that Hydra composed, completed by a table of settings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from gan_cli.tuned.choice import AUTO, automatic, choose
from gan_cli.tuned.table import ARCHITECTURE, CONDITIONS, Row

TUNED = "tuned"
"""Where Hydra's record of the choices, hydra.runtime.choices, holds those of the table."""


def likely_architecture(overrides: Iterable[str], rows: Sequence[Row]) -> str:
    """The architecture that the table chooses by what overrides such as dataset=mnist name."""
    named = (line.partition("=") for line in overrides)
    values = {key: {"name": name} for key, _, name in named if key in CONDITIONS}
    return _architecture(values, {}, rows)


def chosen_architecture(config: DictConfig, rows: Sequence[Row], *, resolve: bool) -> str | None:
    """The architecture that the table chooses; None where the user or a file chose one.

    Args:
        config: a configuration that is composed with any architecture, Hydra's part included.
        rows: the table.
        resolve: whether to look behind each ${...}; what several runs have in common may lack what
            it stands for.
    """
    files = config.hydra.runtime.choices
    if files.get(ARCHITECTURE) != AUTO:
        return None
    own = without_hydra(config)
    values: Any = OmegaConf.to_container(own)
    if resolve:
        known = [key for key in CONDITIONS if key in own and key != ARCHITECTURE]
        values = {key: _resolved(own[key]) for key in known}
    return _architecture(values, files, rows)


def complete(config: DictConfig, rows: Sequence[Row], *, architecture: bool) -> None:
    """Replaces what is `auto` in a configuration by what the table chooses, and records it.

    Args:
        config: one run's configuration, Hydra's part included.
        rows: the table.
        architecture: whether the architecture in it is the table's choice, which is recorded too.

    Raises:
        UsageError: if a group is automatic and no row says what is in it.
    """
    own, files = without_hydra(config), config.hydra.runtime.choices
    written: Any = OmegaConf.to_container(own)
    values: Any = OmegaConf.to_container(own, resolve=True)
    open_keys = [*automatic(written), *([ARCHITECTURE] if architecture else [])]
    chosen = choose(open_keys, values, files, rows)
    with open_dict(config):
        for key, value in chosen.settings.items():
            if key != ARCHITECTURE:
                OmegaConf.update(config, key, value, merge=False)
        if chosen.told:
            files[TUNED] = chosen.told


def told(config: DictConfig) -> str:
    """What the table chose for a configuration, in words; empty where all of it is usual."""
    return str(config.hydra.runtime.choices.get(TUNED, ""))


def without_hydra(config: DictConfig) -> DictConfig:
    """A configuration without Hydra's own part."""
    return OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])


def _architecture(values: Mapping[str, Any], files: Mapping[str, str], rows: Sequence[Row]) -> str:
    """The architecture that a table chooses; it stays `auto` where no row sets one."""
    return str(choose([ARCHITECTURE], values, files, rows).settings.get(ARCHITECTURE, AUTO))


def _resolved(node: Any) -> Any:
    """A part of a configuration as plain values."""
    return OmegaConf.to_container(node, resolve=True) if OmegaConf.is_config(node) else node
