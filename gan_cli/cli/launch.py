"""From overrides to trained runs: compose once, check every member once, then train.

The prepared experiments are handed on, so nothing is composed, loaded or prepared a second time.
"""

import contextlib
import functools
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

import typer
from omegaconf import DictConfig

from gan_cli import commands, config, runs
from gan_cli.cli.joining import joined, meet
from gan_cli.composition import compose, hydra_settings, hydra_tasks
from gan_cli.composition.compose import Member
from gan_cli.composition.origins import naming_files
from gan_cli.composition.overrides import key_of
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import DataError, GanError, UsageError
from gan_cli.files import path_of
from gan_cli.hosts.company import Follower
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import job
from gan_cli.job.report import remarks
from gan_cli.logs.terminal import Lines, for_standard_output
from gan_cli.logs.waiting import waiting
from gan_cli.preflight import lanes
from gan_cli.preflight.refusal import refuse_first_checkpoints, refuse_hopeless
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory, Status
from gan_cli.runs.new import RUN_KEY, SWEEP_KEY, check_own
from gan_cli.runs.whereabouts import Whereabouts
from gan_cli.soundness import refuse_wrong_jax
from gan_cli.sweep import lifeline
from gan_cli.sweep.groups import Group, divide
from gan_cli.sweep.home import SweepMoved, home
from gan_cli.sweep.jobs import JobsLauncher, divided
from gan_cli.sweep.members import directory_of, relative
from gan_cli.sweep.report import closing
from gan_cli.sweep.task import MemberTask
from gan_cli.training import devices
from gan_cli.tuned import configuration

SIDE_BY_SIDE, VMAP = ".SideBySideLauncher", ".VmapLauncher"
IN_PROCESS = (SIDE_BY_SIDE, VMAP, ".BasicLauncher")
"""Launchers whose members train in this process and can be handed what is prepared."""
IN_JOBS_HERE = (".JoblibLauncher", ".LocalLauncher")
"""Launchers whose jobs are processes on this machine, whose memory they have."""


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
            command = compose.read(program, lines, multirun=multirun, stop=stop)
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
            for remark in dict.fromkeys(r for each in prepared for r in remarks(each).items()):
                Lines().note("  ".join(remark))
            with runs.new_sweep(wanted, named=named) as directory:
                if len(prepared) == 1 and not compose.searches(base):
                    Lines().note("A sweep of one run: no setting has several values, as in k=1,5.")
                sweep(program, base, directory, modules, dict(enumerate(prepared)), stop)
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


def sign_of_life(multirun: bool) -> contextlib.AbstractContextManager[None]:
    """Says on standard error how far a large sweep is while its members are composed."""
    said_by = "gan_cli.composition.compose"
    return waiting("gan train", said_by) if multirun else contextlib.nullcontext()


def place_of(lines: Sequence[str], command: compose.Command) -> tuple[Path, bool]:
    """The directory of a run or a sweep, and whether the user named it.

    Raises:
        UsageError: if its name is empty, or a sweep's is given to a run or a run's to a sweep.
    """
    for key in (RUN_KEY, SWEEP_KEY):
        if f"{key}=" in lines:
            raise UsageError(f"{key}=: a directory is missing. {key}=. is this one.")
    hydra_settings.check_places(lines, multirun=command.base is not None)
    named = {key_of(line) for line in lines}
    if command.base is not None:
        return path_of(command.base.hydra.sweep.dir), SWEEP_KEY in named
    composed = command.members[0].config
    wanted = path_of(composed.hydra.run.dir).absolute()
    return wanted if composed.hydra.job.chdir else relative(wanted), RUN_KEY in named


def sweep(
    program: compose.Hydra,
    base: DictConfig,
    directory: Path,
    modules: Sequence[str],
    prepared: Mapping[int, Prepared],
    stop: StopRequest,
) -> None:
    """Lets Hydra run the members of a sweep, and says how they ended.

    Args:
        program: see `compose.hydra`.
        base: the configuration that the members have in common.
        directory: the sweep's directory, whose lock the caller holds.
        modules: the user's own modules.
        prepared: the members that are to be trained, by their number.
        stop: whether the user asked to stop.

    Raises:
        Moved: if the sweep's directory was moved meanwhile.
    """
    here = base.hydra.launcher._target_.endswith(IN_PROCESS)
    searches = compose.searches(base)
    known = prepared if here and not searches else None
    whereabouts = Whereabouts(directory, commands.resume_sweep)
    try:
        with lifeline.hold(stop) as tie, nullcontext() if here else lifeline.deaf_children():
            task = MemberTask(modules, known, stop, tie, home=home(directory))
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
        tally, *_ = closing(directory, ended)
        print(f"{tally}\ngo on    {commands.resume_sweep(directory)}")
        raise
    finally:
        whereabouts.close()
    finish_sweep(directory)


