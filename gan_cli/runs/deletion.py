"""How runs are deleted, and how much room they take."""

import contextlib
import os
import shutil
from pathlib import Path

from gan_cli.runs.directory import RunDirectory

SWEEP_FILES = {"multirun.yaml", "sweep.lock"}
"""What lies in a sweep's directory beside its members."""


def size(path: Path) -> int:
    """The bytes of all files below a directory; links count as what they are.

    What is deleted meanwhile, as checkpoints are while a run trains, counts for nothing.
    """
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(folder) / name).lstat().st_size
    return total


def delete(path: Path, root: Path) -> None:
    """Deletes a run, and the folders up to `root` that hold nothing of a run any more.

    Its configuration goes last: what is left where the process is killed is still a run, which is
    listed and can be deleted.
    """
    if path.is_symlink():
        path.unlink()
    else:
        place = RunDirectory(path)
        _empty(path, place.settings)
        if not place.settings.is_symlink():
            _empty(place.settings, place.config)
        shutil.rmtree(path)
    for folder in path.parents:
        if folder == root or root not in folder.parents or not _is_empty(folder):
            return
        shutil.rmtree(folder)


def _empty(folder: Path, last: Path) -> None:
    """Deletes all that is in a folder but one thing."""
    for each in folder.iterdir():
        if each == last:
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _is_empty(folder: Path) -> bool:
    """Whether a folder holds no more than what a sweep leaves beside its members."""
    return all(each.name in SWEEP_FILES and each.is_file() for each in folder.iterdir())
