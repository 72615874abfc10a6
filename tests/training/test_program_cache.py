"""Entries of the cache of programs: whole, replaced, and never the end of a training."""

from pathlib import Path

import pytest

from gan_cli.training.program_cache import ProgramCache


def test_an_entry_is_found_and_replaced(tmp_path: Path) -> None:
    cache = ProgramCache(tmp_path)
    assert cache.get("jit_f-1") is None
    for value in (b"cut o", b"whole"):
        cache.put("jit_f-1", value)
        assert cache.get("jit_f-1") == value
    assert [path.name for path in tmp_path.iterdir()] == ["jit_f-1-cache"]


def test_a_folder_that_fails_is_told_of_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    cache = ProgramCache(tmp_path / "file")
    for _ in range(2):
        cache.put("jit_f-1", b"value")
        assert cache.get("jit_f-1") is None
    assert caplog.messages == [
        f"{tmp_path}/file cannot hold compiled programs ({tmp_path}/file is not a folder): "
        "they are compiled anew. compile_cache=DIR keeps them elsewhere."
    ]
