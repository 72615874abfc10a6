"""The files in .hydra/: a run's configuration, Hydra's own settings, and the overrides."""

import contextlib
import functools
import io
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import yaml
from omegaconf import OmegaConf

from gan_cli import reading, storage
from gan_cli.composition import references
from gan_cli.composition.translations import translated
from gan_cli.files import force_to_disk
from gan_cli.keys import flat

SEVERAL = "regularizer"
"""The group of which a run may choose several."""

TYPES = {"seed": int, SEVERAL: dict[str, dict[str, Any]]}
"""What is asked of a configuration whose settings are compared."""


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
            with (
                storage.naming(folder / name),
                (scratch / name).open("w", encoding="utf-8") as file,
            ):
                file.write(text)
                force_to_disk(file)
        scratch.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def read_settings(
    path: Path, *, resolve: bool, types: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Reads a saved group of settings as nested plain values.

    Args:
        path: a YAML file.
        resolve: whether ${...} are replaced by what they stand for.
        types: of some settings the type that they have where they are there.

    Raises:
        DataError: if the file is damaged.
    """
    with reading_settings(path):
        text = reading.yaml_text(reading.content(path, reading.LARGEST_YAML))
        with references.bounded():
            values = OmegaConf.to_container(OmegaConf.load(io.StringIO(text)), resolve=resolve)
        if not isinstance(values, dict):
            raise TypeError("it is not a group of settings")
        if not _is_plain(values):
            raise TypeError("a setting is of a type that none has")
        for key, hint in (types or {}).items():
            if key in values and not reading.fits(values[key], hint):
                raise TypeError(f"{key} is of another type")
        return cast(dict[str, Any], values)


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a configuration as the command line writes their keys.

    Such as dataset, k, optimizer.generator.b1, and the list of its regularizers under regularizer.

    Args:
        values: nested settings.
    """
    return {key.removesuffix(".name"): value for key, value in flat(by_name(values))}


def by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """Nested settings with the list of their regularizers as the name of that group."""
    chosen = values.get(SEVERAL) or {}
    own = {
        name: {key: value for key, value in each.items() if key != "name"}
        for name, each in chosen.items()
    }
    return {**values, SEVERAL: own, f"{SEVERAL}.name": sorted(chosen)}


def written(value: Any) -> str:
    """A value as the command line writes it."""
    if isinstance(value, list):
        return f"[{','.join(map(written, value))}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


def read_overrides(path: Path) -> list[str]:
    """Reads the overrides that a run was started with; none where they were not saved.

    Raises:
        DataError: if the file is damaged.
    """
    with reading_settings(path):
        try:
            found = reading.content(path, reading.LARGEST_YAML)
        except FileNotFoundError:
            return []
        lines = yaml.safe_load(reading.yaml_text(found)) or []
        if not isinstance(lines, list):
            raise TypeError("it is not a list")
        for number, line in enumerate(lines, 1):
            if isinstance(line, list | dict):
                raise TypeError(f"item {number} is no text")
        return [str(line) for line in lines]


def reading_settings(path: Path) -> contextlib.AbstractContextManager[None]:
    """Names a file in .hydra/, and the first reason why it cannot be read; see `reading.naming`."""
    return reading.naming(path, functools.partial(_damage, path))


def _damage(path: Path, error: Exception) -> str:
    """What is wrong with a file in .hydra/, on one line, and what to do."""
    problem, mark = getattr(error, "problem", None), getattr(error, "problem_mark", None)
    if isinstance(error, RecursionError):
        problem = "it is nested too deeply"
    reason = problem or (str(error).splitlines() or [type(error).__name__])[0]
    reason = (translated(reason, str(getattr(error, "full_key", "it"))) or reason).rstrip(".")
    where = f"line {mark.line + 1}: " if mark else ""
    needed = path.name == "config.yaml"  # a run can do without the other two
    remedy = "Put back a copy of it." if needed else "Put back a copy of it, or delete it."
    return f"is damaged ({where}{' '.join(reason.split())}). {remedy}"


def _is_plain(value: Any) -> bool:
    """Whether a value is a group of settings with texts as names, a list, or a single value."""
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(each) for key, each in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | int | float)
