"""Arrays in files, on file systems that map none."""

import errno
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli.datasets.array import Array
from gan_cli.datasets.mapped import load
from gan_cli.errors import DataError


@pytest.fixture
def _no_mapping(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENODEV, "No such device")

    monkeypatch.setattr("mmap.mmap", fail)


@pytest.mark.usefixtures("_no_mapping")
def test_what_cannot_be_mapped_is_read(tmp_path: Path) -> None:
    images = np.arange(256, dtype=np.uint8).reshape(16, 4, 4)
    np.save(tmp_path / "x.npy", images)
    assert not isinstance(load(tmp_path / "x.npy"), np.memmap)
    dataset = Array(path=str(tmp_path / "x.npy"), validation=0, test=0)
    examples = dataset.split("train").examples
    np.testing.assert_array_equal(np.sort(examples.ravel()), np.arange(256))


def test_what_can_be_mapped_is(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros(4))
    assert isinstance(load(tmp_path / "x.npy"), np.memmap)


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.npy").mkdir()
    with pytest.raises(IsADirectoryError):
        load(tmp_path / "x.npy")
    np.save(tmp_path / "y.npy", np.zeros((4, 4, 4), np.uint8))
    (tmp_path / "y.npy").write_bytes((tmp_path / "y.npy").read_bytes()[:-1])
    with pytest.raises(DataError, match=r"y\.npy cannot be read: it is damaged"):
        Array(path=str(tmp_path / "y.npy")).split("train")
