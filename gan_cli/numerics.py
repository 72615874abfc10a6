"""What decides a run's numbers beside its configuration: jax, the backend, and their settings."""

import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import jax

DECISIVE = ("x64", "prng", "threefry_partitionable")
"""The facts that change which random numbers are drawn, so that a run takes another course."""

VECTORS = {"avx512f": "512-bit vectors", "avx2": "256-bit vectors", "sse2": "128-bit vectors"}


def numerics(device: jax.Device | None = None) -> dict[str, str | bool]:
    """The facts to record beside a run.

    Args:
        device: the device that computes; JAX's own choice by default.
    """
    device = device or jax.local_devices()[0]
    settings: Any = jax.config  # its attributes are made while jax is imported
    return {
        "jax": metadata.version("jax"),
        "jaxlib": metadata.version("jaxlib"),
        "backend": device.platform,
        "machine": _processor() if device.platform == "cpu" else device.device_kind,
        "x64": bool(settings.jax_enable_x64),
        "prng": str(settings.jax_default_prng_impl),
        "threefry_partitionable": bool(settings.jax_threefry_partitionable),
        "matmul_precision": str(settings.jax_default_matmul_precision or "default"),
        "optimizations": not settings.read("jax_disable_most_optimizations"),
        "XLA_FLAGS": " ".join(sorted(os.environ.get("XLA_FLAGS", "").split())),
    }


def differences(before: Mapping[str, str | bool], now: Mapping[str, str | bool]) -> str | None:
    """One sentence about what differs between a run's start and its resume, or None.

    Facts that only one of them has, such as those of an older version of gan, are left out.
    """
    changed = [name for name in before if name in now and before[name] != now[name]]
    if not changed:
        return None
    then, today = (
        ", ".join(f"{name} {shown(facts[name])}" for name in changed) for facts in (before, now)
    )
    certain = any(name in DECISIVE for name in changed)
    return (
        f"This run was started with {then} and is resumed with {today}: its numbers "
        f"{'will differ' if certain else 'may differ in the last bits'} "
        "from those of a run that was not interrupted."
    )


def shown(value: str | bool) -> str:
    """A fact in words."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value or "not set"


def _processor() -> str:
    """The kind of CPU and the width of its vectors, which decides the order of XLA's sums."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").partition("flags")[2]
    except OSError:
        flags = ""
    words = flags.partition("\n")[0].split()
    widths = [text for flag, text in VECTORS.items() if flag in words]
    return ", ".join([platform.machine(), *widths[:1]])
