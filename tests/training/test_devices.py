"""The device that was asked for, or a sentence that says which there are."""

from pathlib import Path

import jax
import pytest

from gan_cli.errors import UsageError
from gan_cli.training import devices


def test_a_device_that_is_there_is_chosen() -> None:
    assert devices.choose("auto") == jax.devices()[0]
    assert devices.choose("cpu").platform == "cpu"


def test_a_device_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAX_PLATFORMS", raising=False)
    found = ", ".join(sorted({device.platform for device in jax.devices()}))
    with pytest.raises(UsageError) as error:
        devices.choose("tpu")
    assert str(error.value) == (
        f"device=tpu: JAX finds none here, only {found}. "
        "Use device=auto, or install JAX for that device."
    )
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    with pytest.raises(UsageError, match=r" JAX_PLATFORMS=cpu leaves out all others\. Unset it\.$"):
        devices.choose("tpu")


def test_the_cores_are_the_fewest_that_anything_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(devices, "QUOTA", quota)
    monkeypatch.setattr(devices, "OLD_QUOTA", tmp_path / "none")
    monkeypatch.setattr(devices, "_affinity", lambda: 8)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)
    assert devices.cores() == 8
    for text, expected in (("max 100000", 8), ("350000 100000", 3), ("50000 100000", 1)):
        quota.write_text(text)
        assert devices.cores() == expected
    quota.unlink()
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", "4")
    assert devices.cores() == 4
    for name, number in (("OLD_QUOTA", 200_000), ("OLD_PERIOD", 100_000)):
        (tmp_path / name).write_text(str(number))
        monkeypatch.setattr(devices, name, tmp_path / name)
    assert devices.cores() == 2


def test_who_has_chosen_the_devices_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    changed: list[tuple[str, int]] = []
    monkeypatch.setattr(jax.config, "update", lambda *change: changed.append(change))
    monkeypatch.setenv("JAX_NUM_CPU_DEVICES", "3")
    devices.offer(2)
    assert changed == []
    monkeypatch.delenv("JAX_NUM_CPU_DEVICES")
    monkeypatch.setenv("XLA_FLAGS", "--xla_force_host_platform_device_count=3")
    devices.offer(2)
    assert changed == []
    monkeypatch.setenv("XLA_FLAGS", "")
    devices.offer(2)
    assert changed == [("jax_num_cpu_devices", 2)]


def test_what_the_environment_sets_of_number_formats_is_not_used(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("JAX_ENABLE_X64", "1")
    jax.config.update("jax_enable_x64", True)
    try:
        devices.started()
        assert not jax.config.values["jax_enable_x64"]
        assert caplog.messages == ["JAX_ENABLE_X64=1 is not used here."]
    finally:
        jax.config.update("jax_enable_x64", False)
