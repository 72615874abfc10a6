"""The folder in which JAX keeps compiled programs: entries are whole, and replaced when damaged.

JAX has no public interface for such a folder, so this file uses private names.
"""

import contextlib
import logging
import uuid
from pathlib import Path

from jax._src import compilation_cache
from jax._src.compilation_cache_interface import CacheInterface

from gan_cli import reading, storage

log = logging.getLogger(__name__)

SUFFIX = "-cache"
"""What ends the name of an entry, as in JAX's own cache."""


class ProgramCache(CacheInterface):
    """Keeps programs in a folder, in the files and under the names of JAX's own cache.

    JAX's own never writes an entry that has a file already, so one that was cut off or damaged was
    compiled anew in every process. JAX keeps a program only after it could not read one.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._told = folder, False

    def get(self, key: str) -> bytes | None:
        """The entry of that name, as JAX wrote it; None where there is none that can be read."""
        try:
            return reading.content(self._path / f"{key}{SUFFIX}", largest=None)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._tell(error)
            return None

    def put(self, key: str, value: bytes) -> None:
        """Writes an entry, whatever was there before; where that fails the training goes on.

        It is not forced to the disk, which would take longer than it is worth.
        """
        part = self._path / f"{uuid.uuid4().hex}{SUFFIX}"
        try:
            part.write_bytes(value)
            part.replace(self._path / f"{key}{SUFFIX}")
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)  # half an entry would take the room of others
            self._tell(error)

    def _tell(self, error: OSError) -> None:
        if not self._told:
            self._told = True
            log.warning("%s", problem(self._path, error))


def problem(folder: Path, error: OSError) -> str:
    """One sentence about a folder in which programs cannot be kept."""
    return (
        f"{folder} cannot hold compiled programs ({storage.why(error, folder)}): "
        "they are compiled anew. compile_cache=DIR keeps them elsewhere."
    )


def install() -> None:
    """Lets JAX keep its programs in this way, wherever it does so on this machine."""
    compilation_cache.get_file_cache = _file_cache


_others = compilation_cache.get_file_cache


def _file_cache(path: str) -> tuple[CacheInterface, str] | None:
    found: tuple[CacheInterface, str] | None = (ProgramCache(Path(path)), path)
    return _others(path) if "://" in path else found