def finish_sweep(directory: Path) -> None:
    """Says how the members ended; exits 1 if any failed, else 3 if any diverged."""
    statuses = _statuses(directory)
    print("\n".join(closing(directory, statuses)))
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


def offer_devices(command: compose.Command) -> None:
    """Gives a sweep whose members train side by side on one device each a device for each core."""
    if command.base is None or not command.base.hydra.launcher._target_.endswith(SIDE_BY_SIDE):
        return
    if any(str(member.config.get("devices", 1)) != "1" for member in command.members):
        return
    wanted = command.base.hydra.launcher.cores
    devices.offer(min(wanted or devices.cores(), len(command.members)))


def place_key(command: compose.Command) -> str:
    """The setting that chooses where a run or a sweep is written."""
    return RUN_KEY if command.base is None else SWEEP_KEY


def check(command: compose.Command, stop: StopRequest) -> list[Prepared]:
    """Loads every member and makes it ready; nothing is written.

    Raises:
        UsageError: if the installed jax computes wrong numbers.
        GanError: naming the member, where there are several.
        Interrupted: when the user ended it.
    """
    refuse_wrong_jax()
    splits: dict[Dataset, Split] = {}
    prepared = []
    for number, member in enumerate(command.members):
        prepared.append(_check(number, member, splits, alone=command.base is None))
        stop.obey()
    return prepared


def _check(number: int, member: Member, splits: dict[Dataset, Split], *, alone: bool) -> Prepared:
    with naming(number, member, alone=alone), naming_files(member.config):
        prepared = prepare(config.load(compose.plain(member.config)), splits)
        return prepared._replace(tuned=configuration.told(member.config))


@contextlib.contextmanager
def naming(number: int, member: Member, *, alone: bool) -> Iterator[None]:
    """Names the member in an error, where there are several."""
    try:
        yield
    except GanError as error:
        if alone:
            raise
        raise type(error)(f"{compose.name_member(number, member.overrides)}: {error}") from error


def check_places(command: compose.Command, directory: Path) -> None:
    """Checks that every member has a directory of its own, in which nothing is in the way.

    Raises:
        UsageError: naming two members with one directory, or what is in the way.
    """
    taken: dict[Path, int] = {}
    for number, member in enumerate(command.members):
        path = directory_of(member.config, directory, number)
        if path in taken:
            raise UsageError(
                f"members {taken[path]} and {number} would both be written to {path}. "
                "Give each a directory of its own, as hydra.sweep.subdir='${hydra.job.num}' does."
            )
        taken[path] = number
        check_own(RunDirectory(path), SWEEP_KEY)


def groups_of(base: DictConfig, prepared: Sequence[Prepared]) -> list[Group]:
    """The programs of a sweep whose members train as lanes of one; none where they do not.

    Raises:
        UsageError: for a wrong setting of the launcher.
    """
    launcher = base.hydra.launcher
    if launcher._target_.endswith(VMAP):
        return divide(prepared, launcher.mode, launcher.max_lanes)
    side_by_side = launcher._target_.endswith(SIDE_BY_SIDE)
    if side_by_side and {each.device.platform for each in prepared} - {"cpu"}:
        return divide(prepared, "auto", launcher.max_lanes)
    if launcher._target_.endswith(IN_JOBS_HERE) and not compose.searches(base):
        return divide(prepared, "auto", base.members_per_job)
    return []


def lanes_key(base: DictConfig) -> str:
    """The setting that says how many members of a sweep may train as lanes of one program."""
    here = base.hydra.launcher._target_.endswith(IN_PROCESS)
    return lanes.MAX_LANES if here else lanes.MEMBERS_PER_JOB
