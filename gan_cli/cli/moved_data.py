"""Data that was moved: it is known again by its content, and its new place is saved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from gan_cli.composition.overrides import key_of, quoted
from gan_cli.errors import UsageError
from gan_cli.files import write_atomically
from gan_cli.job import changes, record
from gan_cli.job.changes import MOVABLE
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory


def moving(lines: Sequence[str]) -> list[str]:
    """Those overrides that say where the data is now."""
    return [line for line in lines if key_of(line) in MOVABLE]


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
    if moved and place.holds_results() and "data_sha256" not in record.recorded(place):
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
    path = dataset[key.removeprefix("dataset.")] if key in MOVABLE else None
    return quoted(key, Path(path)) if path else line
