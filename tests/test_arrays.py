"""Arrays that are read: as they were written, and never without knowing how large they are."""

import errno
import os
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli import arrays
from gan_cli.errors import DataError

NUMBERS = np.arange(24, dtype=np.float32).reshape(2, 3, 4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.npz"


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_an_array_comes_back_as_it_was(path: Path, save) -> None:
    kept = {"a": NUMBERS, "fortran": np.asfortranarray(NUMBERS), "none": np.zeros((0, 3), ">f8")}
    save(path, **kept)
    assert arrays.names(path) == [*kept]
    for name, array in kept.items():
        found = arrays.unpacked(path, name)
        assert (found.dtype, found.shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(found, array)


def test_a_npy_is_mapped_and_has_no_names(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", NUMBERS)
    assert arrays.names(tmp_path / "a.npy") is None
    found = arrays.mapped(tmp_path / "a.npy")
    assert isinstance(found, np.memmap)
    np.testing.assert_array_equal(found, NUMBERS)


def test_a_npy_is_read_where_the_file_system_maps_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENODEV, "No such device")

    monkeypatch.setattr("mmap.mmap", fail)
    path = tmp_path / "a.npy"
    np.save(path, NUMBERS)
    found = arrays.mapped(path)
    assert not isinstance(found, np.memmap)
    np.testing.assert_array_equal(found, NUMBERS)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match="shorter than its header says"):
        arrays.mapped(path)


def test_what_is_no_array_has_no_name(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("read.me", "text")
    assert arrays.names(path) == []


def test_a_large_array_is_refused_by_its_header(path: Path) -> None:
    """Three GiB of zeros, of which the header alone is written."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.npy", "w") as a,
    ):
        np.lib.format.write_array_header_1_0(
            a, {"descr": "|u1", "fortran_order": False, "shape": (3 * 2**20, 1024)}
        )
        a.write(bytes(2**20))
    tracemalloc.start()
    with pytest.raises(DataError) as refused:
        arrays.unpacked(path, "a")
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert str(refused.value) == (
        f"{path}: the array 'a' takes 3,072 MiB of memory once it is unpacked, and 1,024 MiB are "
        "the most. Save it in a .npy file, which is read piece by piece: np.save(FILE, array)"
    )


@pytest.mark.parametrize(
    ("place", "change", "how"),
    [(8, 1, "encrypted"), (10, 9, "packed by method 9 of zip")],
)
def test_what_cannot_be_unpacked_is_not_called_damaged(
    path: Path, place: int, change: int, how: str
) -> None:
    """The flags and the method of packing stand in the archive's list of members."""
    np.savez(path, a=NUMBERS)
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\1\2") + place] |= change
    path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        arrays.unpacked(path, "a")
    assert str(refused.value) == (
        f"{path}: a.npy is {how}, which cannot be read. np.savez(FILE, name=array) writes what can."
    )


def test_a_changed_value_is_noticed(path: Path) -> None:
    np.savez(path, a=NUMBERS)
    content = bytearray(path.read_bytes())
    content[content.index(NUMBERS.tobytes()) + 5] ^= 1
    path.write_bytes(content)
    with pytest.raises(zipfile.BadZipFile, match="CRC"):
        arrays.unpacked(path, "a")


def test_objects_are_never_made(path: Path) -> None:
    np.savez(path, a=np.array([{}], object))
    with pytest.raises(ValueError, match="no plain numbers"):
        arrays.unpacked(path, "a")


def test_a_pipe_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    for read in (arrays.names, arrays.mapped, lambda each: arrays.unpacked(each, "a")):
        with pytest.raises(OSError, match="it is a pipe or a device"):
            read(path)


def test_a_file_says_how_many_examples_it_holds(tmp_path: Path, path: Path) -> None:
    np.save(tmp_path / "a.npy", NUMBERS)
    np.savez_compressed(path, x=NUMBERS[:1])
    np.savez(tmp_path / "two.npz", x=NUMBERS, y=NUMBERS)
    np.save(tmp_path / "one.npy", np.float32(3))
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY and no more")
    (tmp_path / "broken.npz").write_bytes(b"PK\3\4 and no more")
    names = ("a.npy", "mine.npz", "two.npz", "one.npy", "broken.npy", "broken.npz", "none.npy")
    assert [arrays.length(tmp_path / name) for name in names] == [2, 1, *[None] * 5]
