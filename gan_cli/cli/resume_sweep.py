"""`gan train -m --resume SWEEP`: what is missing of a sweep is trained, the rest is left alone."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from gan_cli import commands, runs
from gan_cli.cli import checking, launch, sweep_command
from gan_cli.cli.missing_members import going_on, missing
from gan_cli.cli.moved_data import moving
from gan_cli.cli.moved_sweep import move
from gan_cli.composition import compose, requested
from gan_cli.datasets import downloads
from gan_cli.errors import UsageError
from gan_cli.files import path_of
from gan_cli.interrupts import StopRequest
from gan_cli.locks import lock
from gan_cli.preflight import lanes
from gan_cli.runs import RunDirectory, sweep_start
from gan_cli.runs.directory import still_running
from gan_cli.sweep.members import is_over


def resume_sweep(
    text: str,
    typed: Sequence[str],
    modules: Sequence[str],
    config_dir: Path | None,
    stop: StopRequest,
    *,
    take_over: bool = False,
    accept_changes: bool = False,
) -> None:
    """Goes on with the members that are not over; those that diverged would do so again.

    Args:
        text: the sweep's directory, or latest.
        typed: overrides that say where the data is now, and those of the sweep that the user
            answers for; see `sweep_command.read`.
        modules: the user's own modules, to import.
        config_dir: the user's own configuration files, as when the sweep was started.
        stop: whether the user asked to stop.
        take_over: see `runs.release`.
        accept_changes: see `resume_run`.

    Raises:
        UsageError: if there is no such sweep, if it or one of its members is running, if the
            sweep's command now means something else, or where the settings or the data of a member
            have changed.
    """
    directory = sweep_directory(text)
    moved = moving(typed)
    lines = sweep_command.read(directory, typed, config_dir)
    if take_over:
        runs.release(directory)
    start = sweep_start.start(directory)
    with compose.hydra(config_dir, start) as program, _held(directory):
        if moved:
            lines = move(directory, lines, moved, accept_changes=accept_changes)
        command = requested.read(program, lines, multirun=True, stop=stop)
        base = command.base
        assert base is not None
        own = frozenset(downloads.TYPED)
        checking.offer_devices(command)
        if requested.searches(base):
            refuse_other_choices(directory, base)
            print(f"{directory}: the search is done again, and what has been trained is kept")
            return launch.sweep(program, command, directory, modules, {}, stop, own)
        found = missing(directory, command, accept_changes=accept_changes)
        if not found:
            print(f"{directory}: all {len(command.members)} members have ended.")
            return launch.finish_sweep(directory, len(command.members))
        print(going_on(directory, command, found))
        prepared = {number: each.prepared for number, each in found.items()}
        together = [*prepared.values()]
        lanes.refuse_hopeless(
            together, checking.groups_of(base, together), checking.lanes_key(base)
        )
        return launch.sweep(program, command, directory, modules, prepared, stop, own)


def sweep_directory(text: str) -> Path:
    """The directory of a sweep that the user names, or of the newest one.

    Raises:
        UsageError: if the name is empty, or there is none.
    """
    if not text:
        raise UsageError("the name of a sweep is empty. Name its directory, or latest.")
    return runs.newest_sweep() if text == "latest" else path_of(text)


@contextlib.contextmanager
def _held(directory: Path) -> Iterator[None]:
    """Holds the sweep's lock."""
    try:
        with lock.hold(directory):
            yield
    except lock.HeldElsewhere as held:
        raise still_running(directory, held, sweep_start.resume_command(directory)) from None


def refuse_other_choices(directory: Path, base: DictConfig) -> None:
    """Refuses a search that would choose other members when it is done again.

    Raises:
        UsageError: if it has no seed, or its study remembers the members elsewhere.
    """
    sweeper = base.hydra.sweeper
    if OmegaConf.select(sweeper, "storage") is not None:
        raise UsageError(
            f"{directory}: its study is kept in {sweeper.storage} and goes on there, in a new "
            f"sweep: give the command again.{_unfinished(directory)}"
        )
    if "sampler" in sweeper and OmegaConf.select(sweeper, "sampler.seed") is None:
        raise UsageError(
            f"{directory}: its search has no seed, so it would choose other values. Start a search "
            f"with hydra.sweeper.sampler.seed=1, and it can go on.{_unfinished(directory)}"
        )


def _unfinished(directory: Path) -> str:
    """How to go on with the newest run of a sweep that is not over; nothing where all are."""
    found = [path for path in runs.find(directory) if not is_over(RunDirectory(path))]
    return f" Go on with one of its runs: {commands.resume(found[-1])}" if found else ""
