"""Data that was moved: it is known again by its content, and its new place is saved."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from gan_cli.datasets import content
from gan_cli.errors import UsageError
from gan_cli.files import write_atomically
from gan_cli.overrides import key_of, quoted
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory

MOVABLE = ("dataset.path", "dataset.root")
"""Where the data is, which may change on a resume if the data is the same."""


def is_moved(lines: Sequence[str]) -> bool:
    """Whether overrides name another place of the data."""
    return any(key_of(line) in MOVABLE for line in lines)


def check_content(place: RunDirectory, prepared: Prepared, lines: Sequence[str]) -> None:
    """Refuses data that is not what a run was trained on.

    Raises:
        UsageError: also where that cannot be known.
    """
    told = " ".join(line for line in lines if key_of(line) in MOVABLE)
    known = place.read_summary().get("data_sha256")
    if known is None and not place.holds_results():
        return
    if known is None:
        raise UsageError(
            f"{told}: {place.path} keeps no hash of its data, as runs of older versions, so this "
            "data cannot be compared. Put the data, or a link to it, back where it was."
        )
    if prepared.split is None or content.sha256(prepared.split) != known:
        raise UsageError(
            f"{told}: this is not the data that {place.path} was trained on. "
            "Name that data, or start a new run."
        )


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
