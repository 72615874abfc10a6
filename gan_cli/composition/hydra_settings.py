"""Hydra's own settings that gan needs as they are, checked before anything is written."""

import importlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.overrides import key_of
from gan_cli.errors import UsageError

SETTINGS = ".hydra"
AT_LEAST = {"sweeper.max_batch_size": 1, "launcher.max_lanes": 1, "launcher.cores": 0}
"""The least value of Hydra's settings that are counts; 0 cores stand for all that there are."""

OF_A_RUN, OF_A_SWEEP = ("hydra.run.dir",), ("hydra.sweep.dir", "hydra.sweep.subdir")


def check(config: DictConfig) -> None:
    """Refuses settings of Hydra's with which a run could not be written, found or resumed.

    Args:
        config: composed, Hydra's part included.

    Raises:
        UsageError: naming the setting and what it must be.
    """
    own = config.hydra
    if own.output_subdir != SETTINGS:
        shown = "null" if own.output_subdir is None else own.output_subdir
        raise UsageError(
            f"hydra.output_subdir={shown}: the settings of a run are always in {SETTINGS}/, by "
            "which it is found and resumed. Leave it out."
        )
    for name, callback in own.callbacks.items():
        target = str(callback.get("_target_"))
        module, _, attribute = target.rpartition(".")
        try:
            getattr(importlib.import_module(module), attribute)
        except (ImportError, AttributeError, ValueError) as error:
            raise UsageError(f"hydra.callbacks.{name}: there is no {target}: {error}.") from error
    for key, least in AT_LEAST.items():
        value = OmegaConf.select(own, key)
        if isinstance(value, int) and value < least:
            raise UsageError(f"hydra.{key}={value}: must be at least {least}.")


def check_places(overrides: Sequence[str], *, multirun: bool) -> None:
    """Refuses the directory of a sweep for a single run, and that of a run for a sweep.

    Raises:
        UsageError: naming the setting to use.
    """
    for line in overrides:
        if multirun and key_of(line) in OF_A_RUN:
            raise UsageError(
                f"{line}: it is for a single run. A sweep is written to hydra.sweep.dir=DIR, and "
                "its members to hydra.sweep.subdir=NAME in it."
            )
        if not multirun and key_of(line) in OF_A_SWEEP:
            raise UsageError(
                f"{line}: it is for a sweep (-m). A single run is written to hydra.run.dir=DIR."
            )


def check_folders(folders: Iterable[str]) -> None:
    """Refuses folders of configuration files that are not there.

    Args:
        folders: hydra.searchpath, such as file:///home/me/conf.

    Raises:
        UsageError: naming the first that is missing.
    """
    for folder in folders:
        path = Path(folder.removeprefix("file://"))
        if "://" not in folder.removeprefix("file://") and not path.is_dir():
            raise UsageError(f"hydra.searchpath: {path} is no directory.")
