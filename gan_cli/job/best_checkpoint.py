"""The state that did best by a metric: kept while a run trains, and found again afterwards."""

import math
from collections.abc import Mapping
from typing import Any

from gan_cli import checkpoints
from gan_cli.job.sinks import Sink
from gan_cli.logs import scalars
from gan_cli.metrics.base import Direction
from gan_cli.runs import RunDirectory
from gan_cli.runs.summary import Best


class BestCheckpoint(Sink):
    """checkpoints/best/: the state that did best by a metric.

    A run that goes on from a checkpoint forgets everything after it. So that it finds the state
    that was best until then, that one stays beside a newer one until the next checkpoint.
    """

    def __init__(self, place: RunDirectory, tag: str, direction: Direction) -> None:
        """Goes on from what is there.

        Args:
            place: the run's directory.
            tag: the number that decides.
            direction: which of two values of it is better.
        """
        self._directory, self._tag = place.best_checkpoints, tag
        self._sign = 1 if direction == "higher" else -1
        best = saved(place, tag)
        self._value = self._sign * best["value"] if best else -math.inf
        self._step = self._safe = best["step"] if best else 0

    def probed(self, step: int, state: Any, values: Mapping[str, float]) -> None:
        value = self._sign * values.get(self._tag, math.nan)
        if not value > self._value:
            return
        self._directory.parent.mkdir(exist_ok=True)
        checkpoints.save(self._directory, step, state, keep=3)
        if self._step > self._safe:
            checkpoints.delete(self._directory, self._step)
        self._value, self._step = value, step

    def checkpoint(self, step: int, state: Any) -> None:
        for older in checkpoints.steps(self._directory)[:-1]:
            checkpoints.delete(self._directory, older)
        self._safe = step


def saved(place: RunDirectory, tag: str) -> Best | None:
    """The best state that a run keeps, and its value of a tag; None where it keeps none."""
    steps = checkpoints.steps(place.best_checkpoints)
    values = {row["step"]: row.get(tag) for row in scalars.read(place.metrics)}
    if not steps or not isinstance(value := values.get(steps[-1]), float | int):
        return None
    return {"tag": tag, "value": value, "step": steps[-1]}


def forget_after(place: RunDirectory, step: int) -> None:
    """Deletes the best states of later steps."""
    checkpoints.discard_unfinished(place.best_checkpoints)
    for later in checkpoints.steps(place.best_checkpoints):
        if later > step:
            checkpoints.delete(place.best_checkpoints, later)
