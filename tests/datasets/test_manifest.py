import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli.datasets import manifest
from gan_cli.errors import DataError


def overwrite(path: Path) -> None:
    """Changes the content of a file, and puts its time back."""
    before = path.stat()
    path.write_bytes(b"other")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    """Puts a file with the same size and time in the place of another."""
    before, new = path.stat(), path.with_name("new")
    new.write_bytes(path.read_bytes())
    os.utime(new, ns=(before.st_atime_ns, before.st_mtime_ns))
    new.replace(path)


@pytest.mark.parametrize("change", [overwrite, replace, os.utime])
def test_what_happens_to_a_file_shows(change: Callable[[Path], None], tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"bytes")
        os.utime(tmp_path / name, ns=(0, 1))
    start = manifest.of(tmp_path, ["a", "b"])
    assert manifest.of(tmp_path, ["a", "b"]) == start
    change(tmp_path / "b")
    assert manifest.of(tmp_path, ["a", "b"]) != start
    assert manifest.of(tmp_path, ["b", "a"]) != manifest.of(tmp_path, ["a", "b"])


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone cannot be read: No such file or directory\.$"):
        manifest.of(tmp_path, ["gone"])
