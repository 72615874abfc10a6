"""How much memory a device has left, and how much a file system."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import jax

from gan_cli.prepared import Prepared

MEMORY = Path("/proc/meminfo")
OWN_GROUP = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")


class Space(NamedTuple):
    """The bytes that are free on the file system of a directory, which exists."""

    directory: Path
    free: int


def space(wanted: Path) -> Space:
    """The space for a directory that need not exist yet."""
    existing = next(
        path
        for path in (wanted, *wanted.absolute().parents)
        if os.access(path, os.F_OK) and path.is_dir()
    )
    return Space(existing, shutil.disk_usage(existing).free)


def share(prepared: Prepared) -> int | None:
    """The bytes of memory for each device of a training; those of a CPU have one memory."""
    left, several = memory(prepared.device), prepared.device.platform == "cpu"
    return left // prepared.layout.size if left is not None and several else left


def memory(device: jax.Device) -> int | None:
    """The bytes of memory that a training on a device can still take; None where nobody tells.

    On a CPU they are what the machine can give without ending another program, its swap space
    included, and no more than the process's control groups leave.
    """
    if device.platform != "cpu":
        stats = device.memory_stats() or {}
        known = "bytes_limit" in stats and "bytes_in_use" in stats
        return int(stats["bytes_limit"] - stats["bytes_in_use"]) if known else None
    return min([*_machine(), *_groups()], default=None)


def _machine() -> Iterator[int]:
    with contextlib.suppress(OSError, ValueError, KeyError):
        lines = MEMORY.read_text(encoding="ascii").splitlines()
        kibibytes = {
            name: int(rest.split()[0]) for name, _, rest in (x.partition(":") for x in lines)
        }
        yield 1024 * (kibibytes["MemAvailable"] + kibibytes["SwapFree"])


def _groups() -> Iterator[int]:
    """What is left to each control group that the process is in and that has a limit.

    The memory that holds files alone counts as free, since the system takes it back when needed.
    """
    with contextlib.suppress(OSError, ValueError):
        for line in OWN_GROUP.read_text(encoding="utf-8").splitlines():
            _, controllers, place = line.split(":", 2)
            if controllers == "":
                names = ("memory.max", "memory.current", "")
                yield from _up(GROUPS, place, *names)
            elif "memory" in controllers.split(","):
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_")
                yield from _up(GROUPS / "memory", place, *names)


def _up(root: Path, place: str, limit: str, used: str, prefix: str) -> Iterator[int]:
    """What is left to a control group and to those around it, as far as they can be seen here."""
    below = root / place.lstrip("/")
    for folder in (below, *below.parents):
        with contextlib.suppress(OSError, ValueError):  # no limit, or not to be seen in a container
            most = int((folder / limit).read_text(encoding="ascii"))
            taken = int((folder / used).read_text(encoding="ascii"))
            lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
            stat = dict(map(str.split, lines))
            files = (int(stat.get(f"{prefix}{kind}_file", "0")) for kind in ("active", "inactive"))
            yield most - taken + sum(files)
        if folder == root:
            return
