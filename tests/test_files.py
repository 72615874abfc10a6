"""Files appear whole or not at all, and the cache folder is where the user wants it."""

import errno
import os
import tempfile
from pathlib import Path

import pytest

from gan_cli import files
from gan_cli.errors import UsageError
from gan_cli.files import (
    atomic_file,
    cache_folder,
    discard_parts,
    path_of,
    user_cache,
    write_atomically,
    write_new,
)


def test_the_file_appears_whole_at_the_end(tmp_path):
    path = tmp_path / "file"
    with atomic_file(path) as out:
        out.write(b"half")
        assert not path.exists()
        out.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt])
def test_what_is_raised_leaves_the_old_file_and_nothing_else(tmp_path, raised):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def begin():
        with atomic_file(path) as out:
            out.write(b"new")
            raise raised

    with pytest.raises(raised):
        begin()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_process_left_is_discarded_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [tmp_path / ".mine.part", tmp_path / "file"]
    for path in others:
        path.write_bytes(b"whole")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)
        killed.setattr(Path, "replace", lambda *_: None)
        write_atomically(tmp_path / "file", b"half")
    assert len(list(tmp_path.iterdir())) == 3
    discard_parts(tmp_path)
    discard_parts(tmp_path / "none")
    assert sorted(tmp_path.iterdir()) == others


def test_a_file_is_replaced_in_one_step(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with path.open("rb") as before:
        write_atomically(path, b"new")
        assert before.read() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_the_content_is_on_the_disk_before_it_takes_the_place(tmp_path, monkeypatch):
    path, synced = tmp_path / "file", []
    monkeypatch.setattr("os.fsync", lambda _: synced.append(path.exists()))
    write_atomically(path, b"new")
    assert synced == [False]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "missing" / "file", b"")
    assert list(tmp_path.iterdir()) == []


def test_the_cache_folder_is_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert cache_folder() == tmp_path / "cache" / "gan"
    for unset in (lambda: monkeypatch.setenv("XDG_CACHE_HOME", ""), monkeypatch.undo):
        unset()
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        assert cache_folder() == Path.home() / ".cache" / "gan"


@pytest.mark.parametrize(("number", "refused"), [(errno.EINVAL, False), (errno.ENOSPC, True)])
def test_a_file_system_without_fsync_is_no_error(tmp_path, monkeypatch, number, refused):
    def fail(_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    if refused:
        with pytest.raises(OSError, match="No space left"):
            write_atomically(tmp_path / "file", b"new")
    else:
        write_atomically(tmp_path / "file", b"new")
    assert (tmp_path / "file").exists() != refused


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    """The folder for temporary files of a user whom the system does not know, as in containers."""
    (tmp_path / "tmp").mkdir()
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.path.expanduser", str)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    files._temporary.cache_clear()
    yield tmp_path / "tmp"
    files._temporary.cache_clear()


def test_a_user_without_a_home_has_a_cache_of_their_own(homeless):
    assert user_cache() is None
    assert cache_folder() == next(homeless.iterdir())
    assert cache_folder().stat().st_mode & 0o777 == 0o700
    with pytest.raises(UsageError) as caught:
        path_of("~/data")
    assert str(caught.value) == (
        "~/data: there is no home directory to put in the place of ~. Write the whole path."
    )


def test_a_folder_that_somebody_else_made_is_not_used(homeless):
    taken = homeless / f"gan-{os.getuid()}"
    taken.symlink_to(homeless.parent)
    assert cache_folder() not in (taken, homeless.parent)
    assert cache_folder().parent == homeless


def test_a_home_that_cannot_be_written_is_not_used(homeless, monkeypatch):
    monkeypatch.setenv("HOME", "/proc")
    monkeypatch.setattr("os.path.expanduser", lambda path: path.replace("~", "/proc"))
    assert user_cache() == Path("/proc/.cache/gan")
    assert cache_folder().parent == homeless


def test_a_new_file_takes_no_ones_place(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.png"
    assert write_new(path, b"1") == write_new(path, b"1") == path
    assert write_new(path, b"2") == write_new(path, b"2") == path.with_name("b-1.png")
    assert path.read_bytes() == b"1"


def test_a_home_is_found_and_other_names_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert path_of("~/x.npy") == Path("/home/me/x.npy")
    assert path_of("~no such user/x") == Path("~no such user/x")


def test_a_folder_that_was_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with pytest.raises(KeyError), files.made_folder(kept / "new" / "er"):
        assert (kept / "new" / "er").is_dir()
        raise KeyError
    assert list(kept.iterdir()) == []
    with pytest.raises(KeyError), files.made_folder(kept / "new" / "er"):
        (kept / "new" / "of another program").touch()
        raise KeyError
    assert [path.name for path in kept.rglob("*")] == ["new", "of another program"]
    with files.made_folder(kept / "whole"):
        pass
    assert (kept / "whole").is_dir()


def test_a_picture_that_cannot_be_written_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "write_atomically", full)
    with pytest.raises(OSError, match="No space left"):
        write_new(tmp_path / "plots" / "new" / "x.png", b"x")
    assert list(tmp_path.iterdir()) == []
