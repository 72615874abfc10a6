"""Every reader of a file gives a value or refuses in a sentence that names the file: fuzzed.

Each begins with a file that is whole and changes its bytes, its words and its lines. The short form
tries 100 changed files of each kind, the long one 10,000.
"""

import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gan_cli.errors import GanError
from tests.readers import PICTURE, READERS

ODD = [
    *(b"", b"\0", b"\xff\xfe", b"\n", b"'", b'"', b"{", b"[]", b"{}", b"null", b"true", b'"x"'),
    *(b"-1", b"0", b"1e999", b"NaN", b".inf", b"9" * 400, b"9" * 5000, b"[" * 1200, b"\\ud800"),
    *(
        b"${x}",
        b"${a}${a}",
        b"${oc.env:NONE}",
        b"&a [*a]",
        b"!!binary eA==",
        b"!!int ''",
        b"2020-99-99",
    ),
    *(b"!!python/object/apply:os.system [exit]", b"? [a]\n: b", b"---\n", b"~", b"\xd9\xa3"),
]
PLACE = st.floats(0, 1, exclude_max=True)
CHANGE = st.tuples(
    st.sampled_from(["cut", "flip", "insert", "word", "line", "repeat"]),
    PLACE,
    PLACE,
    st.one_of(st.sampled_from(ODD), st.binary(min_size=1, max_size=4)),
)


def changed(whole: bytes, change: tuple[str, float, float, bytes]) -> bytes:
    """A file with one change."""
    kind, first, second, text = change
    start, end = sorted((int(first * len(whole)), int(second * len(whole))))
    if kind == "cut":
        return whole[:start] if text < b"0" else whole[:start] + whole[end:]
    if kind == "flip":
        return (
            whole[:start] + bytes([whole[start] ^ (1 + int(second * 255))]) + whole[start + 1 :]
            if whole
            else b""
        )
    if kind == "insert":
        return whole[:start] + text + whole[start:]
    if kind == "repeat":
        return whole[:end] + whole[start:]
    parts = re.split(rb"(\n)" if kind == "line" else rb"([\w.+-]+)", whole)
    parts[int(first * len(parts))] = text
    return b"".join(parts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of which each reader has its own copy."""
    return tmp_path_factory.mktemp("readers")


def whole_run(folder: Path) -> None:
    """The other files of a run, so that what is read of it is decided by one."""
    for name in ("summary", "configuration", "overrides", "hydra", "evaluation", "metrics"):
        path = folder / READERS[name].file
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(READERS[name].whole)
    PICTURE.save(folder / "a.png")


def fuzz(name: str, folder: Path, examples: int) -> Counter[str]:
    """Reads changed files, and counts what came of them."""
    reader, found = READERS[name], Counter[str]()
    root = folder / name
    whole_run(root)
    path = root / reader.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(reader.whole)
    assert reader.read(path) is not None, "the whole file is read"

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(CHANGE, min_size=1, max_size=3))
    def read(changes: list[tuple[str, float, float, bytes]]) -> None:
        content = reader.whole
        for change in changes:
            content = changed(content, change)
        path.write_bytes(content)
        try:
            reader.read(path)
            found["read"] += 1
        except GanError as error:
            assert str(root) in str(error) or not reader.is_named, error
            found["refused"] += 1

    read()
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, which go to the log
@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_named(name: str, folder: Path) -> None:
    few = READERS[name].few
    assert fuzz(name, folder, few).total() >= 0.9 * few - 1


READ_AT_ONCE = ("idx", "packed", "cache", "checkpoint")
"""Readers that get bytes here; that of a checkpoint is asked in its own tests."""


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, reader in READERS.items()
        if reader.is_named and not name.startswith(READ_AT_ONCE)
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_named_and_not_waited_for(name: str, kind: str, folder: Path) -> None:
    """A pipe without a writer would be waited for without end."""
    reader, root = READERS[name], folder / f"{kind} {name}"
    whole_run(root)
    path = root / reader.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    with pytest.raises((GanError, OSError)) as refused:
        reader.read(path)
    assert str(root) in str(refused.value)


@pytest.mark.faults_long
@pytest.mark.timeout(0)
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", READERS)
def test_ten_thousand_changed_files_are_read_or_named(name: str, folder: Path) -> None:
    found = fuzz(name, folder, 10_000)
    print(f"{name}: {dict(found)}")
    assert found.total() >= 9_000
