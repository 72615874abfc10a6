"""Free memory and disk space: the machine's own, and those of control groups made up here."""

import shutil
from pathlib import Path

import jax
import pytest

from gan_cli.preflight import room


def test_space_is_that_of_the_nearest_directory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for wanted in (tmp_path, tmp_path / "a" / "b", tmp_path / "file"):
        found = room.space(wanted)
        assert found.directory == tmp_path
        assert found.free == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.1)


def test_memory_without_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = jax.devices("cpu")[0]
    monkeypatch.setattr(room, "OWN_GROUP", tmp_path / "cgroup")
    monkeypatch.setattr(room, "MEMORY", tmp_path / "meminfo")
    assert room.memory(cpu) is None
    (tmp_path / "meminfo").write_text("MemTotal: 900 kB\nMemAvailable: 500 kB\nSwapFree: 20 kB\n")
    assert room.memory(cpu) == 520 * 1024


@pytest.mark.parametrize(
    ("line", "root", "limit", "used", "prefix"),
    [
        ("0::/jobs/mine", ".", "memory.max", "memory.current", ""),
        (
            "4:memory:/jobs/mine",
            "memory",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "total_",
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_the_narrowest_control_group_decides(
    line: str,
    root: str,
    limit: str,
    used: str,
    prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, most in (("jobs", "10000"), ("jobs/mine", "max")):
        group = tmp_path / root / name
        group.mkdir(parents=True)
        (group / limit).write_text(f"{most}\n")
        (group / used).write_text("4000\n")
        (group / "memory.stat").write_text(
            f"anon 3000\n{prefix}inactive_file 600\n{prefix}active_file 400\n"
        )
    (tmp_path / "cgroup").write_text(f"9:name=systemd:/\n{line}\n")
    monkeypatch.setattr(room, "OWN_GROUP", tmp_path / "cgroup")
    monkeypatch.setattr(room, "GROUPS", tmp_path)
    assert room.memory(jax.devices("cpu")[0]) == 7000
    (tmp_path / root / "jobs/mine" / limit).write_text("5000\n")
    assert room.memory(jax.devices("cpu")[0]) == 2000


@pytest.mark.gpu
def test_a_gpu_tells_what_it_has_left() -> None:
    gpu = jax.devices("gpu")[0]
    before = room.memory(gpu)
    held = jax.device_put(jax.numpy.ones((64, 2**20)), gpu).block_until_ready()
    after = room.memory(gpu)
    assert before is not None
    assert after is not None
    assert 0 < after <= before - held.nbytes
