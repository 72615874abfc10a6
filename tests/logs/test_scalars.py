"""metrics.jsonl: whole rows, exact numbers, and what is dropped when a run is resumed."""

import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest

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


def test_damaged_lines_are_left_out_with_a_warning(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The zeros that a loss of power leaves, a line that was cut off and gone on with."""
    write(path, 1, 2)
    damage = b'{"step": 3, "wall\n' + bytes(20) + b"\xff\n[]\n"
    path.write_bytes(path.read_bytes() + damage)
    write(path, 4)
    assert [row["step"] for row in read(path)] == [1, 2, 4]
    assert caplog.messages == [f"{path}: 3 damaged lines are left out."]
