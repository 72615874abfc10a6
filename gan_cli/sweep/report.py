"""What is said of a sweep's programs and of how its members ended."""

from collections.abc import Sequence
from pathlib import Path

from gan_cli import commands, runs
from gan_cli.sweep.groups import Group


def announce(group: Group, numbers: Sequence[int]) -> str:
    """Which members train next, and how."""
    names = " ".join(f"#{numbers[place]}" for place in group.numbers)
    count = len(group.numbers)
    if group.form is None:
        return f"{names}: {'alone' if count == 1 else 'one after another'}"
    members = "1 member" if count == 1 else f"{count} members"
    return f"{names}: {members} as one program ({group.form})"


def programs(groups: Sequence[Group], numbers: Sequence[int], needed: Sequence[int]) -> list[str]:
    """The programs of a sweep, with their lanes and the memory that they need.

    Args:
        groups: the members that train at once.
        numbers: the number of each member in the sweep.
        needed: the bytes that each group takes.
    """
    lines = []
    for group, bytes_ in zip(groups, needed, strict=True):
        line = announce(group, numbers)
        if group.form is not None:
            mebibytes = bytes_ / 2**20
            size = f"about {mebibytes:,.0f}" if mebibytes >= 1 else "less than 1"
            line += f", {group.lanes} lanes, {size} MiB"
        lines.append(line)
    return lines


def closing(directory: Path, statuses: Sequence[runs.Status], members: int) -> list[str]:
    """How the members of a sweep ended, and the commands to go on with.

    Args:
        directory: the sweep's directory.
        statuses: how each member that was begun ended.
        members: how many the sweep has, or 0 where a search chooses them.
    """
    ended = [f"{statuses.count(status)} {status}" for status in runs.STATUSES if status in statuses]
    left = members - len(statuses)
    return [
        f"sweep: {', '.join([*ended, *([f'{left} not begun'] if left > 0 else [])])}",
        f"list     {commands.runs(directory)}",
        f"compare  {commands.compare(directory)}",
        f"look     {commands.look(directory)}",
    ]
