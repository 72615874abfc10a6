"""Files that anybody may have written: read within bounds, or refused in one sentence."""

import os
from pathlib import Path
from typing import Any, Literal, TypedDict

import pytest

from gan_cli import reading
from gan_cli.errors import DataError, UsageError


class Both(TypedDict):
    a: int
    b: float


def test_a_file_is_read_whole_up_to_a_size(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"12345")
    assert reading.content(path, 5) == reading.content(path, None) == b"12345"
    with pytest.raises(OSError, match="it holds more than 4 bytes"):
        reading.content(path, 4)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in (
        (tmp_path / "pipe", "it is a pipe or a device"),
        (Path("/dev/zero"), "it is a pipe or a device"),
        (tmp_path, "Is a directory"),
        (tmp_path / "none", "No such file or directory"),
    ):
        with pytest.raises(DataError) as refused, reading.naming(path, "is damaged."):
            reading.content(path)
        assert str(refused.value) == f"{path} cannot be read: {reason}."


def test_an_error_of_a_parser_is_a_sentence_and_others_stay_what_they_are() -> None:
    with (
        pytest.raises(DataError, match=r"^x is damaged\.$"),
        reading.naming(Path("x"), "is damaged."),
    ):
        raise IndexError
    with (
        pytest.raises(DataError, match=r"^x KeyError$"),
        reading.naming(Path("x"), lambda error: type(error).__name__),
    ):
        raise KeyError
    for kind in (UsageError, MemoryError, KeyboardInterrupt):
        with pytest.raises(kind), reading.naming(Path("x"), "is damaged."):
            raise kind


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"[" * 100_000, rb'"\ud800"', b"1" * 5000])
def test_what_is_no_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        reading.json_value(text)
    assert reading.json_value(rb'{"a": ["\u00fc", 1e3, null]}') == {"a": ["ü", 1000.0, None]}


def test_aliases_are_counted_as_often_as_they_repeat_something() -> None:
    assert reading.yaml_text(b"a: &x [1]\nb: *x\n") == "a: &x [1]\nb: *x\n"
    lines = [
        b"x0: &x0 [1, 1]",
        *(b"x%d: &x%d [*x%d, *x%d]" % (i, i, i - 1, i - 1) for i in range(1, 40)),
    ]
    with pytest.raises(ValueError, match="it stands for more than 100,000 values"):
        reading.yaml_text(b"\n".join(lines))
    with pytest.raises(ValueError, match="refers to the very value that it is in"):
        reading.yaml_text(b"&x [*x]")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("20", 20),
        *((text, None) for text in ("", "٣", "²", "007", "-1", "1_0", " 1", "1\n", "9" * 200)),
    ],
)
def test_a_name_is_a_number_or_none(text: str, number: int | None) -> None:
    assert reading.number(text) == number


@pytest.mark.parametrize(
    ("hint", "fitting", "others"),
    [
        (int, (0, -5), (True, 1.0, "1", None, 2**63)),
        (float, (0, 1.5), (True, "1", None, float("nan"), float("inf"), 10**400)),
        (str, ("", "x"), (1, None, [])),
        (list[int], ([], [1]), ([1.5], {}, "1")),
        (dict[str, str], ({}, {"a": "b"}), ({"a": 1}, [])),
        (float | Literal["nan"], (1, "nan"), ("inf", [])),
        (Both, ({"a": 1, "b": 2, "c": []},), ({"a": 1}, {"a": 1.5, "b": 2}, [])),
        (Any, (1, None, []), ()),
    ],
)
def test_a_value_fits_a_type(hint: Any, fitting: tuple[Any], others: tuple[Any]) -> None:
    assert all(reading.fits(value, hint) for value in fitting)
    assert not any(reading.fits(value, hint) for value in others)
