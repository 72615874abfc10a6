"""Published files as other programs leave them: in other folders, under other names, unpacked."""

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from gan_cli import reading
from gan_cli.datasets.downloads import PublishedFile, fault
from gan_cli.errors import DataError

ENDINGS = (".gz", "", ".bz2", ".xz", ".zip")

LARGEST = 2**26
"""The most bytes of a published file, packed or not; the largest has 47,040,016."""

LAYERS = 4
"""How often a file may be packed: there are files that hold themselves."""


class Located(NamedTuple):
    """A file that was looked for.

    path: where it is, or where it would be downloaded to.
    state: "ok", "missing", or "damaged" or "unreadable" and how.
    packed: what the file holds; empty unless it is ok.
    """

    path: Path
    state: str
    packed: bytes = b""


def locate(file: PublishedFile, folders: Sequence[Path], root: Path) -> Located:
    """Finds a published file by its content, whatever its name and packing.

    Args:
        file: the file.
        folders: where its data set may be; the file would be downloaded to the first.
        root: a folder that may hold it too, beside files of other data sets.

    Returns:
        The first one whose content is right, or else the first one in `folders` that is damaged or
        cannot be read, or else the place of the file that is missing.
    """
    wrong: list[Located] = []
    for path in _places(file.name, folders):
        found = _read(path, file)
        if found.state == "ok":
            return found
        wrong += [] if found.state == "missing" else [found]
    for path in _places(file.name, [root]):
        if (found := _read(path, file)).state == "ok":
            return found
    return wrong[0] if wrong else Located(folders[0] / file.name, "missing")


def unpacked(content: bytes, path: Path) -> bytes:
    """Takes away every packing: gzip, bzip2, xz, and zip around a single file.

    Raises:
        DataError: if it is broken, or holds more than any published file; the text names `path`.
    """
    for _ in range(LAYERS):
        unpacking = _unpacking(content)
        if unpacking is None:
            return content
        with reading.naming(path, _fault), unpacking(io.BytesIO(content)) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise DataError(f"{path} cannot be unpacked: it holds more than {LARGEST:,} bytes.")
    raise DataError(f"{path} cannot be unpacked: it is packed more than {LAYERS} times.")


def _fault(error: Exception) -> str:
    """Why something cannot be unpacked."""
    return f"cannot be unpacked: {str(error) or 'it is damaged'}."


def _places(name: str, folders: Sequence[Path]) -> Iterator[Path]:
    """Where a file such as train-images-idx3-ubyte.gz may be: MNIST's publishers use a dot too."""
    stem = name.removesuffix(".gz")
    for folder in folders:
        for base in (stem, stem.replace("-idx", ".idx")):
            yield from (folder / f"{base}{ending}" for ending in ENDINGS)


def _read(path: Path, file: PublishedFile) -> Located:
    try:
        content = reading.content(path, LARGEST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):  # or no path
        return Located(path, "missing")
    except OSError as error:
        return Located(path, f"unreadable: {error.strerror}")
    wrong = fault(content, file)
    if wrong is None or _holds(content, path, file):
        return Located(path, "ok", content)
    same_form = path.name == file.name
    return Located(
        path, f"damaged: {wrong if same_form else 'its content is not what was published'}"
    )


def _holds(content: bytes, path: Path, file: PublishedFile) -> bool:
    """Whether the unpacked content is the published one."""
    try:
        return hashlib.sha256(unpacked(content, path)).hexdigest() == file.unpacked
    except DataError:
        return False


def _unpacking(content: bytes) -> Callable[[IO[bytes]], AbstractContextManager[IO[bytes]]] | None:
    """What opens the outermost packing, by the bytes that it begins with."""
    known: dict[bytes, Any] = {
        b"\x1f\x8b": gzip.open,
        b"BZh": bz2.open,
        b"\xfd7zXZ": lzma.open,
        b"PK\3\4": _only_member,
    }
    return next((opens for start, opens in known.items() if content.startswith(start)), None)


@contextmanager
def _only_member(file: IO[bytes]) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise zipfile.BadZipFile(f"it holds {len(names)} files")
        with archive.open(names[0]) as member:
            yield member
