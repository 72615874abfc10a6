"""From overrides to trained runs: compose once, check every member once, then train.

The prepared experiments are handed on, so nothing is composed, loaded or prepared a second time.
"""

import contextlib
import functools
import sys
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import typer

from gan_cli import commands, runs
from gan_cli.cli.checking import (
    IN_PROCESS,
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
from gan_cli.cli.joining import joined, meet
from gan_cli.composition import compose, hydra_tasks, requested
from gan_cli.errors import DataError
from gan_cli.hosts.company import Follower
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import job
from gan_cli.job.header import remarks
from gan_cli.logs.terminal import Lines, for_standard_output
from gan_cli.narrow import sentences
from gan_cli.preflight import lanes
from gan_cli.preflight.refusal import refuse_first_checkpoints, refuse_hopeless
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory, Status
from gan_cli.runs.whereabouts import Whereabouts, going_on_with_sweep
from gan_cli.sweep import lifeline
from gan_cli.sweep.home import SweepMoved, home
from gan_cli.sweep.jobs import JobsLauncher, divided
from gan_cli.sweep.report import closing
from gan_cli.sweep.task import MemberTask


def start(
    lines: Sequence[str],
    modules: Sequence[str],
    config_dir: Path | None,
    stop: StopRequest,
    *,
    multirun: bool,
) -> None:
    """Trains what the overrides describe.

    Raises:
        GanError: before anything is written, if a member does not load or fit; or after a single
            run that did not complete.
        Interrupted: when the user ended it.
    """
    with compose.hydra(config_dir) as program, contextlib.ExitStack() as joining:
        with sign_of_life(multirun):
            command = requested.read(program, lines, multirun=multirun, stop=stop)
            offer_devices(command)
            company = joining.enter_context(joined(command, stop))
            prepared = check(command, stop)
        wanted, named = place_of(lines, command)
        for number, (member, each) in enumerate(zip(command.members, prepared, strict=True)):
            with naming(number, member, alone=command.base is None):
                refuse_hopeless(each)
        if not isinstance(company, Follower):
            refuse_first_checkpoints(prepared, wanted, place_key(command))
        base = command.base
        if base is not None:
            lanes.refuse_hopeless(prepared, groups_of(base, prepared), lanes_key(base))
            check_places(command, wanted)
            for remark in remarks_of(command, [remarks(each) for each in prepared]):
                Lines().note(remark)
            with runs.new_sweep(wanted, named=named) as directory:
                if len(prepared) == 1 and not requested.searches(base):
                    Lines().note("A sweep of one run: no setting has several values, as in k=1,5.")
                sweep(program, command, directory, modules, dict(enumerate(prepared)), stop)
            return
        leader = meet(prepared[0], company)
        composed = command.members[0].config
        with runs.new_run(wanted, named=named) as place:
            place.write_settings(hydra_tasks.settings(composed, composed, place.path))
            hydra_tasks.run(
                program,
                composed,
                place.path,
                lambda _: job.train_run(
                    prepared[0], place, for_standard_output(), stop, leader=leader
                ),
            )


def remarks_of(command: requested.Command, told: Sequence[Mapping[str, str]]) -> list[str]:
    """What is odd about the data of the members of a sweep, once, and whose it is.

    Args:
        command: the members.
        told: the remarks about each of them.
    """
    holders: dict[str, list[int]] = defaultdict(list)
    for number, each in enumerate(told):
        for name, text in each.items():
            holders[f"{name}  {text}"].append(number)
    lines = []
    for remark, (first, *others) in holders.items():
        whose = requested.name_member(first, command.members[first].overrides)
        more = f" and {len(others)} more" if others else ""
        is_of_all = len(others) + 1 == len(told)
        lines.append(remark if is_of_all else f"{whose}{more}: {remark}")
    return lines


def sweep(
    program: compose.Hydra,
    command: requested.Command,
    directory: Path,
    modules: Sequence[str],
    prepared: Mapping[int, Prepared],
    stop: StopRequest,
    typed: Collection[Path] | None = None,
) -> None:
    """Lets Hydra run the members of a sweep, and says how they ended.

    Args:
        program: see `compose.hydra`.
        command: all members of the sweep.
        directory: the sweep's directory, whose lock the caller holds.
        modules: the user's own modules.
        prepared: the members that are to be trained, by their number.
        stop: whether the user asked to stop.
        typed: see `MemberTask`.

    Raises:
        Moved: if the sweep's directory was moved meanwhile.
    """
    base = command.base
    assert base is not None
    here = base.hydra.launcher._target_.endswith(IN_PROCESS)
    searches = requested.searches(base)
    count = 0 if searches else len(command.members)
    known = prepared if here and not searches else None
    whereabouts = Whereabouts(directory, going_on_with_sweep)
    try:
        with lifeline.hold(stop) as tie, nullcontext() if here else lifeline.deaf_children():
            task = MemberTask(modules, known, stop, tie, home=home(directory), typed=typed)
            through = None
            if not (here or searches):
                members = functools.partial(program.config_loader.load_sweep_config, base)
                groups = divided(prepared, base.members_per_job)
                through = functools.partial(
                    JobsLauncher, compose=members, groups=groups, tell=task.tell
                )
            hydra_tasks.sweep(program, base, directory, task, through)
    except SweepMoved:
        whereabouts.check()
        raise
    except Interrupted:
        ended: list[Status] = [
            "interrupted" if status == "running" else status for status in _statuses(directory)
        ]
        tally, *_ = closing(directory, ended, count)
        print(f"{tally}\ngo on    {commands.resume_sweep(directory)}")
        raise
    finally:
        whereabouts.close()
    finish_sweep(directory, count)


def finish_sweep(directory: Path, count: int) -> None:
    """Says how the members ended; exits 1 if any failed, else 3 if any diverged.

    Args:
        directory: the sweep's directory.
        count: how many members it has, or 0 where a search chooses them.
    """
    statuses = _statuses(directory)
    print(sentences("\n".join(closing(directory, statuses, count))))
    if "failed" in statuses:
        raise typer.Exit(1)
    if "diverged" in statuses:
        raise typer.Exit(3)


def _statuses(directory: Path) -> list[Status]:
    """How each member that was begun ended."""
    return [_status(run) for run in runs.find(directory)]


def _status(run: Path) -> Status:
    """How a member ended; one whose summary is damaged is told of, and counts as failed."""
    try:
        return RunDirectory(run).read_summary()["status"]
    except DataError as error:
        print(f"gan: {error}", file=sys.stderr)
        return "failed"
