"""Where --out leads: what cannot be written there is refused before anything is computed."""

import errno
import os
import sys
import tempfile
from pathlib import Path

from gan_cli import commands, storage
from gan_cli.errors import UsageError
from gan_cli.files import write_new

ENDINGS = (
    *(".gif", ".html", ".jpeg", ".jpg", ".json", ".pdf", ".png", ".svg", ".webp"),
    *(".csv", ".npy", ".npz", ".onnx", ".safetensors", ".txt", ".yaml", ".zip"),
)
"""The endings by which a name is that of a file."""


def check_folder(folder: Path) -> None:
    """Refuses a folder that cannot be made or written into.

    Raises:
        UsageError: saying why, also for what is the name of a file and no folder yet.
    """
    if folder.suffix.lower() in ENDINGS and not os.path.lexists(folder):
        raise UsageError(
            f"--out {folder}: this is the name of a file, and several files need a folder. "
            f"Write --out {commands.path(folder.with_suffix(''))}"
        )
    try:
        _try(folder)
    except OSError as error:
        raise UsageError(
            f"nothing can be written into {folder}: {storage.why(error, folder)}. "
            "Choose another folder with --out DIR."
        ) from error


def check_file(path: Path) -> None:
    """Refuses a file that cannot be written.

    Raises:
        UsageError: saying why.
    """
    folder = path.parent
    if not folder.is_dir():
        fault = (
            f"{folder} is not a folder" if folder.exists() else f"there is no directory {folder}"
        )
        raise UsageError(f"--out {path}: {fault}.")
    if path.is_dir():
        raise UsageError(f"--out {path}: this is a directory. Name a file in it.")
    if path.exists() and not path.is_file():  # a device, into which one writes as into a file
        return
    try:
        _try(folder)
    except OSError as error:
        raise UsageError(
            f"--out {path}: nothing can be written into {folder}: {storage.why(error, folder)}."
        ) from error


def check_own(folder: Path, instead: str = "--out FILE") -> None:
    """Refuses a folder of a run's own that cannot be made or written into, or is a link.

    Args:
        folder: where a command writes unless it is told where.
        instead: the option that tells it.

    Raises:
        UsageError: saying why.
    """
    if folder.is_symlink():
        raise UsageError(
            f"{folder} is a link, and a run, which may be anybody's, is written in its own "
            f"directory alone. {instead} names another place."
        )
    try:
        _try(folder)
    except OSError as error:
        raise unwritable_file(folder, error) from error


def save(path: Path, picture: bytes) -> Path:
    """Writes a picture beside those of earlier results, and makes its folder where there is none.

    Raises:
        UsageError: if the folder cannot be written.
    """
    try:
        return write_new(path, picture)
    except OSError as error:
        raise unwritable(path, error) from error


def tell(path: Path) -> None:
    """Prints where something was written: to be pasted in a terminal, and as it is elsewhere."""
    print(commands.path(path) if sys.stdout.isatty() else path)


def unwritable(path: Path, error: OSError) -> UsageError:
    """The error for a file in the folder of --out."""
    return UsageError(
        f"cannot write {path}: {storage.why(error, path)}. Choose another folder with --out DIR."
    )


def unwritable_file(path: Path, error: OSError) -> UsageError:
    """The error for a file, or for a folder of a run, that --out FILE can replace."""
    return UsageError(
        f"{path} cannot be written: {storage.why(error, path)}. --out FILE names another place."
    )


def _try(folder: Path) -> None:
    """Makes a file without a name in a folder, or in the one that it would be made in."""
    nearest = next(path for path in (folder, *folder.absolute().parents) if os.path.lexists(path))
    if not nearest.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(nearest))
    tempfile.TemporaryFile(dir=nearest).close()
