"""What is checked of a command that trains before anything is written, and where it would write."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from omegaconf import DictConfig

from gan_cli import config
from gan_cli.composition import compose, hydra_settings, requested
from gan_cli.composition.origins import naming_files
from gan_cli.composition.overrides import key_of
from gan_cli.composition.requested import Member
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import GanError, UsageError
from gan_cli.files import path_of
from gan_cli.interrupts import StopRequest
from gan_cli.logs.waiting import waiting
from gan_cli.preflight import lanes
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.runs.new import RUN_KEY, SWEEP_KEY, check_own
from gan_cli.soundness import refuse_wrong_jax
from gan_cli.sweep.groups import Group, divide
from gan_cli.sweep.members import directory_of, relative
from gan_cli.training import devices
from gan_cli.tuned import configuration

SIDE_BY_SIDE, VMAP = ".SideBySideLauncher", ".VmapLauncher"
IN_PROCESS = (SIDE_BY_SIDE, VMAP, ".BasicLauncher")
"""Launchers whose members train in this process and can be handed what is prepared."""
IN_JOBS_HERE = (".JoblibLauncher", ".LocalLauncher")
"""Launchers whose jobs are processes on this machine, whose memory they have."""


def sign_of_life(multirun: bool) -> contextlib.AbstractContextManager[None]:
    """Says on standard error how far a large sweep is while its members are composed."""
    said_by = "gan_cli.composition"
    return waiting("gan train", said_by) if multirun else contextlib.nullcontext()


def place_of(lines: Sequence[str], command: requested.Command) -> tuple[Path, bool]:
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


def place_key(command: requested.Command) -> str:
    """The setting that chooses where a run or a sweep is written."""
    return RUN_KEY if command.base is None else SWEEP_KEY


def check_places(command: requested.Command, directory: Path) -> None:
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


def check(command: requested.Command, stop: StopRequest) -> list[Prepared]:
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
        raise type(error)(f"{requested.name_member(number, member.overrides)}: {error}") from error


def offer_devices(command: requested.Command) -> None:
    """Gives a sweep whose members train side by side on one device each a device for each core."""
    if command.base is None or not command.base.hydra.launcher._target_.endswith(SIDE_BY_SIDE):
        return
    if any(str(member.config.get("devices", 1)) != "1" for member in command.members):
        return
    wanted = command.base.hydra.launcher.cores
    devices.offer(min(wanted or devices.cores(), len(command.members)))


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
    by_jobs = launcher._target_.endswith(IN_JOBS_HERE) and not requested.searches(base)
    if by_jobs and base.members_per_job > 1:
        return divide(prepared, "auto", base.members_per_job)
    return []


def lanes_key(base: DictConfig) -> str:
    """The setting that says how many members of a sweep may train as lanes of one program."""
    here = base.hydra.launcher._target_.endswith(IN_PROCESS)
    return lanes.MAX_LANES if here else lanes.MEMBERS_PER_JOB
