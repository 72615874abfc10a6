"""Each place that results are written to takes its own kind and leaves the others alone."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gan_cli import checkpoints
from gan_cli.job import sinks
from gan_cli.job.sinks import Checkpoints, Metrics, Pictures, Sink, SummaryFile, TensorBoard
from gan_cli.logs import scalars
from gan_cli.logs.tensorboard import EventFile
from gan_cli.plots.grid import Grid
from gan_cli.runs import RunDirectory, Summary

PNG = Grid().draw(np.zeros((1, 4, 4, 1), np.float32), "")
STATE = {"a": np.arange(3)}
KNOWN: Summary = {"status": "running", "step": 7}


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path)


def feed(sink: Sink) -> None:
    """One of everything, of step 5."""
    sink.scalars(5, 0.5, {"loss/generator": 0.25, "loss/discriminator": math.inf})
    sink.image(5, "samples", PNG)
    sink.learn({"step": 5})
    sink.checkpoint(5, STATE)
    sink.flush()
    sink.close()


def files(place: RunDirectory) -> list[str]:
    return sorted(
        path.relative_to(place.path).as_posix() for path in place.path.rglob("*") if path.is_file()
    )


def test_a_sink_that_takes_nothing_writes_nothing(place: RunDirectory) -> None:
    feed(Sink())
    assert files(place) == []


def test_metrics_are_rows(place: RunDirectory) -> None:
    feed(Metrics(place.metrics))
    assert files(place) == ["metrics.jsonl"]
    assert scalars.read(place.metrics) == [
        {"step": 5, "wall_seconds": 0.5, "loss/generator": 0.25, "loss/discriminator": "inf"}
    ]


def test_a_row_is_there_before_the_file_is_closed(place: RunDirectory) -> None:
    """So that a killed run has lost none."""
    sink = Metrics(place.metrics)
    sink.scalars(1, 0.1, {"a": 1.0})
    assert [row["step"] for row in scalars.read(place.metrics)] == [1]
    sink.close()


def test_tensorboard_gets_scalars_and_pictures(place: RunDirectory) -> None:
    feed(TensorBoard(EventFile(place.path)))
    [name] = files(place)
    assert name.startswith("events.out.tfevents.")
    events = EventAccumulator(str(place.path))
    events.Reload()
    assert [(e.step, e.value) for e in events.Scalars("loss/generator")] == [(5, 0.25)]
    assert [(e.step, e.encoded_image_string) for e in events.Images("samples")] == [(5, PNG)]


def test_pictures_are_files_named_by_their_step(place: RunDirectory) -> None:
    sink = Pictures(place)
    assert place.sample_steps() == []
    feed(sink)
    assert files(place) == ["samples/step_00000005.png"]
    assert place.sample(5).read_bytes() == PNG
    feed(Pictures(place))
    assert place.sample_steps() == [5], "a resumed run goes on in the same folder"


def test_the_newest_checkpoints_are_kept(place: RunDirectory) -> None:
    sink = Checkpoints(place.checkpoints, keep=2, record={})
    feed(sink)
    for step in (6, 7):
        sink.checkpoint(step, STATE)
    assert checkpoints.steps(place.checkpoints) == [6, 7]
    assert {name.split("/")[0] for name in files(place)} == {"checkpoints"}


def test_the_summary_is_written_at_once_and_with_every_checkpoint(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sinks, "SUMMARY_SECONDS", math.inf)
    sink = SummaryFile(place, KNOWN)
    assert json.loads(place.summary.read_text()) == KNOWN
    sink.scalars(8, 0.1, {"loss/generator": math.nan})
    sink.learn({"step": 8})
    assert json.loads(place.summary.read_text()) == KNOWN, "not more often than that"
    sink.checkpoint(8, STATE)
    expected = {"status": "running", "step": 8, "metrics": {"loss/generator": "nan"}}
    assert json.loads(place.summary.read_text()) == expected == sink.known
    assert files(place) == ["summary.json"]


def test_the_summary_keeps_the_last_value_of_what_is_not_logged_every_time(
    place: RunDirectory,
) -> None:
    """As a truth is, which is compared less often than the losses are logged."""
    sink = SummaryFile(place, KNOWN)
    sink.scalars(8, 0.1, {"loss/generator": 1.0, "truth/kl": 0.5})
    sink.scalars(9, 0.2, {"loss/generator": 2.0})
    assert sink.known["metrics"] == {"loss/generator": 2.0, "truth/kl": 0.5}
    sink.scalars(10, 0.3, {"loss/generator": 3.0, "truth/kl": math.inf})
    assert sink.known["metrics"] == {"loss/generator": 3.0, "truth/kl": "inf"}


def test_the_summary_follows_the_progress_every_few_seconds(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sinks, "SUMMARY_SECONDS", 0.0)
    SummaryFile(place, KNOWN).learn({"step": 8})
    assert json.loads(place.summary.read_text())["step"] == 8


def test_a_summary_is_replaced_and_never_changed_in_place(place: RunDirectory) -> None:
    """So that one thread can read it while another one learns."""
    sink = SummaryFile(place, KNOWN)
    before = sink.known
    sink.learn({"step": 8})
    sink.scalars(8, 0.1, {"loss/generator": 1.0})
    assert before == KNOWN == {"status": "running", "step": 7}
