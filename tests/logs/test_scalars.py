"""metrics.jsonl: whole rows, exact numbers, and what is dropped when a run is resumed."""

import json
import math
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from gan_cli.errors import DataError
from gan_cli.logs.scalars import ScalarFile, keep, plain, read


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "metrics.jsonl"


def write(path: Path, *steps: int) -> None:
    file = ScalarFile(path)
    for step in steps:
        file.write(step, step / 8, {"loss/generator": step * 0.1})
    file.close()


def test_a_row_is_one_line(path: Path) -> None:
    file = ScalarFile(path)
    file.write(5, 1.23456, {"loss/generator": 0.5, "divergence/hinge": -2.0})
    assert path.read_text() == (
        '{"step": 5, "wall_seconds": 1.235, "loss/generator": 0.5, "divergence/hinge": -2.0}\n'
    ), "on the disk before the file is closed"
    file.close()


def test_numbers_come_back_to_the_bit(path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 2**32, 1000, np.uint32).view(np.float32)
    file = ScalarFile(path)
    for step, value in enumerate(values[np.isfinite(values)]):
        file.write(step, 0.0, {"x": float(value)})
    file.close()
    for row in read(path):
        wanted = float(values[np.isfinite(values)][row["step"]])
        assert struct.pack("d", row["x"]) == struct.pack("d", wanted)


def test_what_is_not_finite_is_a_text(path: Path) -> None:
    file = ScalarFile(path)
    file.write(1, 0.0, {"a": math.nan, "b": math.inf, "c": -math.inf})
    file.close()
    assert path.read_text() == (
        '{"step": 1, "wall_seconds": 0.0, "a": "nan", "b": "inf", "c": "-inf"}\n'
    )
    json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    assert math.isnan(float(str(plain(math.nan))))
    assert plain(0.25) == 0.25


def test_a_file_is_gone_on_with(path: Path) -> None:
    write(path, 1, 2)
    write(path, 3)
    assert [row["step"] for row in read(path)] == [1, 2, 3]


def test_a_last_row_cut_short_is_left_out(path: Path) -> None:
    write(path, 1, 2, 3)
    whole = path.read_bytes()
    last = whole.rindex(b'{"step": 3')
    for end in range(last, len(whole)):
        path.write_bytes(whole[:end])
        assert [row["step"] for row in read(path)] == [1, 2]
    path.write_bytes(whole)
    assert [row["step"] for row in read(path)] == [1, 2, 3]


def test_no_file_has_no_rows(path: Path) -> None:
    assert read(path) == []
    assert keep(path, lambda step: True) == []
    assert not path.exists()


def test_unwanted_rows_are_dropped(path: Path) -> None:
    write(path, 10, 20, 30, 40)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines) + lines[0][:9])
    rows = keep(path, lambda step: step <= 20)
    assert [row["step"] for row in rows] == [10, 20]
    assert path.read_text() == "".join(lines[:2]), "as they were, to the letter"
    assert [p.name for p in path.parent.iterdir()] == ["metrics.jsonl"]
    write(path, 25)
    assert [row["step"] for row in read(path)] == [10, 20, 25]
    assert keep(path, lambda step: False) == []
    assert path.read_text() == ""


@pytest.mark.parametrize(
    "line",
    [
        *(b"", bytes(20), b"\xff", b"[]", b"{}", b"3", b'{"step": 3, "wall'),
        *(
            b'{"step": "3"}',
            b'{"step": true}',
            b'{"step": 3.0}',
            b'{"step": -3}',
            b'{"step": null}',
        ),
        *(b'{"step": 3, "x": "1"}', b'{"step": 3, "x": [1]}', b'{"step": 3, "x": null}'),
        *(b'{"step": 3, "x": 1e999}', b'{"step": 3, "x": NaN}', b'{"step": 3, "\\ud800": 1}'),
        b'{"step": 3, "x": 1%s}' % (b"0" * 5000),
        b"[" * 100_000,
    ],
)
def test_a_damaged_line_is_left_out_and_named(
    path: Path, caplog: pytest.LogCaptureFixture, line: bytes
) -> None:
    write(path, 1, 2)
    path.write_bytes(path.read_bytes() + line + b"\n")
    write(path, 4)
    assert [row["step"] for row in read(path)] == [1, 2, 4]
    assert caplog.messages == [f"{path}: left out as damaged: line 3."]


def test_of_many_damaged_lines_the_first_are_named(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.write_bytes(b"x\n" * 7)
    assert read(path) == []
    assert caplog.messages == [f"{path}: left out as damaged: lines 1, 2, 3, 4, 5 and 2 more."]


def test_what_is_no_file_is_not_waited_for(path: Path) -> None:
    os.mkfifo(path)
    with pytest.raises(DataError) as refused:
        read(path)
    assert str(refused.value) == f"{path} cannot be read: it is a pipe or a device."
