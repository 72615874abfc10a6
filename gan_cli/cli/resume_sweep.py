"""`gan train -m --resume SWEEP`: what is missing of a sweep is trained, the rest is left alone."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from omegaconf import DictConfig, OmegaConf

from gan_cli import commands, config, runs, saved_config
from gan_cli.cli import launch, sweep_command
from gan_cli.cli.moved_data import moving
from gan_cli.cli.moved_sweep import move
from gan_cli.composition import compose
from gan_cli.composition.compose import Member
from gan_cli.composition.overrides import key_of
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import DataError, UsageError
from gan_cli.interrupts import StopRequest
from gan_cli.job import changes
from gan_cli.job.changes import CHANGEABLE
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory, lock
from gan_cli.runs.directory import still_running
from gan_cli.sweep.members import directory_of, is_over


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
    if not text:
        raise UsageError("the name of a sweep is empty. Name its directory, or latest.")
    directory = runs.newest_sweep() if text == "latest" else Path(text)
    moved = moving(typed)
    lines = sweep_command.read(directory, [line for line in typed if line not in moved])
    if take_over:
        runs.release(directory)
    with compose.hydra(config_dir) as program, _held(directory):
        if moved:
            lines = move(directory, lines, moved, accept_changes=accept_changes)
        command = compose.read(program, lines, multirun=True, stop=stop)
        base = command.base
        assert base is not None
        launch.offer_devices(command)
        if compose.searches(base):
            _refuse_other_choices(directory, base)
            print(f"{directory}: the search is done again, and what has been trained is kept")
            return launch.sweep(program, base, directory, modules, {}, stop)
        places = [
            RunDirectory(directory_of(member.config, directory, number))
            for number, member in enumerate(command.members)
        ]
        sweep_command.check_places(directory, [place.path for place in places])
        missing = [
            number
            for number, (place, member) in enumerate(zip(places, command.members, strict=True))
            if not _needs_no_more(place, member)
        ]
        if not missing:
            print(f"{directory}: all {len(places)} members have ended.")
            return launch.finish_sweep(directory)
        splits: dict[Dataset, Split] = {}
        prepared = {
            number: prepare(_load(places[number], command.members[number]), splits)
            for number in missing
        }
        for number in missing if not accept_changes else ():
            with contextlib.suppress(DataError):  # of a summary, which is told of in its turn
                changes.refuse(places[number], prepared[number])
        print(f"{directory}: {len(missing)} of {len(places)} members go on")
        return launch.sweep(program, base, directory, modules, prepared, stop)


def _load(place: RunDirectory, member: Member) -> config.Experiment:
    if runs.is_run(place.path):
        return saved_config.load_run(place.path)
    return config.load(compose.plain(member.config))


@contextlib.contextmanager
def _held(directory: Path) -> Iterator[None]:
    """Holds the sweep's lock."""
    try:
        with lock.hold(directory):
            yield
    except lock.HeldElsewhere as held:
        raise still_running(directory, held, commands.resume_sweep(directory)) from None


def _refuse_other_choices(directory: Path, base: DictConfig) -> None:
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


def _needs_no_more(place: RunDirectory, member: Member) -> bool:
    """Whether a member needs no more training."""
    if not runs.is_run(place.path):
        return False
    before = place.read_overrides()
    fixed = [line for line in member.overrides if key_of(line) not in CHANGEABLE]
    if [line for line in fixed if line not in before]:
        raise UsageError(
            f"{place.path} was started with {' '.join(before)}, and the sweep's command now makes "
            f"it {' '.join(member.overrides)}. Start a new sweep."
        )
    if place.is_running():
        raise UsageError(f"{place.path} is still running, in another process.")
    return is_over(place)
