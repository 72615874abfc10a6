"""Event files, read back by TensorBoard's own reader and shown by a real TensorBoard server."""

import json
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_accumulator import (
    EventAccumulator as ServerAccumulator,
)
from tensorboard.plugins.hparams import plugin_data_pb2

from gan_cli.logs.tensorboard import EventFile

Picture = Callable[[int], bytes]
Runs = dict[str, dict[str, str | int | float | bool]]


def read(run: Path) -> EventAccumulator:
    events = EventAccumulator(str(run), size_guidance={"images": 0})
    events.Reload()
    return events


def points(events: EventAccumulator, tag: str) -> list[tuple[int, float]]:
    return [(point.step, point.value) for point in events.Scalars(tag)]


def test_scalars_keep_their_step_value_and_time(tmp_path: Path) -> None:
    events = EventFile(tmp_path / "run")
    events.scalars(7, {"loss/generator": 0.5, "loss/discriminator": -2}, wall_time=123.25)
    events.scalars(9, {"loss/generator": 0.25}, wall_time=124.5)
    events.close()
    found = read(tmp_path / "run")
    assert found.Tags()["scalars"] == ["loss/generator", "loss/discriminator"]
    rows = [(p.wall_time, p.step, p.value) for p in found.Scalars("loss/generator")]
    assert rows == [(123.25, 7, 0.5), (124.5, 9, 0.25)]
    assert points(found, "loss/discriminator") == [(7, -2)]


def test_an_estimate_is_described_beside_its_name(tmp_path: Path) -> None:
    events = EventFile(tmp_path / "run")
    for step in (1, 2):
        events.scalars(step, {"divergence/jensen_shannon": -0.5 / step, "loss/generator": 1.0})
    events.close()
    found = ServerAccumulator(str(tmp_path / "run"))
    found.Reload()
    told = found.SummaryMetadata("divergence/jensen_shannon").summary_description
    assert told.startswith("D's own estimate of this divergence from one minibatch.")
    assert "below 0, which no divergence is" in told
    assert found.SummaryMetadata("loss/generator").summary_description == ""
    assert points(read(tmp_path / "run"), "divergence/jensen_shannon") == [(1, -0.5), (2, -0.25)]


def test_an_image_is_stored_as_the_bytes_it_came_as(tmp_path: Path, picture: Picture) -> None:
    events = EventFile(tmp_path)
    for step in (0, 100, 200):
        events.image(step, "samples", picture(step))
    events.close()
    images = read(tmp_path).Images("samples")
    assert [(image.step, image.width, image.height) for image in images] == [
        (0, 32, 24),
        (100, 32, 24),
        (200, 32, 24),
    ]
    assert [image.encoded_image_string for image in images] == [picture(s) for s in (0, 100, 200)]


def test_only_png_images_are_taken(tmp_path: Path) -> None:
    events = EventFile(tmp_path)
    with pytest.raises(ValueError, match=r"^the bytes of an image must be a PNG$"):
        events.image(0, "samples", b"\xff\xd8\xff\xe0 a JPEG, say, of some length")
    events.close()


def test_text_is_stored_under_its_tag(tmp_path: Path) -> None:
    events = EventFile(tmp_path)
    events.text("configuration", "k: 5 # naïve", step=3)
    events.close()
    found = read(tmp_path)
    (text,) = found.Tensors("configuration")
    assert (text.step, text.tensor_proto.string_val[0].decode()) == (3, "k: 5 # naïve")
    assert found.SummaryMetadata("configuration").plugin_data.plugin_name == "text"


def test_hparams_keep_their_types(tmp_path: Path) -> None:
    events = EventFile(tmp_path)
    events.hparams({"objective": "wgan", "k": 5, "learning_rate": 1e-4, "ema": True})
    events.close()
    content = read(tmp_path).PluginTagToContent("hparams")["_hparams_/session_start_info"]
    start = plugin_data_pb2.HParamsPluginData.FromString(content).session_start_info
    kinds = {name: value.WhichOneof("kind") for name, value in start.hparams.items()}
    assert kinds == {
        "objective": "string_value",
        "k": "number_value",
        "learning_rate": "number_value",
        "ema": "bool_value",
    }
    assert start.hparams["objective"].string_value == "wgan"
    assert start.hparams["k"].number_value == 5
    assert start.hparams["learning_rate"].number_value == 1e-4
    assert start.hparams["ema"].bool_value is True


def test_one_start_makes_one_file_however_much_it_writes(tmp_path: Path, picture: Picture) -> None:
    events = EventFile(tmp_path)
    events.hparams({"k": 1})
    events.text("configuration", "k: 1")
    events.image(0, "samples", picture(0))
    events.scalars(0, {"loss/generator": 1.0})
    events.close()
    events.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [events.path]
    assert events.path.name.startswith("events.out.tfevents.")


def test_a_start_in_the_same_second_gets_a_later_file(tmp_path: Path) -> None:
    started = [EventFile(tmp_path) for _ in range(12)]
    for number, events in enumerate(started):
        events.scalars(number, {"loss/generator": number})
        events.close()
    names = [events.path.name for events in started]
    assert names == sorted(set(names))
    assert points(read(tmp_path), "loss/generator") == [(n, n) for n in range(12)]


def test_what_is_flushed_can_be_read_while_the_file_is_open(tmp_path: Path) -> None:
    events = EventFile(tmp_path)
    events.scalars(1, {"loss/generator": 1.0})
    events.flush()
    assert points(read(tmp_path), "loss/generator") == [(1, 1.0)]
    events.close()


