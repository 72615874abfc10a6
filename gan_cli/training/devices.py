"""Which device a run uses, and how many a sweep has on a CPU."""

import contextlib
import logging
import math
import os
from pathlib import Path

import jax

from gan_cli import environment
from gan_cli.config import Device, Devices
from gan_cli.errors import UsageError
from gan_cli.soundness import refuse_wrong_jax

log = logging.getLogger(__name__)

OWN_SETTINGS = {
    "JAX_ENABLE_X64": False,
    "JAX_NUMPY_DTYPE_PROMOTION": "standard",
    "JAX_TRANSFER_GUARD": "allow",
}
"""The number formats are those of the setting `precision`, and arrays are moved on purpose."""


def started() -> list[jax.Device]:
    """This process's devices of JAX's own choice; who computes asks for them first.

    Raises:
        UsageError: if the installed jax computes wrong numbers, or does not start here.
    """
    refuse_wrong_jax()
    environment.check()
    _keep_to_own_settings()
    try:
        jax.devices()
        own: list[jax.Device] = jax.local_devices()
    except (RuntimeError, AssertionError) as error:  # the latter without a word, for a GPU
        raise environment.no_devices(error) from error
    return own


def _keep_to_own_settings() -> None:
    """Takes back what the environment set of JAX that the programs here are not written for."""
    for variable, value in OWN_SETTINGS.items():
        if variable in os.environ and getattr(jax.config, variable.lower()) != value:
            log.warning("%s=%s is not used here.", variable, os.environ[variable])
            jax.config.update(variable.lower(), value)


def choose(device: Device) -> jax.Device:
    """The device to compute on: the one that was asked for, or JAX's own choice for `auto`.

    `cpu` changes JAX's platforms for the whole process, since any other way of asking for a CPU
    also starts the GPU's backend, which takes most of the GPU's memory.

    Raises:
        UsageError: naming the devices that JAX does find, or why it does not start.
    """
    if device == "cpu":
        jax.config.update("jax_platforms", "cpu")
    own = started()
    try:
        return own[0] if device == "auto" else jax.local_devices(backend=device)[0]
    except RuntimeError as error:
        found = ", ".join(sorted({d.platform for d in own}))
        mend = "Use device=auto, or install JAX for that device."
        if told := os.environ.get(environment.PLATFORMS):
            mend = f"{environment.PLATFORMS}={told} leaves out all others. Unset it."
        raise UsageError(f"device={device}: JAX finds none here, only {found}. {mend}") from error


def several(wanted: Devices, first: jax.Device) -> list[jax.Device]:
    """The devices among which minibatches are divided, those of each process behind one another.

    Args:
        wanted: how many of each process's devices.
        first: one of them, of whose kind all are.

    Raises:
        UsageError: if there are not as many.
    """
    there = jax.local_devices(backend=first.platform)
    if wanted != "all" and wanted > len(there):
        found = f"{len(there)} {first.platform} device{'s are' if len(there) > 1 else ' is'} here"
        mend = f"Set devices={len(there)}"
        if first.platform == "cpu":
            mend += f", or {environment.COUNT}={wanted} in the environment, which divides the CPU"
        raise UsageError(f"devices={wanted}: only {found}. {mend}.")
    if jax.process_count() == 1:
        return there if wanted == "all" else [first] if wanted == 1 else there[:wanted]
    everywhere = jax.devices(first.platform)
    return [
        device
        for process in range(jax.process_count())
        for device in [each for each in everywhere if each.process_index == process][
            : None if wanted == "all" else wanted
        ]
    ]


QUOTA = Path("/sys/fs/cgroup/cpu.max")
OLD_QUOTA = Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")
OLD_PERIOD = Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
FORCED = "xla_force_host_platform_device_count"


def cores() -> int:
    """How many cores this process may keep busy: by its affinity, its quota and Slurm."""
    counts = [_affinity(), _quota()]
    if (told := os.environ.get("SLURM_CPUS_PER_TASK", "")).isdecimal():
        counts.append(int(told))
    return max(1, math.floor(min(counts)))


def offer(count: int) -> None:
    """Makes one CPU look like several devices, where JAX has not started and nobody chose.

    Whoever set JAX_NUM_CPU_DEVICES, or XLA's own flag for it, has chosen.

    Raises:
        UsageError: if one of those variables cannot be used.
    """
    environment.check()
    told = os.environ.get(environment.COUNT)
    if told or FORCED in os.environ.get(environment.FLAGS, ""):
        return
    with contextlib.suppress(RuntimeError):  # JAX has started, as in a notebook
        jax.config.update("jax_num_cpu_devices", count)


def _affinity() -> float:
    """The cores that the process may run on; all of the machine's where that cannot be told."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _quota() -> float:
    """The cores that the process's control group may keep busy; inf without a limit."""
    with contextlib.suppress(OSError, ValueError):
        limit, span = QUOTA.read_text(encoding="ascii").split()
        return int(limit) / int(span) if limit != "max" else math.inf
    with contextlib.suppress(OSError, ValueError):
        quota, period = (int(path.read_text(encoding="ascii")) for path in (OLD_QUOTA, OLD_PERIOD))
        return quota / period if quota > 0 else math.inf
    return math.inf
