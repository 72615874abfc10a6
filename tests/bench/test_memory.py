"""Peak memory against the operating system's own books."""

import sys
from pathlib import Path

import jax
import pytest

from gan_cli.bench import memory


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_cpu_s_memory_is_the_process_s() -> None:
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    high_water = int(line.split()[1]) * 1024
    found = memory.peak(jax.devices("cpu")[0])
    assert found.of == "process"
    assert found.bytes == pytest.approx(high_water, rel=0.01)


@pytest.mark.gpu
def test_a_gpu_counts_its_own() -> None:
    gpu = jax.devices("gpu")[0]
    before = memory.peak(gpu)
    held = jax.device_put(jax.numpy.ones((64, 2**20)), gpu).block_until_ready()
    assert (before.of, memory.peak(gpu).of) == ("device", "device")
    assert memory.peak(gpu).bytes >= held.nbytes
