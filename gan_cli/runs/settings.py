"""The files in .hydra/: a run's configuration, Hydra's own settings, and the overrides."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli.errors import DataError
from gan_cli.files import force_to_disk
from gan_cli.translations import translated

UNREADABLE = (OmegaConfBaseException, yaml.YAMLError, UnicodeDecodeError, OSError)


def write_settings(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes the files of a new .hydra/ folder; they appear all together or not at all.

    Args:
        folder: the .hydra/ folder, which does not exist yet.
        texts: the content of each file by its name.
    """
    scratch = folder.with_name(f"{folder.name}.{os.getpid()}.tmp")
    try:
        scratch.mkdir()
        for name, text in texts.items():
            with (scratch / name).open("w", encoding="utf-8") as file:
                file.write(text)
                force_to_disk(file)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def read_settings(path: Path, *, resolve: bool) -> dict[str, Any]:
    """Reads a saved group of settings as nested plain values.

    Args:
        path: a YAML file.
        resolve: whether ${...} are replaced by what they stand for.

    Raises:
        DataError: if the file is damaged.
    """
    try:
        values = OmegaConf.to_container(OmegaConf.load(path), resolve=resolve)
    except UNREADABLE as error:
        raise damaged(path, error) from error
    if not isinstance(values, dict):
        raise damaged(path, TypeError("it is not a group of settings"))
    return cast(dict[str, Any], values)


def flat(values: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """The single values of nested settings, each with its dotted key."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{within}{key}.")
        else:
            yield f"{within}{key}", value


def read_overrides(path: Path) -> list[str]:
    """Reads the overrides that a run was started with; none where they were not saved.

    Raises:
        DataError: if the file is damaged.
    """
    try:
        lines = yaml.safe_load(path.read_text("utf-8")) or []
    except FileNotFoundError:
        return []
    except UNREADABLE as error:
        raise damaged(path, error) from error
    if not isinstance(lines, list):
        raise damaged(path, TypeError("it is not a list"))
    return [str(line) for line in lines]


def damaged(path: Path, error: Exception) -> DataError:
    """The error for a file in .hydra/ that cannot be read: the first reason, on one line."""
    if isinstance(error, OSError) and error.strerror:  # OmegaConf has an OSError for a number, too
        return DataError(f"{path} cannot be read: {error.strerror}.")
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    reason = problem or (str(error).splitlines() or [type(error).__name__])[0]
    reason = (translated(reason, str(getattr(error, "full_key", "it"))) or reason).rstrip(".")
    where = f"line {mark.line + 1}: " if mark else ""
    needed = path.name == "config.yaml"  # a run can do without the other two
    remedy = "Put back a copy of it." if needed else "Put back a copy of it, or delete it."
    return DataError(f"{path} is damaged ({where}{' '.join(reason.split())}). {remedy}")
