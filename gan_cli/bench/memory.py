"""The most memory that was in use at once."""

import resource
import sys
from typing import Literal, NamedTuple

import jax


class Memory(NamedTuple):
    """So many bytes of the device's memory or, where it keeps no count, of this whole process's."""

    bytes: int
    of: Literal["device", "process"]


def peak(device: jax.Device) -> Memory:
    """The peak so far."""
    stats = device.memory_stats() if device.platform != "cpu" else None
    if stats and "peak_bytes_in_use" in stats:
        return Memory(int(stats["peak_bytes_in_use"]), "device")
    unit = 1 if sys.platform == "darwin" else 1024
    return Memory(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, "process")
