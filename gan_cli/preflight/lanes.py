"""The memory of members that train as lanes of one program, and how many lanes it suffices for."""

from collections.abc import Hashable, Sequence

from gan_cli.errors import UsageError
from gan_cli.logs.terminal import size
from gan_cli.preflight import memory, room
from gan_cli.prepared import Prepared
from gan_cli.sweep import groups
from gan_cli.sweep.groups import Group, peers

MAX_LANES, MEMBERS_PER_JOB = "hydra.launcher.max_lanes", "members_per_job"
"""The settings that say how many lanes a program of a sweep may have."""
SMALLER = "Set a smaller batch_size, or choose smaller networks."


def planned(
    members: Sequence[Prepared], divided: Sequence[Group], key: str = MAX_LANES
) -> list[int]:
    """The bytes that each group's program takes as the compiler plans it; 0 for one without lanes.

    Groups of one program and as many lanes are compiled once.

    Args:
        members: the members of a sweep.
        divided: its groups.
        key: the setting that says how many lanes there may be.

    Raises:
        UsageError: for lanes that do not fit in the memory, saying how many do.
    """
    known: dict[Hashable, int] = {}
    found = []
    for group in divided:
        first = members[group.numbers[0]]
        kind = (groups.structure(first), group.lanes) if group.form is not None else None
        if kind is not None and kind not in known:
            free = room.memory(first.device)
            known[kind] = groups.memory(first, group)
            needed = _on_each(first, group, known[kind])
            if free is not None and needed > free:
                fitting = _fitting(first, group, known[kind], free)
                _refuse(first, group, f"about {size(needed)}", free, fitting, key)
        found.append(0 if kind is None else known[kind])
    return found


def refuse_hopeless(
    members: Sequence[Prepared], divided: Sequence[Group], key: str = MAX_LANES
) -> None:
    """Refuses lanes that are sure to lack memory; nothing is traced or compiled.

    Args:
        members, divided, key: see `planned`.

    Raises:
        UsageError: saying how many could fit.
    """
    for group in divided:
        first = members[group.numbers[0]]
        free = room.memory(first.device) if group.form is not None else None
        least = memory.least(first)
        a_lane = least.total - least.data
        needed = _on_each(first, group, least.data + group.lanes * a_lane)
        if free is not None and needed > free:
            fitting = (free - least.data) // a_lane * _shares(first, group)
            fitting = _even(first, group, fitting)
            _refuse(first, group, f"at least {size(needed)}", free, fitting, key)


def _refuse(
    prepared: Prepared, group: Group, needed: str, free: int, fitting: int, key: str
) -> None:
    mend = f"Set {key}={fitting}." if fitting > 0 else SMALLER
    each = " on each device" if _shares(prepared, group) > 1 else ""
    raise UsageError(
        f"{group.lanes} lanes of one program take {needed} of memory{each}, and {size(free)} are "
        f"free. {mend}"
    )


def _fitting(prepared: Prepared, group: Group, needed: int, free: int) -> int:
    """The most lanes that fit, found by trying fewer until the compiler's plan does.

    Args:
        prepared: one of the members.
        group: the lanes that do not fit.
        needed: the bytes that they take.
        free: the bytes that are free on a device.
    """
    data, lanes = memory.stored(prepared), group.lanes
    while lanes > 0 and _on_each(prepared, group, needed) > free:
        a_lane = max(1, needed - data) / lanes
        likely = int((free - data) / a_lane * _shares(prepared, group))
        lanes = _even(prepared, group, min(lanes - 1, likely))
        needed = groups.memory(prepared, group._replace(lanes=lanes)) if lanes > 0 else 0
    return lanes


def _on_each(prepared: Prepared, group: Group, needed: int) -> int:
    """The bytes on each device of what a group takes; all of them hold the data."""
    data = memory.stored(prepared)
    return data + (needed - data) // _shares(prepared, group)


def _shares(prepared: Prepared, group: Group) -> int:
    """Among how many memories lanes are divided; the devices of a CPU have one memory."""
    spread = group.form == "spread" and prepared.device.platform != "cpu"
    return len(peers(prepared)) if spread else 1


def _even(prepared: Prepared, group: Group, lanes: int) -> int:
    """As many lanes, or as few less as the devices that share them can divide evenly."""
    unit = len(peers(prepared)) if group.form == "spread" else 1
    return max(0, lanes) // unit * unit
