import os
from pathlib import Path

import pytest

from gan_cli.datasets.folders import data_folder, new_file
from gan_cli.errors import DataError
from gan_cli.files import cache_folder


def test_the_data_folder_is_the_first_that_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("GAN_DATA_DIR", str(tmp_path / "data"))
    assert data_folder("~/mine") == Path.home() / "mine"
    assert data_folder(None) == tmp_path / "data"
    monkeypatch.delenv("GAN_DATA_DIR")
    assert data_folder(None) == cache_folder() == tmp_path / "cache" / "gan"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert data_folder(None) == Path.home() / ".cache" / "gan"


def test_a_relative_folder_is_named_in_full(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert data_folder("here") == tmp_path / "here"


def test_a_new_file_makes_its_folder_and_appears_whole_at_the_end(tmp_path):
    path = tmp_path / "new" / "file"
    with new_file(path) as out:
        out.write(b"half")
        assert not path.exists()
        out.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(path.parent.iterdir()) == [path]


def test_halves_that_killed_processes_left_are_deleted_once_they_are_old(tmp_path):
    path = tmp_path / "file"
    old, young = (tmp_path / f".file.{letter * 32}.part" for letter in "ab")
    other = tmp_path / f".other.{'a' * 32}.part"
    for part in (old, young, other):
        part.write_bytes(b"half")
    for part in (old, other):
        os.utime(part, (1, 1))
    with new_file(path) as out:
        out.write(b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([path, young, other])


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / "file" / "below"
    with pytest.raises(DataError) as caught, new_file(path):
        pass
    assert str(caught.value) == f"{path} cannot be written: {tmp_path}/file is not a folder."
