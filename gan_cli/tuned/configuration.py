"""Configurations that Hydra composed, completed by a table of settings."""

from collections.abc import Sequence
from typing import Any

from omegaconf import DictConfig, OmegaConf, open_dict

from gan_cli.tuned.choice import automatic, choose
from gan_cli.tuned.table import Row

TUNED = "tuned"
"""Where Hydra's record of the choices, hydra.runtime.choices, holds those of the table."""


def complete(config: DictConfig, rows: Sequence[Row]) -> None:
    """Replaces what is `auto` in a configuration by what the table chooses, and records it.

    Args:
        config: one run's configuration, Hydra's part included.
        rows: the table.

    Raises:
        UsageError: if a group is automatic and no row says what is in it.
    """
    own, files = without_hydra(config), config.hydra.runtime.choices
    written: Any = OmegaConf.to_container(own)
    values: Any = OmegaConf.to_container(own, resolve=True)
    chosen = choose(automatic(written), values, files, rows)
    with open_dict(config):
        for key, value in chosen.settings.items():
            OmegaConf.update(config, key, value, merge=False)
        if chosen.told:
            files[TUNED] = chosen.told


def told(config: DictConfig) -> str:
    """What the table chose for a configuration, in words; empty where all of it is usual."""
    return str(config.hydra.runtime.choices.get(TUNED, ""))


def without_hydra(config: DictConfig) -> DictConfig:
    """A configuration without Hydra's own part."""
    return OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
