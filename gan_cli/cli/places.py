"""Where a new run or sweep is written: a directory that no other run has."""

import itertools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gan_cli.errors import UsageError

if TYPE_CHECKING:
    from omegaconf import DictConfig

NAMED_BY_TIME = re.compile(r"\d{4}-\d{2}-\d{2}/\d{2}-\d{2}-\d{2}$")


def new_run(config: "DictConfig") -> Path:
    """Makes the directory of a new run.

    Raises:
        UsageError: if it cannot be made, or already holds a run.
    """
    return _make(Path(config.hydra.run.dir), "hydra.run.dir")


def new_sweep(config: "DictConfig") -> Path:
    """Makes the directory of a new sweep; arguments and errors as in `new_run`."""
    return _make(Path(config.hydra.sweep.dir), "hydra.sweep.dir")


def quote(key: str, path: Path) -> str:
    """An override that sets a key to a path, whatever characters it holds."""
    escaped = str(path).replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def _make(wanted: Path, key: str) -> Path:
    """Makes `wanted`; two that are named by the same second get different names."""
    from gan_cli import runs

    try:
        if not NAMED_BY_TIME.search(wanted.as_posix()):
            wanted.mkdir(parents=True, exist_ok=True)
            if runs.find(wanted):
                raise UsageError(
                    f"{wanted} already holds a run. Choose another place with {key}=DIR, or go on "
                    f"with it: gan train --resume {wanted}"
                )
            return wanted
        for name in _names(wanted):
            try:
                name.mkdir(parents=True)
            except FileExistsError:
                if not name.is_dir():
                    raise
            else:
                return name
    except OSError as error:
        raise UsageError(
            f"cannot write {wanted}: {error.strerror}. Choose another place with {key}=DIR."
        ) from error
    raise AssertionError("unreachable")


def _names(wanted: Path) -> "itertools.chain[Path]":
    numbered = (wanted.with_name(f"{wanted.name}-{i}") for i in itertools.count(1))
    return itertools.chain([wanted], numbered)
