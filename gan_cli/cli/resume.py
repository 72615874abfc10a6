"""`gan train --resume RUN`: the saved experiment, with what may change, goes on."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import HydraException
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli import changes, checkpoints, config, job, runs, saved_config
from gan_cli.changes import MOVABLE, RESUMABLE
from gan_cli.errors import UsageError
from gan_cli.files import path_of, write_atomically
from gan_cli.interrupts import StopRequest
from gan_cli.logs.files import run_log
from gan_cli.logs.terminal import for_standard_output
from gan_cli.overrides import Kind, key_of, literal, quoted
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory

OPEN = ("evaluate_end=auto", "compile_cache=auto", "device=auto")
"""Where auto is a choice of its own, which no table replaces."""


def resume_run(
    text: str,
    lines: Sequence[str],
    stop: StopRequest,
    *,
    take_over: bool = False,
    accept_changes: bool = False,
) -> None:
    """Goes on with a run to its last step.

    Args:
        text: the RUN argument.
        lines: overrides of RESUMABLE and MOVABLE keys.
        stop: whether the user asked to stop.
        take_over: see `runs.release`.
        accept_changes: go on with other settings or data than the run was started with.

    Raises:
        UsageError: if there is no such run, if it is running, for another key, or where its
            settings or its data have changed.
    """
    place = runs.resolve(text)
    if take_over:
        runs.release(place.path)
    values = saved_config.saved_values(place.path)
    changed = _changed(values, lines)
    experiment = config.load(changed)
    reached = max([0, *checkpoints.steps(place.checkpoints)])
    if experiment.steps < reached:
        raise UsageError(f"steps={experiment.steps}: the run is already at step {reached}.")
    moved = [] if accept_changes else [line for line in lines if key_of(line) in MOVABLE]
    if place.read_summary()["status"] == "completed" and experiment.steps == reached:
        if moved:
            with place.lock():
                _check_known(place, moved)
                changes.refuse(place, prepare(experiment))
                _save(place, changed, lines)
        print(f"{place.path} is completed: step {reached:,}. More steps go on: steps=N")
        return
    with place.lock():
        prepared = prepare(experiment)
        if not accept_changes:
            _check_known(place, moved)
            changes.refuse(place, prepared)
        if changed != values:
            _save(place, changed, lines)
        with run_log(place.log, place.path):
            job.train_run(prepared, place, for_standard_output(), stop, resume=True)


def _check_known(place: RunDirectory, moved: Sequence[str]) -> None:
    """Refuses data elsewhere for a run of an older version, which cannot be compared."""
    if moved and "data_sha256" not in place.read_summary():
        raise UsageError(
            f"{' '.join(moved)}: {place.path} keeps no hash of its data, as runs of older "
            "versions, so this data cannot be compared. Put the data, or a link to it, back where "
            "it was, or go on with this data as it is: --accept-changes"
        )


def _changed(values: dict[str, Any], lines: Sequence[str]) -> dict[str, Any]:
    """The saved values with the overrides in place."""
    merged: Any = OmegaConf.create(values)

    def kind_of(key: str) -> Kind:
        saved = OmegaConf.select(merged, key)
        return Kind(saved is None or isinstance(saved, str), optional=saved is None)

    for line in lines:
        key = key_of(line)
        if "=" not in line or key not in (*RESUMABLE, *MOVABLE):
            can = ", ".join((*RESUMABLE, *MOVABLE))
            raise UsageError(f"{line}: cannot change when a run is resumed. What can: {can}.")
        if line == f"{key}=auto" and line not in OPEN:
            raise UsageError(
                f"{line}: a run keeps the values that were chosen when it started. Write a number."
            )
        try:
            value = OverridesParser.create().parse_override(literal(line, kind_of)).value()
            if key in MOVABLE and value is not None:  # a relative path is relative to this place
                value = str(path_of(str(value)).absolute())
            OmegaConf.update(merged, key, value, force_add=True)
        except (HydraException, OmegaConfBaseException) as error:
            raise UsageError(f"{line}: cannot be read as key=value.") from error
    return OmegaConf.to_container(merged)  # type: ignore[return-value]


def _save(place: RunDirectory, changed: dict[str, Any], lines: Sequence[str]) -> None:
    """Saves the changed configuration, and the overrides that changed it."""
    keys = {key_of(line) for line in lines}
    kept = [line for line in place.read_overrides() if key_of(line) not in keys]
    new = [_whole(line, changed["dataset"]) for line in lines]
    for path, values in ((place.config, changed), (place.overrides, [*kept, *new])):
        write_atomically(path, OmegaConf.to_yaml(OmegaConf.create(values)).encode())


def _whole(line: str, dataset: dict[str, Any]) -> str:
    """An override with the whole path where it says where the data is."""
    key = key_of(line)
    path = dataset[key.removeprefix("dataset.")] if key in MOVABLE else None
    return quoted(key, Path(path)) if path else line