def test_a_resumed_run_supersedes_the_points_from_its_first_new_step_on(tmp_path: Path) -> None:
    def start(purge_step: int | None, steps: range, value: float) -> None:
        events = EventFile(tmp_path, purge_step=purge_step)
        for step in steps:
            events.scalars(step, {"loss/generator": value})
        events.close()

    events = EventFile(tmp_path)
    events.text("configuration", "k: 1")
    events.scalars(0, {"loss/discriminator": 0.0})
    events.scalars(50, {"loss/discriminator": 0.0})
    events.close()
    start(None, range(10, 60, 10), 1.0)
    start(21, range(30, 80, 10), 2.0)
    start(61, range(70, 90, 10), 3.0)
    expected = [(10, 1), (20, 1), (30, 2), (40, 2), (50, 2), (60, 2), (70, 3), (80, 3)]
    found = read(tmp_path)
    assert points(found, "loss/generator") == expected
    assert points(found, "loss/discriminator") == [(0, 0.0)]
    assert len(found.Tensors("configuration")) == 1
    server = ServerAccumulator(str(tmp_path))
    server.Reload()
    assert [event.step for event in server.Tensors("loss/generator")] == [s for s, _ in expected]
    assert [event.step for event in server.Tensors("loss/discriminator")] == [0]


def test_writing_costs_little(tmp_path: Path) -> None:
    events = EventFile(tmp_path)
    values = {f"metric/{number}": 1.0 for number in range(12)}
    start = time.process_time()  # which other work of the machine does not change
    for step in range(200):
        events.scalars(step, values)
    assert (time.process_time() - start) / 200 < 2e-3
    events.close()


def test_what_was_flushed_survives_a_kill(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys\n"
        "from gan_cli.logs.tensorboard import EventFile\n"
        "events = EventFile(pathlib.Path(sys.argv[1]))\n"
        "events.scalars(1, {'loss/generator': 1.0})\n"
        "events.flush()\n"
        "for step in range(2, 2000):\n"
        "    events.scalars(step, {'loss/generator': 1.0})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    found = points(read(tmp_path), "loss/generator")
    assert found == [(step, 1.0) for step in range(1, 1 + len(found))]
    assert 1 <= len(found) < 1999


def test_importing_the_writer_imports_no_other_library(tmp_path: Path) -> None:
    unwanted = ("jax", "matplotlib", "tensorboardX", "torch", "tensorflow", "pandas")
    for name in unwanted:  # it must not even try, since another user may have these
        (tmp_path / f"{name}.py").write_text("")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import gan_cli.logs.tensorboard; "
        f"print(set({unwanted}) & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def ask(board: str, path: str, body: Any = None, **query: Any) -> Any:
    url = f"{board}/data/{path}?{urllib.parse.urlencode(query)}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def loaded(board: str, runs: Runs) -> str:
    """The server, once it has read all runs to their end."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        tags = ask(board, "plugin/images/tags")
        if tags.keys() == runs.keys() and all(_steps(board, run) for run in runs):
            return board
        time.sleep(0.1)
    raise AssertionError(f"TensorBoard shows only {tags}")


def _steps(board: str, run: str) -> bool:
    images = ask(board, "plugin/images/images", run=run, tag="samples", sample=0)
    return [image["step"] for image in images] == [0, 10, 20, 30]


def test_the_server_shows_the_scalars_of_every_run(loaded: str, runs: Runs) -> None:
    tags = ask(loaded, "plugin/scalars/tags")
    assert {run: sorted(of) for run, of in tags.items()} == {
        run: ["loss/generator", "speed/steps_per_second"] for run in runs
    }
    rows = ask(loaded, "plugin/scalars/scalars", run="grid", tag="loss/generator")
    assert [row[1:] for row in rows] == [[0, 2], [10, 12], [20, 22], [30, 32]]


def test_the_server_shows_no_duplicate_points_of_a_resumed_run(loaded: str) -> None:
    rows = ask(loaded, "plugin/scalars/scalars", run="ring", tag="loss/generator")
    assert [row[1:] for row in rows] == [[0, 0], [10, 10], [20, 20], [30, -1]]


def test_the_server_shows_the_pictures_of_every_step(loaded: str, picture: Picture) -> None:
    images = ask(loaded, "plugin/images/images", run="digits", tag="samples", sample=0)
    assert [image["step"] for image in images] == [0, 10, 20, 30]
    for image in images:
        url = f"{loaded}/data/plugin/images/individualImage?{image['query']}"
        with urllib.request.urlopen(url, timeout=20) as answer:
            assert answer.headers["Content-Type"] == "image/png"
            assert answer.read() == picture(image["step"])


def test_the_server_shows_the_configuration_as_text(loaded: str) -> None:
    (text,) = ask(loaded, "plugin/text/text", run="ring", tag="configuration")
    assert text["step"] == 0
    assert "<h1>ring</h1>" in text["text"]
    assert "k: 5" in text["text"]


def test_the_server_shows_a_table_of_hyperparameters_and_metrics(loaded: str, runs: Runs) -> None:
    everything = {
        "startIndex": 0,
        "sliceSize": 10,
        "colParams": [],
        "allowedStatuses": [
            f"STATUS_{word}" for word in ("UNKNOWN", "SUCCESS", "FAILURE", "RUNNING")
        ],
    }
    experiment = ask(loaded, "plugin/hparams/experiment", {})
    columns = {info["name"] for info in experiment["hparamInfos"]}
    assert columns == set().union(*runs.values())
    rows = ask(loaded, "plugin/hparams/session_groups", everything)["sessionGroups"]
    assert {row["name"]: row["hparams"] for row in rows} == runs
    last = {
        row["name"]: {m["name"]["tag"]: m["value"] for m in row["metricValues"]} for row in rows
    }
    assert last == {
        run: {"loss/generator": value, "speed/steps_per_second": 9}
        for run, value in (("ring", -1), ("digits", 31), ("grid", 32))
    }
