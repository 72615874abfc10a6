"""Hydra's own settings that gan needs as they are, checked before anything is written."""

import importlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Override
from omegaconf import DictConfig, OmegaConf

from gan_cli.composition.overrides import as_typed, key_of
from gan_cli.errors import UsageError, nearest

SETTINGS = ".hydra"
AT_LEAST = {"sweeper.max_batch_size": 1, "launcher.max_lanes": 1, "launcher.cores": 0}
"""The least value of Hydra's settings that are counts; 0 cores stand for all that there are."""

LOGGING = ("job_logging", "hydra_logging")
NAMED = {"formatter": "formatters", "handlers": "handlers", "filters": "filters"}
"""What a part of a logging configuration names, and where that is defined."""

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
    for name in LOGGING:
        _check_logging(f"hydra.{name}", OmegaConf.to_container(own[name]) if own[name] else {})


def check_override(override: Override) -> None:
    """Refuses a single value or a list in the place of all of Hydra's settings.

    Raises:
        UsageError: naming a setting.
    """
    if override.key_or_group == "hydra" and not isinstance(override.value(), dict):
        raise UsageError(
            f"{as_typed(override)}: hydra is a group of settings, such as hydra.run.dir=DIR."
        )


def _check_logging(name: str, settings: Any) -> None:
    """Refuses a level that is none, and the name of a handler and the like that nothing defines."""
    for key, part in _logging_parts(settings):
        level = part.get("level")
        if isinstance(level, str) and level not in logging.getLevelNamesMapping():
            valid = nearest(level.upper(), logging.getLevelNamesMapping())
            raise UsageError(f"{name}.{key}.level={level}: no such level. {valid}")
        for kind, place in NAMED.items():
            words = part.get(kind) or []
            known = settings.get(place) or {}
            for word in [words] if isinstance(words, str) else words:
                if word not in known:
                    raise UsageError(
                        f"{name}.{key}.{kind}: there is no {word} in {name}.{place}. "
                        f"{nearest(str(word), known)}"
                    )


def _logging_parts(settings: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The parts of a logging configuration that have a level or name others, by their keys."""
    parts = {"root": settings.get("root")}
    for kind in ("loggers", "handlers"):
        parts |= {f"{kind}.{name}": part for name, part in (settings.get(kind) or {}).items()}
    return ((key, part) for key, part in parts.items() if isinstance(part, dict))


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


def checked_folders(folders: Iterable[str]) -> list[Path]:
    """Those folders of configuration files that are no part of a package.

    Args:
        folders: hydra.searchpath, such as file:///home/me/conf.

    Raises:
        UsageError: naming the first that is missing.
    """
    found = [each.removeprefix("file://") for each in folders]
    paths = [Path(each) for each in found if "://" not in each]
    for path in paths:
        if not path.is_dir():
            raise UsageError(f"hydra.searchpath: {path} is no directory.")
    return paths
