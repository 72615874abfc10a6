"""Compiled programs are kept from one process to the next, where the user wants them to be."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import pytest

from gan_cli.training import compilation

PROGRAM = """
import sys
from gan_cli.training.compilation import enable_compilation_cache
enable_compilation_cache(sys.argv[1])
import jax, jax.numpy as jnp
hits = []
jax.monitoring.register_event_listener(lambda event, **_: hits.append(event))
def slow(x):
    for _ in range(500):
        x = jnp.sin(x @ x) + jnp.cos(x)
    return x
jax.jit(slow)(jnp.ones((20, 20))).block_until_ready()
print(sum(event == "/jax/compilation_cache/cache_hits" for event in hits))
"""


def run(where: str, home: Path, **environment: str) -> int:
    """How many programs a process found in the cache."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("JAX_")}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, where],
        env=known | {"XDG_CACHE_HOME": str(home), "JAX_PLATFORMS": "cpu"} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return int(done.stdout)


def programs(directory: Path) -> list[str]:
    return [path.name for path in directory.rglob("*") if path.name.endswith("-cache")]


def test_a_program_is_compiled_once_for_all_processes(tmp_path: Path) -> None:
    assert run("auto", tmp_path) == 0
    assert programs(tmp_path / "gan" / "programs")
    assert run("auto", tmp_path) > 0


@pytest.mark.slow
def test_the_directory_may_be_chosen_and_the_cache_be_off(tmp_path: Path) -> None:
    chosen, told = tmp_path / "chosen", tmp_path / "told"
    assert run(str(chosen), tmp_path / "home") == 0
    assert programs(chosen)
    assert run("auto", tmp_path / "home", JAX_COMPILATION_CACHE_DIR=str(told)) == 0
    assert programs(told)
    assert run("off", tmp_path / "home") == 0
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("named", ["XDG_CACHE_HOME", "JAX_COMPILATION_CACHE_DIR", None])
def test_where_nothing_can_be_written_nothing_is_kept_and_a_warning_says_so_once(
    named: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "below"
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    if named:
        monkeypatch.setenv(named, str(place))
    compilation._directory.cache_clear()
    for _ in range(2):
        assert compilation._directory("auto" if named else str(place)) is None
    where = place / "gan" / "programs" if named == "XDG_CACHE_HOME" else place
    assert caplog.messages == [
        f"{where} cannot hold compiled programs ({tmp_path / 'file'} is not a folder): they are "
        "compiled anew. compile_cache=DIR keeps them elsewhere."
    ]
    compilation._directory.cache_clear()


def test_programs_used_longest_ago_are_deleted_where_they_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "MAX_BYTES", 250)
    for number, name in enumerate(["oldest-cache", "read-cache", "newest-cache", "notes"]):
        (tmp_path / name).write_bytes(bytes(100))
        os.utime(tmp_path / name, (number, number))
    os.utime(tmp_path / "read-cache", (9, 1))
    assert compilation._directory.__wrapped__(str(tmp_path)) == str(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"read-cache", "newest-cache", "notes"}


def test_damaged_programs_are_compiled_and_replaced(tmp_path: Path) -> None:
    """Cut off, changed, or empty: the next process finds whole ones."""
    assert run("auto", tmp_path) == 0
    entries = sorted((tmp_path / "gan" / "programs").iterdir())
    for number, path in enumerate(entries):
        whole = path.read_bytes()
        middle = len(whole) // 2
        changed = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
        path.write_bytes([whole[:-9], changed, b""][number % 3])
    assert run("auto", tmp_path, PYTHONWARNINGS="error") == 0
    assert sorted((tmp_path / "gan" / "programs").iterdir()) == entries
    assert run("auto", tmp_path) >= len(entries)


def test_programs_are_let_go_where_they_hold_half_of_the_mappings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = jax.jit(lambda x: x + 1)
    program(1.0)
    # this program in place of all, since those of a whole session take many seconds to let go of
    monkeypatch.setattr(jax, "clear_caches", program.clear_cache)
    held = len(compilation.MAPPINGS.read_text(encoding="utf-8").splitlines())
    monkeypatch.setattr(compilation, "LIMIT", tmp_path / "limit")
    (tmp_path / "limit").write_text(str(4 * held))
    compilation.make_room()
    assert program._cache_size() == 1
    (tmp_path / "limit").write_text(str(held))
    compilation.make_room()
    assert program._cache_size() == 0
    assert program(1.0) == 2


def test_a_system_without_such_a_limit_keeps_its_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    program = jax.jit(lambda x: x - 1)
    program(1.0)
    monkeypatch.setattr(compilation, "LIMIT", Path("nowhere"))
    compilation.make_room()
    assert program._cache_size() == 1
