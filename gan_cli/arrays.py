"""Arrays in .npy and .npz files that anybody may have written; nothing is unpacked unmeasured."""

import contextlib
import logging
import math
import zipfile
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from gan_cli import reading
from gan_cli.errors import DataError

LARGEST = 2**30
"""The most bytes of an array that is unpacked, which takes as much memory."""

ARCHIVE = (b"PK\3\4", b"PK\5\6")
"""What an .npz file begins with, a full one and one without arrays."""

log = logging.getLogger(__name__)

ENDING = ".npy"
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def names(path: Path) -> list[str] | None:
    """The names of the arrays in an .npz file; None for any other file.

    Raises:
        Exception: whatever a file that is damaged makes of it; see `reading.naming`.
    """
    with reading.opened(path) as file:
        if file.read(4) not in ARCHIVE:
            return None
        with zipfile.ZipFile(file) as archive:
            inside = archive.namelist()
    return [name.removesuffix(ENDING) for name in inside if name.endswith(ENDING)]


def mapped(path: Path) -> np.ndarray:
    """The array in a .npy file, of which only what is used is read into memory.

    Some network and FUSE file systems cannot map a file; then the whole of it is read.

    Raises:
        Exception: whatever a file that is damaged makes of it; see `reading.naming`.
    """
    with reading.opened(path) as file:
        try:
            return np.asanyarray(np.load(path, mmap_mode="r", allow_pickle=False))
        except OSError as error:
            if error.filename is not None:  # it could not even be opened
                raise
            log.info("%s is read as a whole, since it cannot be mapped: %s", path, error.strerror)
        if _size(file) > path.stat().st_size - file.tell():
            raise ValueError("it is shorter than its header says")
        file.seek(0)
        return np.asanyarray(npy.read_array(file, allow_pickle=False))


def length(path: Path) -> int | None:
    """How many examples a .npy file, or the only array of an .npz file, says that it holds.

    None where it says nothing, as a damaged file or one with several arrays.
    """
    try:
        held = names(path)
        if held is not None and len(held) != 1:
            return None
        with contextlib.ExitStack() as opened:
            file: IO[bytes] = opened.enter_context(reading.opened(path))
            if held is not None:
                archive = opened.enter_context(zipfile.ZipFile(file))
                file = opened.enter_context(archive.open(f"{held[0]}{ENDING}"))
            shape = _header(file)[0]
    except Exception as error:  # whatever a file that is damaged makes of it
        log.info("%s does not say how much it holds", path, exc_info=error)
        return None
    return shape[0] if shape else None


def unpacked(path: Path, name: str) -> np.ndarray:
    """An array of an .npz file, which is measured by its header before it is unpacked.

    Raises:
        DataError: if it is too large, encrypted, or packed in a way that Python does not know.
        Exception: whatever a file that is damaged makes of it; see `reading.naming`.
    """
    with reading.opened(path) as file, zipfile.ZipFile(file) as archive:
        member = archive.getinfo(f"{name}{ENDING}")
        _check_packing(path, member)
        with archive.open(member) as packed:
            size = _size(packed)
        if size > LARGEST:
            raise DataError(
                f"{path}: the array '{name}' takes {size / 2**20:,.0f} MiB of memory once it is "
                f"unpacked, and {LARGEST / 2**20:,.0f} MiB are the most. Save it in a .npy file, "
                "which is read piece by piece: np.save(FILE, array)"
            )
        with archive.open(member) as packed:
            array: np.ndarray = npy.read_array(packed, allow_pickle=False)
            if packed.read(1):  # at the end the checksum is compared
                raise ValueError("something follows the array")
    return array


def _check_packing(path: Path, member: zipfile.ZipInfo) -> None:
    """Refuses what cannot be unpacked although it may be whole."""
    known = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    is_encrypted = member.flag_bits & 1
    if is_encrypted or member.compress_type not in known:
        how = "encrypted" if is_encrypted else f"packed by method {member.compress_type} of zip"
        raise DataError(
            f"{path}: {member.filename} is {how}, which cannot be read. "
            "np.savez(FILE, name=array) writes what can."
        )


def _size(file: IO[bytes]) -> int:
    """The bytes of memory that an array takes, by its header.

    Raises:
        ValueError: if it is none of plain numbers.
    """
    shape, dtype = _header(file)
    if dtype.hasobject or any(length < 0 for length in shape):
        raise ValueError("no plain numbers")
    return math.prod(shape) * dtype.itemsize


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype]:
    """The shape and the type that an array is said to have."""
    shape, _, dtype = HEADERS[npy.read_magic(file)](file)
    return shape, dtype
