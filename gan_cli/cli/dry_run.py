"""`gan train --dry-run`: everything is checked, and what it would take is told."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import jax

from gan_cli.cli.checking import (
    SIDE_BY_SIDE,
    check,
    check_places,
    groups_of,
    lanes_key,
    naming,
    offer_devices,
    place_key,
    place_of,
    sign_of_life,
)
from gan_cli.composition import compose, requested
from gan_cli.interrupts import StopRequest
from gan_cli.job.header import facts
from gan_cli.logs.terminal import Lines
from gan_cli.narrow import beside, sentences
from gan_cli.preflight import lanes
from gan_cli.preflight.survey import Survey
from gan_cli.prepared import Prepared
from gan_cli.runs.new import check_place
from gan_cli.sweep.groups import Group
from gan_cli.sweep.report import programs


def check_and_tell(
    lines: Sequence[str], config_dir: Path | None, *, multirun: bool, timed: bool
) -> None:
    """Checks every member and shows what would be trained, and what it takes; writes nothing.

    Args:
        lines: the overrides.
        config_dir: the user's own configuration files.
        multirun: whether they are of a sweep.
        timed: whether each program is compiled and a few of its steps are timed.

    Raises:
        GanError: for what cannot be trained, or does not fit in the memory or on the disk.
    """
    with compose.hydra(config_dir) as program, sign_of_life(multirun):
        command = requested.read(program, lines, multirun=multirun)
        offer_devices(command)
        wanted, named = place_of(lines, command)
        check_place(wanted, place_key(command), named=named)
        if command.base is not None:
            check_places(command, wanted)
        prepared = check(command, StopRequest())
    found = groups_of(command.base, prepared) if command.base is not None else []
    survey = Survey(
        prepared, wanted, place_key(command), at_once=at_once(command, prepared), timed=timed
    )
    for number, (member, each) in enumerate(zip(command.members, prepared, strict=True)):
        with naming(number, member, alone=command.base is None):
            survey.rehearse(number)
            if command.base is not None:
                print(requested.name_member(number, member.overrides))
            shown = facts(each)
            Lines().header(shown)
            show(survey.rows(number), len(max(shown, key=len)))
    if command.base is not None:
        show_programs(prepared, range(len(prepared)), found, lanes_key(command.base))
        show(survey.totals(), len("together"))


def show_programs(
    prepared: Sequence[Prepared], numbers: Sequence[int], groups: Sequence[Group], key: str
) -> None:
    """Shows which members train as lanes of one program.

    Args:
        prepared: the members.
        numbers: the number of each in the sweep.
        groups: see `checking.groups_of`.
        key: see `checking.lanes_key`.

    Raises:
        UsageError: if those of one do not fit in the memory.
    """
    for line in programs(groups, numbers, lanes.planned(prepared, groups, key)):
        print(sentences(line), flush=True)


def show(rows: Iterable[tuple[str, str]], width: int) -> None:
    """Shows rows one by one, as they become known."""
    for name, text in rows:
        print(beside(name, text, width + 2), flush=True)


def at_once(command: requested.Command, prepared: Sequence[Prepared]) -> int:
    """How many members train at the same time, each with memory of its own."""
    if command.base is None or not command.base.hydra.launcher._target_.endswith(SIDE_BY_SIDE):
        return 1
    if {(each.device.platform, each.layout.size) for each in prepared} <= {("cpu", 1)}:
        return min(jax.local_device_count("cpu"), len(prepared))
    return 1
