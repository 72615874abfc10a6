"""Why a checkpoint cannot be read: damage, files closed to us, or what Orbax raised."""

import os
from pathlib import Path

from gan_cli import reading
from gan_cli.errors import DataError, sentence

DAMAGE = (ValueError, KeyError, FileNotFoundError, NotADirectoryError)
"""What Orbax raises for files that can be read and are missing, cut off or changed."""

PIECE = 2**20
"""How many bytes of a file are read at once to see whether it can be read."""


class Damaged(DataError):
    """A checkpoint of which files are missing or changed."""


def refuse_no_files(path: Path) -> None:
    """Refuses a checkpoint with a pipe or a device in it, for which Orbax would wait without end.

    Links to files are followed. Orbax makes no links to folders, behind which anything may lie.

    Raises:
        Damaged: naming the pipe or the device.
        DataError: naming the link to a folder.
    """
    for parent, folders, names in os.walk(path):  # what cannot be listed is told by `unreadable`
        for name in folders:
            if (folder := Path(parent, name)).is_symlink():
                raise DataError(
                    f"checkpoint {path} cannot be read. {folder} is a link to a folder: put the "
                    "folder itself in its place."
                )
        for name in names:
            if (file := Path(parent, name)).exists() and not file.is_file():
                raise Damaged(f"checkpoint {path} is damaged: {file} is a pipe or a device.")


def unreadable(path: Path, error: Exception) -> DataError:
    """Why a checkpoint could not be read: damage, a file that is closed to us, or what was raised.

    Args:
        path: the checkpoint.
        error: what Orbax raised.
    """
    try:
        for parent, _, names in os.walk(path, onerror=_raise):
            for name in names:
                with reading.opened(Path(parent, name)) as file:
                    while file.read(PIECE):
                        pass
    except OSError as closed:
        return DataError(f"checkpoint {path} cannot be read. {sentence(closed)}")
    if isinstance(error, DAMAGE):
        return Damaged(f"checkpoint {path} is damaged: it cannot be read.")
    return DataError(f"checkpoint {path} cannot be read: {sentence(error)}")


def _raise(error: OSError) -> None:
    if not isinstance(error, NotADirectoryError):  # a file in the place of a checkpoint
        raise error
