"""Data that was moved: it is known again by its content, and its new place is saved."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from gan_cli import commands
from gan_cli.composition.overrides import key_of, quoted
from gan_cli.datasets.base import Dataset
from gan_cli.errors import DataError, UsageError, alike
from gan_cli.files import path_of, write_atomically
from gan_cli.job import changes
from gan_cli.job.changes import MOVABLE, PLACES
from gan_cli.job.started_with import recorded
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory

PLACE = "dataset.path=PLACE"
"""What a command says of the new place of the data, as it is printed."""


@contextlib.contextmanager
def telling_the_way(dataset: Dataset, lines: Sequence[str]) -> Iterator[None]:
    """Adds to the error for a run's own data that is gone how to say where it is now.

    The command that was given must take dataset.path=PLACE.

    Args:
        dataset: the run's.
        lines: the overrides; one of them may say where the data is already.
    """
    try:
        yield
    except DataError as error:
        path = getattr(dataset, "path", None)
        if moving(lines) or not isinstance(path, str) or path_of(path).exists():
            raise
        again = commands.again(PLACE)
        raise DataError(f"{error} If it was moved, say where it is now: {again}") from error


def moving(lines: Sequence[str]) -> list[str]:
    """Those overrides that say where the data is now."""
    return [line for line in lines if key_of(line) in MOVABLE]


def check_moves(command: str, lines: Sequence[str]) -> None:
    """Refuses overrides of a command that say anything else than where the data is now.

    Raises:
        UsageError: naming the nearest that does.
    """
    for line in lines:
        if key_of(line) not in MOVABLE:
            near = alike(key_of(line), MOVABLE) if "." in key_of(line) else ""
            raise UsageError(
                f"{line}: {command} keeps to the settings of the run. {near}{near and ' '}"
                "It takes nothing but the place of data that was moved: "
                f"{', '.join(f'{key}=PLACE' for key in PLACES)} or dataset.key=NAME."
            )


def refuse_changes(place: RunDirectory, prepared: Prepared, lines: Sequence[str]) -> None:
    """Refuses settings and data that are not those that a run was started with.

    Args:
        place: the run's directory.
        prepared: its experiment with the overrides in place.
        lines: the overrides.

    Raises:
        UsageError: also for moved data of which that cannot be known.
    """
    moved = moving(lines)
    if moved and place.holds_results() and "data_sha256" not in recorded(place):
        raise UsageError(
            f"{' '.join(moved)}: {place.path} keeps no hash of its data, as runs of older "
            "versions, so this data cannot be compared. Put the data, or a link to it, back where "
            "it was, or go on with this data as it is: --accept-changes"
        )
    changes.refuse(place, prepared)


def save(place: RunDirectory, changed: dict[str, Any], lines: Sequence[str]) -> None:
    """Saves a changed configuration, and the overrides that changed it."""
    new = replaced(place.read_overrides(), lines, changed["dataset"])
    for path, values in ((place.config, changed), (place.overrides, new)):
        write_atomically(path, OmegaConf.to_yaml(OmegaConf.create(values)).encode())


def replaced(before: Sequence[str], lines: Sequence[str], dataset: dict[str, Any]) -> list[str]:
    """Overrides with new ones in the place of those that set the same.

    Args:
        before: the overrides.
        lines: the new ones.
        dataset: the settings of the data set, whose places are written in full.
    """
    keys = {key_of(line) for line in lines}
    kept = [line for line in before if key_of(line) not in keys]
    return [*kept, *(_whole(line, dataset) for line in lines)]


def _whole(line: str, dataset: dict[str, Any]) -> str:
    """An override with the whole path where it says where the data is."""
    key = key_of(line)
    path = dataset[key.removeprefix("dataset.")] if key in PLACES else None
    return quoted(key, Path(path)) if path else line
