"""The moved data of a whole sweep: each run and the sweep's command learn its new place."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from gan_cli import config, runs, saved_config
from gan_cli.cli.moved_data import refuse_changes, replaced, save
from gan_cli.cli.resume import with_overrides
from gan_cli.composition.overrides import key_of
from gan_cli.datasets.base import Dataset, Split
from gan_cli.errors import UsageError
from gan_cli.files import write_atomically
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from gan_cli.runs.settings import read_settings
from gan_cli.runs.sweep_start import SWEEP


def move(
    directory: Path, command: Sequence[str], lines: Sequence[str], *, accept_changes: bool
) -> list[str]:
    """Saves the new place of the data; nothing is saved unless every run knows the data again.

    Args:
        directory: the sweep's directory, whose lock the caller holds.
        command: the overrides that the sweep was started with.
        lines: overrides of MOVABLE keys.
        accept_changes: see `resume_run`.

    Returns:
        The overrides that the sweep goes on with.

    Raises:
        UsageError: for data in which members differ, or for other data.
    """
    for place, changed in check(directory, lines, accept_changes=accept_changes):
        with place.lock():
            save(place, changed, lines)
    _save_command(directory, lines, with_overrides({}, lines)["dataset"])
    return moved_command(command, lines)


def moved_command(command: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The overrides of a sweep with the new place of its data."""
    return replaced(command, lines, with_overrides({}, lines)["dataset"])


def check(
    directory: Path, lines: Sequence[str], *, accept_changes: bool
) -> list[tuple[RunDirectory, dict[str, Any]]]:
    """Every run of a sweep with the settings that it goes on with; see `move`."""
    places = [RunDirectory(path) for path in runs.find(directory)]
    here = with_overrides({}, lines)["dataset"]
    _refuse_several(directory, places, lines, here)
    splits: dict[Dataset, Split] = {}
    moved = []
    for place in places:
        place.refuse_running()
        changed = with_overrides(saved_config.saved_values(place.path), lines)
        prepared = prepare(config.load(changed), splits)
        if not accept_changes:
            refuse_changes(place, prepared, lines)
        moved.append((place, changed))
    return moved


def _refuse_several(
    directory: Path, places: Sequence[RunDirectory], lines: Sequence[str], here: dict[str, Any]
) -> None:
    """Refuses one place of the data for members that have several; some may be moved already."""
    for line in lines:
        key, moved = key_of(line), replaced([], [line], here)
        own = {each for place in places for each in place.read_overrides() if key_of(each) == key}
        if len(own.difference(moved)) > 1:
            raise UsageError(
                f"{key}: the runs of {directory} have data of their own. "
                f"Name the new place for each: gan train --resume {places[0].path} {key}=PATH"
            )


def _save_command(directory: Path, lines: Sequence[str], dataset: dict[str, Any]) -> None:
    """Saves the sweep's command with the new place of the data."""
    path = directory / SWEEP
    values = read_settings(path, resolve=False)
    overrides = values["hydra"]["overrides"]
    overrides["task"] = replaced(overrides["task"], lines, dataset)
    write_atomically(path, OmegaConf.to_yaml(OmegaConf.create(values)).encode())
