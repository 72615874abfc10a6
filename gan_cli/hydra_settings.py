"""Hydra's own settings that gan needs as they are, checked before anything is written."""

import importlib
from collections.abc import Iterable
from pathlib import Path

from omegaconf import DictConfig

from gan_cli.errors import UsageError

SETTINGS = ".hydra"


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
    batch = own.sweeper.get("max_batch_size")
    if batch is not None and batch < 1:
        raise UsageError(f"hydra.sweeper.max_batch_size={batch}: must be at least 1.")
    lanes = own.launcher.get("max_lanes")
    if lanes is not None and lanes < 1:
        raise UsageError(f"hydra.launcher.max_lanes={lanes}: must be at least 1.")


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
