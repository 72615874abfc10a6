"""The best state: which one is kept, beside which older one, and what a resumed run finds."""

import math
from pathlib import Path

import numpy as np
import pytest

from gan_cli import checkpoints
from gan_cli.job.best_checkpoint import BestCheckpoint, forget_after, saved
from gan_cli.logs.scalars import ScalarFile
from gan_cli.runs import RunDirectory


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def state(step: int) -> dict[str, np.ndarray]:
    return {"step": np.array(step)}


def feed(sink: BestCheckpoint, values: dict[int, float]) -> None:
    for step, value in values.items():
        sink.probed(step, state(step), {"a/b": value})


def kept(place: RunDirectory) -> list[int]:
    return checkpoints.steps(place.best_checkpoints)


def test_the_lowest(place: RunDirectory) -> None:
    sink = BestCheckpoint(place, "a/b", "lower")
    feed(sink, {1: 3.0, 2: 2.0, 3: 2.5, 4: math.nan, 5: 2.0})
    assert kept(place) == [2]
    assert int(checkpoints.restore(place.best_checkpoints, 2, state(0))["step"]) == 2


def test_the_highest(place: RunDirectory) -> None:
    sink = BestCheckpoint(place, "a/b", "higher")
    feed(sink, {1: -3.0, 2: -2.0, 3: -2.5})
    assert kept(place) == [2]


def test_the_best_until_the_last_checkpoint_stays_until_the_next(place: RunDirectory) -> None:
    sink = BestCheckpoint(place, "a/b", "lower")
    feed(sink, {1: 3.0})
    sink.checkpoint(2, None)
    feed(sink, {3: 2.0, 4: 1.0})
    assert kept(place) == [1, 4]
    sink.checkpoint(5, None)
    assert kept(place) == [4]
    feed(sink, {6: 0.5})
    assert kept(place) == [4, 6]


def test_other_numbers_are_left_alone(place: RunDirectory) -> None:
    sink = BestCheckpoint(place, "a/b", "lower")
    sink.probed(1, state(1), {"truth/jensen_shannon": 0.1})
    assert kept(place) == []


def test_what_a_resumed_run_passed_is_forgotten(place: RunDirectory) -> None:
    file = ScalarFile(place.metrics)
    for step, value in ((1, 2.0), (7, 1.0)):
        file.write(step, 0.0, {"a/b": value})
    file.close()
    sink = BestCheckpoint(place, "a/b", "lower")
    feed(sink, {1: 2.0})
    sink.checkpoint(5, None)
    feed(sink, {7: 1.0})
    assert saved(place, "a/b") == {"tag": "a/b", "value": 1.0, "step": 7}
    forget_after(place, 5)
    assert saved(place, "a/b") == {"tag": "a/b", "value": 2.0, "step": 1}
    feed(BestCheckpoint(place, "a/b", "lower"), {7: 2.5, 8: 1.5})
    assert kept(place) == [1, 8]
