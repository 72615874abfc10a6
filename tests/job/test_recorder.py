"""What is handed over is written in order, beside the training, and no error is lost."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gan_cli import checkpoints
from gan_cli.collapse import FEWEST, Watch
from gan_cli.job import sinks
from gan_cli.job.recorder import QUEUE, Recorder
from gan_cli.job.sinks import Checkpoints, Log, Metrics, Pictures, SummaryFile, TensorBoard
from gan_cli.logs import scalars
from gan_cli.logs.tensorboard import EventFile
from gan_cli.logs.terminal import Lines
from gan_cli.plots.grid import Grid
from gan_cli.runs import RunDirectory

IMAGES = np.zeros((4, 8, 8, 1), np.float32)
VALUES = {"loss/generator": 0.5, "loss/discriminator": float("nan")}


class Gated(Grid):
    """Draws when it is let through."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        assert self.gate.wait(timeout=60)
        return super().draw(samples, title)


class Silent(Lines):
    """Keeps what it is told of the progress."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[int] = []

    def progress(self, step: int, rate: float, last: Any, whose: str = "") -> None:
        self.told.append(step)

    def end(self, lines: Sequence[str]) -> None: ...


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


@pytest.fixture
def drawer() -> Iterator[Gated]:
    made = Gated()
    yield made
    made.gate.set()


def record(
    place: RunDirectory, drawer: Grid | None = None, watch: Watch | None = None, **changes: Any
) -> Recorder:
    summary: Any = {"status": "running", "step": 0, "wall_seconds": 0.0, "metrics": {}} | changes
    made = [
        Metrics(place.metrics),
        TensorBoard(EventFile(place.path)),
        Pictures(place),
        Checkpoints(place.checkpoints, keep=2, record={}),
        SummaryFile(place, summary),
        Log(place),
    ]
    thread = ThreadPoolExecutor(1)
    return Recorder(made, drawer or Grid(), thread, Silent(), summary, name="#1", watch=watch)


def test_what_is_logged_before_a_checkpoint_is_written_before_it(
    place: RunDirectory, drawer: Gated
) -> None:
    made = record(place, drawer)
    made.samples(5, IMAGES)
    made.scalars(5, VALUES)
    made.checkpoint(5, {"a": np.arange(3)})
    made.scalars(6, VALUES)
    time.sleep(0.2)
    assert scalars.read(place.metrics) == []
    assert checkpoints.steps(place.checkpoints) == []
    drawer.gate.set()
    while not checkpoints.steps(place.checkpoints):
        time.sleep(0.001)
    assert place.sample(5).is_file()
    assert scalars.read(place.metrics)[0]["step"] == 5
    made.close()
    assert [row["step"] for row in scalars.read(place.metrics)] == [5, 6]


def test_a_checkpoint_brings_all_that_came_before_to_the_disk(place: RunDirectory) -> None:
    made = record(place)
    made.samples(5, IMAGES)
    made.scalars(5, VALUES)
    made.checkpoint(5, {"a": np.arange(3)})
    while not checkpoints.steps(place.checkpoints):
        time.sleep(0.001)
    events = EventAccumulator(str(place.path))
    events.Reload()
    assert [point.step for point in events.Scalars("loss/generator")] == [5]
    assert [image.step for image in events.Images("samples")] == [5]
    made.close()
    assert json.loads(place.summary.read_text())["metrics"] == {
        "loss/generator": 0.5,
        "loss/discriminator": "nan",
    }


def test_values_are_those_that_were_handed_over(place: RunDirectory, drawer: Gated) -> None:
    """Though the caller changes them before they are written."""
    made = record(place, drawer)
    made.samples(1, IMAGES)
    values = {"loss/generator": 1.0}
    made.scalars(1, values)
    values["loss/generator"] = 2.0
    drawer.gate.set()
    made.close()
    assert scalars.read(place.metrics)[0]["loss/generator"] == 1.0


def test_time_is_taken_when_a_row_is_handed_over_and_goes_on(
    place: RunDirectory, drawer: Gated
) -> None:
    made = record(place, drawer, wall_seconds=100.0)
    made.samples(1, IMAGES)
    made.scalars(1, VALUES)
    time.sleep(0.3)
    made.scalars(2, VALUES)
    drawer.gate.set()
    made.close()
    first, second = (row["wall_seconds"] for row in scalars.read(place.metrics))
    assert 100.0 <= first < 100.29
    assert second - first > 0.29
    assert made.wall_seconds >= second


def test_the_wait_for_the_compiler_is_added_to_that_before_a_resume() -> None:
    """Of the thread, whose time began earlier, it counts what comes after."""
    waited = [5.0]
    before: Any = {"compile_seconds": 2.0}
    made = Recorder(
        [], Grid(), ThreadPoolExecutor(1), Silent(), before, compiling=lambda: waited[0]
    )
    waited[0] = 8.5
    assert made.times()["compile_seconds"] == 5.5


def test_a_training_too_far_ahead_waits(place: RunDirectory, drawer: Gated) -> None:
    made = record(place, drawer)
    handed: list[int] = []

    def train() -> None:
        for step in range(QUEUE + 1):
            made.samples(step, IMAGES)
            handed.append(step)

    training = threading.Thread(target=train)
    training.start()
    training.join(timeout=0.5)
    assert training.is_alive()
    assert len(handed) == QUEUE
    drawer.gate.set()
    training.join(timeout=60)
    assert len(handed) == QUEUE + 1
    made.close()
    assert place.sample_steps() == list(range(QUEUE + 1))


def test_an_error_of_the_writer_reaches_the_training(place: RunDirectory) -> None:
    made = record(place)
    place.samples.rmdir()
    made.samples(1, IMAGES)
    with pytest.raises(FileNotFoundError, match="samples"):
        for _ in range(1000):
            made.scalars(2, VALUES)
            time.sleep(0.01)
    made.close()


def test_an_error_of_the_last_write_reaches_whoever_closes(place: RunDirectory) -> None:
    made = record(place)
    place.checkpoints.write_text("in the way")
    made.scalars(1, VALUES)
    made.checkpoint(1, {"a": np.arange(3)})
    with pytest.raises(OSError, match="checkpoints"):
        made.close()
    assert len(scalars.read(place.metrics)) == 1
    made.close()


def test_the_summary_learns_of_the_progress(place: RunDirectory) -> None:
    made = record(place)
    made.progress(7, 5.0, VALUES)
    made.close()
    assert json.loads(place.summary.read_text())["step"] == 7


def test_a_sink_of_ones_own_gets_everything_in_order(place: RunDirectory) -> None:
    seen: list[tuple[str, int]] = []

    class Own(sinks.Sink):
        def scalars(self, step: int, wall_seconds: float, values: Any) -> None:
            seen.append(("scalars", step))

        def image(self, step: int, tag: str, png: bytes) -> None:
            seen.append((tag, step))

        def checkpoint(self, step: int, state: Any) -> None:
            seen.append(("checkpoint", step))

    made = Recorder([Own()], Grid(), ThreadPoolExecutor(1), Silent(), {})
    made.scalars(1, VALUES)
    made.samples(1, IMAGES)
    made.checkpoint(1, {})
    made.scalars(2, VALUES)
    made.close()
    assert seen == [("scalars", 1), ("samples", 1), ("checkpoint", 1), ("scalars", 2)]


def test_a_sign_of_collapse_is_told_once_in_every_place(
    place: RunDirectory, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gan_cli")
    alike = np.concatenate([IMAGES[:1]] * FEWEST)
    data = np.random.default_rng(0).uniform(-1, 1, alike.shape)
    made = record(place, watch=Watch(data))
    for step in (1000, 2000, 3000, 4000):
        made.scalars(step, VALUES)
        made.samples(step, alike)
    made.close()
    [warning] = json.loads(place.summary.read_text())["warnings"]
    assert (warning["step"], warning["sign"]) == (3000, "samples_same")
    assert capsys.readouterr().out == f"warning: #1: {warning['text']}\n"
    [logged] = [record for record in caplog.records if "warning" in record.message]
    assert logged.message == f"warning at step 3000: {warning['text']}"
    assert logged.__dict__["run"] == place.path
    events = EventAccumulator(str(place.path))
    events.Reload()
    [page] = events.Tensors("warnings")
    assert (page.step, page.tensor_proto.string_val[0].decode()) == (3000, warning["text"])
