"""What is missing of a sweep: the members that are not over, each ready to go on."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from gan_cli import config, runs, saved_config
from gan_cli.cli import sweep_command
from gan_cli.cli.moved_data import telling_the_way
from gan_cli.cli.resume import with_overrides
from gan_cli.composition.overrides import key_of
from gan_cli.composition.requested import Command, Member
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import DataError, UsageError
from gan_cli.job import changes
from gan_cli.job.changes import CHANGEABLE
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.sweep.members import directory_of, is_over, new_experiment


class Missing(NamedTuple):
    """A member that is not over, with its directory, which need not exist yet."""

    place: RunDirectory
    prepared: Prepared


def missing(
    directory: Path, command: Command, moved: Sequence[str] = (), *, accept_changes: bool
) -> dict[int, Missing]:
    """The members of a sweep that need more training, by their number; nothing is written.

    Args:
        directory: the sweep's directory.
        command: what the sweep was started with, composed.
        moved: overrides that say where the data is now, where they are not saved.
        accept_changes: see `resume_run`.

    Raises:
        UsageError: if a member is running, if its command now means something else, or where its
            settings or its data have changed.
    """
    places = [
        RunDirectory(directory_of(member.config, directory, number))
        for number, member in enumerate(command.members)
    ]
    sweep_command.check_places(directory, [place.path for place in places])
    left = [
        (number, place, member)
        for number, (place, member) in enumerate(zip(places, command.members, strict=True))
        if not _needs_no_more(place, member)
    ]
    splits: dict[Dataset, Split] = {}
    found = {
        number: Missing(place, _prepared(_load(place, member, moved), moved, splits))
        for number, place, member in left
    }
    for each in found.values() if not accept_changes else ():
        with contextlib.suppress(DataError):  # of a summary, which is told of in its turn
            changes.refuse(*each)
    return found


def going_on(directory: Path, command: Command, found: dict[int, Missing]) -> str:
    """How many members are missing of a sweep, in words."""
    return f"{directory}: {len(found)} of {len(command.members)} members go on"


def _load(place: RunDirectory, member: Member, moved: Sequence[str]) -> config.Experiment:
    if not runs.is_run(place.path):
        return new_experiment(member.config, member.config, goes_on=True)
    if moved:
        return config.load(with_overrides(saved_config.saved_values(place.path), moved))
    return saved_config.load_run(place.path)


def _prepared(
    experiment: config.Experiment, moved: Sequence[str], splits: dict[Dataset, Split]
) -> Prepared:
    with telling_the_way(experiment.dataset, moved):
        return prepare(experiment, splits)


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
    place.refuse_running()
    return is_over(place)
