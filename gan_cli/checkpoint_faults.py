"""Why a checkpoint cannot be read: damage, files closed to us, or what Orbax raised."""

import os
from pathlib import Path

from gan_cli import reading
from gan_cli.errors import DataError, sentence
from gan_cli.reading import LARGEST

DAMAGE = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    RecursionError,
    FileNotFoundError,
    NotADirectoryError,
)
"""What Orbax and its parsers raise for files that can be read and are missing or changed."""

ARRAYS = "d"
"""The folder of the files with arrays, of which pieces are read; all others are read whole."""

PIECE = 2**20
"""How many bytes of a file are read at once to see whether it can be read."""


class Damaged(DataError):
    """A checkpoint of which files are missing or changed."""


def refuse_no_files(path: Path) -> None:
    """Refuses a checkpoint with a pipe, a device or a huge list of its content in it.

    Orbax would wait without end for the first two, and read the third into memory. Links to files
    are followed. Orbax makes no links to folders, behind which anything may lie.

    Raises:
        Damaged: naming the file.
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
            file = Path(parent, name)
            if file.exists() and not file.is_file():
                raise Damaged(f"checkpoint {path} is damaged: {file} is a pipe or a device.")
            if file.is_file() and file.parent.name != ARRAYS and file.stat().st_size > LARGEST:
                raise Damaged(
                    f"checkpoint {path} is damaged: {file} holds more than {LARGEST:,} bytes."
                )


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
