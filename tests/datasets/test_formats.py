"""A file of another kind is told what to do with it."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli.datasets.array import Array
from gan_cli.datasets.formats import CONVERSIONS, advice
from gan_cli.datasets.images import Images
from gan_cli.errors import DataError


def test_a_table_of_numbers_is_converted_by_what_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.csv").write_text("1,2\n3,4\n")
    with pytest.raises(DataError) as refused:
        _ = Array(path="x.csv").shape
    text, _, program = str(refused.value).partition(" Convert it in Python: ")
    assert text == "x.csv is no .npy or .npz file."
    exec(program, {})
    np.testing.assert_array_equal(Array(path="x.npy").split("train").examples, [[1, 2], [3, 4]])


def test_what_another_data_set_reads(tmp_path: Path) -> None:
    for name in ("x.zip", "x.npy", "x.png"):
        (tmp_path / name).touch()
    told = {
        Array(path=str(tmp_path)): "It is a folder: dataset=images reads a folder of images.",
        Array(path=str(tmp_path / "x.zip")): "Unpack it first: dataset=images reads a folder of ",
        Images(path=str(tmp_path / "x.npy")): "dataset=array reads an array.",
        Images(path=str(tmp_path / "x.png")): "One image is no data set: name the folder that ",
    }
    for dataset, text in told.items():
        with pytest.raises(DataError) as refused:
            _ = dataset.shape
        assert text in str(refused.value)


def test_each_conversion_is_python() -> None:
    for suffix in CONVERSIONS:
        compile(advice(Path(f"a b{suffix}")).partition(": ")[2], suffix, "exec")
    assert advice(Path("x.unknown")) == ""


def test_channels_that_come_first(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((2, 3, 8, 8), np.uint8))
    with pytest.raises(DataError, match=r"np\.moveaxis\(array, 1, -1\) puts the channels last\."):
        _ = Array(path=str(tmp_path / "x.npy")).shape
