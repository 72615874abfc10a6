"""The part of a run that can be trained again: from one of its checkpoints to the next."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import jax
import numpy as np

from gan_cli import checkpoint_faults, checkpoints, no_checkpoint, stored_arrays
from gan_cli.errors import UsageError
from gan_cli.job.started_with import recorded
from gan_cli.logs import scalars
from gan_cli.logs.scalars import Row
from gan_cli.prepared import Prepared
from gan_cli.runs import RunDirectory
from gan_cli.training.state import TrainState, from_earlier_versions, named_as_today


class Stretch(NamedTuple):
    """The part of a run that is trained again.

    start, end: the steps of its two checkpoints; a start of 0 is the beginning of the run.
    state: the state at the start.
    saved: the arrays that the checkpoint at the end holds, by name.
    rows: what the run logged after the start and up to the end.
    """

    start: int
    end: int
    state: TrainState
    saved: dict[str, np.ndarray]
    rows: list[Row]


def last_stretch(place: RunDirectory, prepared: Prepared) -> Stretch:
    """The steps between a run's last two checkpoints, or up to its only one.

    Raises:
        UsageError: if the run has no checkpoint, or went on with other settings in between.
        DataError: if one of the checkpoints, or the summary, is damaged.
    """
    saved = checkpoints.steps(place.checkpoints)
    if not saved:
        raise UsageError(no_checkpoint.why(place, prepared.experiment))
    start, end = [0, *saved][-2:]
    for each in recorded(place).get("accepted", []):
        if start < each["step"]:
            raise UsageError(
                f"{place.path} went on from step {each['step']:,} with other settings or other "
                "data, so the steps before it cannot be trained again. Once two checkpoints from "
                "there on are saved, they can be compared."
            )
    held: set[str] = set()  # earlier versions saved less than a state has

    def completed(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        held.update(named_as_today(arrays))
        return from_earlier_versions(arrays)

    with jax.default_device(prepared.device), _still_there(place, {start, end} - {0}):
        first = _state(place, start, prepared)
        last = _state(place, end, prepared, completed)
        state = first._replace(stream=last.stream)  # which a rollback to the start has changed
    rows = [row for row in scalars.read(place.metrics) if start < row["step"] <= end]
    arrays = stored_arrays.by_name(last)
    return Stretch(start, end, state, {name: arrays[name] for name in arrays if name in held}, rows)


@contextlib.contextmanager
def _still_there(place: RunDirectory, steps: set[int]) -> Iterator[None]:
    """Says of a checkpoint that was deleted meanwhile that it was not damaged."""
    try:
        yield
    except checkpoint_faults.Damaged:
        if steps - set(checkpoints.steps(place.checkpoints)):
            raise UsageError(
                f"{place.path} has deleted an old checkpoint meanwhile. Try again."
            ) from None
        raise


def _state(
    place: RunDirectory,
    step: int,
    prepared: Prepared,
    rename: checkpoints.Rename = from_earlier_versions,
) -> TrainState:
    """The state after a step, from the run's checkpoint; at step 0 as it began."""
    if not step:
        return prepared.begin()
    saved = checkpoints.restore(place.checkpoints, step, prepared.abstract, rename)
    return prepared.placed(saved)
