"""Where a new run or sweep is written: a directory that no other run has."""

import contextlib
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from omegaconf import DictConfig


def new_run(config: "DictConfig", lines: list[str]) -> Path:
    """Makes the directory of a new run.

    Args:
        config: composed, Hydra's part included.
        lines: the user's overrides; a place that they name is taken as it is, another one is
            numbered where it is taken already (two runs may start in one second).

    Raises:
        UsageError: if it cannot be made, or already holds a run.
    """
    return _make(Path(config.hydra.run.dir), "hydra.run.dir", lines)


def new_sweep(config: "DictConfig", lines: list[str]) -> Path:
    """Makes the directory of a new sweep; arguments and errors as in `new_run`."""
    return _make(Path(config.hydra.sweep.dir), "hydra.sweep.dir", lines)


def quote(key: str, path: Path) -> str:
    """An override that sets a key to a path, whatever characters it holds."""
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def _make(wanted: Path, key: str, lines: list[str]) -> Path:
    named = any(line.lstrip("+").startswith(f"{key}=") for line in lines)
    try:
        return _take(wanted, key) if named else _first_free(wanted)
    except OSError as error:
        raise UsageError(
            f"cannot write {wanted}: {error.strerror}. Choose another place with {key}=DIR."
        ) from error


def _take(wanted: Path, key: str) -> Path:
    from gan_cli import runs

    wanted.mkdir(parents=True, exist_ok=True)
    if held := runs.find(wanted):
        raise UsageError(
            f"{wanted} already holds a run. Choose another place with {key}=DIR, or go on with it: "
            f"gan train --resume {held[-1]}"
        )
    return wanted


def _first_free(wanted: Path) -> Path:
    for number in itertools.count():
        name = wanted.with_name(f"{wanted.name}-{number}") if number else wanted
        with contextlib.suppress(FileExistsError):
            name.mkdir(parents=True)
            return name
    raise AssertionError("the numbers have no end")
