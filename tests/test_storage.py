"""A file system that refuses to write is named, with what it has left."""

import errno
import os
from pathlib import Path

import pytest

from gan_cli import storage
from gan_cli.errors import DataError, sentence
from gan_cli.job import unwritable


def refused(number: int, path: Path) -> OSError:
    return OSError(number, os.strerror(number), str(path))


def test_each_refusal_names_the_file_and_its_file_system(tmp_path: Path) -> None:
    path = tmp_path / "not" / "there.npz"
    mount = storage.mount_point(path)
    assert mount.is_mount()
    assert mount in path.parents
    full, used_up, closed, broken, large, open_files = (
        sentence(refused(number, path)).removeprefix(f"{path} cannot be written: ")
        for number in storage.REFUSALS
    )
    assert full.startswith(f"the file system at {mount} has too little room, with ")
    assert full.endswith(" free.")
    assert used_up.startswith(f"your quota on the file system at {mount} is used up, although ")
    assert closed == f"the file system at {mount} can only be read."
    assert broken == f"the disk of the file system at {mount} reports an input/output error."
    assert large == "it would be larger than files may be, by the limit that `ulimit -f` shows."
    assert open_files == "the process may open no more files, by the limit that `ulimit -n` shows."


@pytest.mark.parametrize("number", storage.REFUSALS)
def test_a_refusal_is_found_in_the_words_of_a_library(number: int) -> None:
    error = ValueError(f"Error writing d/0 [OS error {number}: {os.strerror(number)}]")
    found = storage.refusal(error)
    assert found is not None
    assert found.errno == number


def test_every_refusal_has_a_remedy() -> None:
    assert set(unwritable.REMEDIES) == set(storage.REFUSALS)


def test_a_file_system_without_room_for_more_files_is_told_from_a_full_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = os.statvfs(tmp_path)
    used_up = os.statvfs_result((*found[:5], 1000, 0, 0, *found[8:10]))
    monkeypatch.setattr(os, "statvfs", lambda _: used_up)
    told = storage.why(refused(errno.ENOSPC, tmp_path), tmp_path)
    assert " holds as many files as it can, although " in told


@pytest.mark.parametrize("below", ["", "a", "a/b"])
def test_a_file_in_the_place_of_a_folder_is_named(below: str, tmp_path: Path) -> None:
    file = tmp_path / "outputs"
    assert storage.in_the_way(file / below) is None
    file.touch()
    for number in storage.OCCUPIED:
        path = file / below
        assert storage.why(refused(number, path), path) == f"{file} is not a folder"
    assert storage.why(refused(errno.EEXIST, tmp_path), tmp_path) == "File exists"


def test_other_errors_keep_the_systems_words(tmp_path: Path) -> None:
    closed = refused(errno.EACCES, tmp_path)
    assert storage.refusal(closed) is None
    assert storage.why(closed, tmp_path) == "Permission denied"
    assert sentence(closed) == f"{tmp_path}: Permission denied."


def test_a_refusal_is_found_in_what_a_library_makes_of_it() -> None:
    words = ValueError('RESOURCE_EXHAUSTED: "/x/ocdbt": [OS error 122: Disk quota exceeded]')
    found = storage.refusal(words)
    assert found is not None
    assert (found.errno, found.filename) == (errno.EDQUOT, None)
    told = RuntimeError("it did not work")
    told.__cause__ = words
    assert storage.refusal(told) is not None
    assert storage.refusal(DataError("a file is damaged")) is None


def test_room_is_checked_before_a_write(tmp_path: Path) -> None:
    storage.check_room(tmp_path, 1)
    with pytest.raises(OSError, match="No space left"):
        storage.check_room(tmp_path, 2**70)


def test_a_file_is_named_for_a_refusal_alone(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"/a\.npy"), storage.naming(tmp_path / "a.npy"):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    with pytest.raises(FileNotFoundError) as kept, storage.naming(tmp_path / "a.npy"):
        (tmp_path / "b").read_bytes()
    assert kept.value.filename == str(tmp_path / "b")


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 bytes"), (1023, "1023 bytes"), (1536, "1.5 KiB"), (2**41, "2.0 TiB")]
)
def test_sizes_are_told_in_the_unit_that_fits(count: int, text: str) -> None:
    assert storage.size(count) == text
