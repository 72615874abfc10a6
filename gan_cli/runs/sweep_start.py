"""How a sweep was started, as its multirun.yaml says it: where, and with which files.

A sweep's directory may come from anybody, and files of a configuration can run code.
"""

import contextlib
import os
from pathlib import Path
from typing import Any

from gan_cli import commands
from gan_cli.errors import DataError
from gan_cli.runs.directory import RunDirectory
from gan_cli.runs.settings import read_settings

SWEEP = "multirun.yaml"
"""The file with the settings that the members of a sweep have in common."""

REFERENCE = "${"
"""How a reference of Hydra's begins."""

PROVIDER = "command-line"
"""What Hydra calls the files of `--config-dir` among the sources of a configuration."""


def start(sweep: Path) -> Path:
    """The directory in which a sweep was started, where relative paths of its data begin.

    Args:
        sweep: the sweep's directory.

    Raises:
        DataError: if the sweep does not say it.
    """
    found = _whole_path(_runtime(sweep).get("cwd"))
    if found is None:
        raise DataError(f"{sweep / SWEEP} does not say in hydra.runtime.cwd where it was started.")
    return found


def config_dir(sweep: Path) -> Path | None:
    """The `--config-dir` that a sweep was started with; None for one without.

    Args:
        sweep: the sweep's directory.

    Raises:
        DataError: if the sweep's file is damaged.
    """
    sources = _runtime(sweep).get("config_sources")
    for source in sources if isinstance(sources, list) else []:
        if isinstance(source, dict) and source.get("provider") == PROVIDER:
            return _whole_path(source.get("path"))
    return None


def modules(sweep: Path) -> list[str]:
    """The modules with components of the user's own that the members of a sweep were trained with.

    None of a sweep that holds the working directory, from which a module of its own would come.

    Args:
        sweep: the sweep's directory.
    """
    here, place = Path.cwd().resolve(), sweep.resolve()
    if place in (here, *here.parents):
        return []
    found: list[str] = []
    for depth in ("*", "*/*"):
        for path in sorted(sweep.glob(f"{depth}/summary.json")):
            with contextlib.suppress(DataError):  # which its own command tells
                found += RunDirectory(path.parent).read_summary().get("modules", {})
    names = (name for name in found if all(part.isidentifier() for part in name.split(".")))
    return [*dict.fromkeys(names)]


def resume_command(sweep: Path) -> str:
    """The command that goes on with a sweep, with what is the user's own.

    Args:
        sweep: the sweep's directory.
    """
    try:
        named = config_dir(sweep)
    except DataError:  # which the command itself tells
        named = None
    own = named if named and _is_own(named, sweep) else None
    return commands.resume_sweep(sweep, own, modules(sweep))


def _is_own(folder: Path, sweep: Path) -> bool:
    """Whether a folder is the user's and did not come with a sweep, which may be anybody's."""
    try:
        owner = folder.stat().st_uid
    except OSError:
        return False
    place = folder.resolve()
    return owner == os.getuid() and sweep.resolve() not in (place, *place.parents)


def _whole_path(value: Any) -> Path | None:
    """The path that a value is, if it is a whole one and holds no reference of Hydra's."""
    if not isinstance(value, str) or REFERENCE in value or "\0" in value:
        return None
    return path if (path := Path(value)).is_absolute() else None


def _runtime(sweep: Path) -> dict[str, Any]:
    """Hydra's record of the process that started a sweep; empty where it is not there."""
    found: Any = read_settings(sweep / SWEEP, resolve=False)
    for key in ("hydra", "runtime"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
