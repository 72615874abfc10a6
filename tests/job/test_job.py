"""Whole runs: what they leave, how they end, and that going on equals never having stopped."""

import gc
import json
import logging
import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from omegaconf import OmegaConf
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gan_cli import checkpoints, config, saved_config
from gan_cli.errors import DataError, Diverged, UsageError
from gan_cli.interrupts import Interrupted, stop_request
from gan_cli.job import job, open_run
from gan_cli.job.closing import closing, closing_at_once
from gan_cli.logs import scalars
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from gan_cli.runs.whereabouts import Moved
from gan_cli.training.chunk import run_chunk
from gan_cli.training.loop import SPEED
from gan_cli.training.step import CHECKED, tags
from tests.values import NORMALIZED

STEPS = 60
VALUES = NORMALIZED | {
    "k": 2,
    "ema": 0.9,
    "seed": 3,
    "steps": STEPS,
    "log_every": 10,
    "sample_every": 20,
    "samples": 4,
    "checkpoints": {"every": 10, "keep": 3},
    "device": "cpu",
}
SUMMARY = {
    "status",
    "step",
    "steps",
    "seed",
    "parameters",
    "metrics",
    "wall_seconds",
    "compile_seconds",
    "steps_per_second",
    "device",
    "versions",
    "gradient_evaluations",
    "numerics",
    "data_shape",
    "ended",
    "settings",
}


def begin(path: Path, **changes: Any) -> Path:
    """A run directory as Hydra leaves it before the job starts."""
    (path / ".hydra").mkdir(parents=True)
    OmegaConf.save(OmegaConf.create(VALUES | changes), path / ".hydra" / "config.yaml")
    return path


def go(path: Path, terminal: Any = None, resume: bool = False, **changes: Any) -> Any:
    place = RunDirectory(path)
    with stop_request() as stop, place.lock():
        ready = prepare(config.load(saved_config.saved_values(path) | changes))
        return job.train_run(ready, place, terminal or Lines(), stop, resume=resume)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of all steps at once, never to be changed."""
    path = begin(tmp_path_factory.mktemp("whole") / "run")
    go(path)
    return path


@pytest.fixture
def ended(whole: Path, tmp_path: Path) -> Path:
    """A copy of that run."""
    return shutil.copytree(whole, tmp_path / "run")


def files(path: Path) -> set[str]:
    """All files of a run; a checkpoint and an event file count as one."""
    found = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
    found = {"/".join(name.split("/")[:2]) for name in found}
    return {"events" if name.startswith("events.out.tfevents.") else name for name in found}


def rows(path: Path) -> list[dict[str, Any]]:
    """The logged rows, but for the time they took."""
    found = scalars.read(path / "metrics.jsonl")
    times = [row.pop("wall_seconds") for row in found]
    assert times == sorted(times)
    for row in found:
        assert row.pop("speed/steps_per_second") > 0
    return found


def state(path: Path, step: int) -> dict[str, np.ndarray]:
    from orbax.checkpoint import v1 as ocp

    loaded = ocp.load((path / "checkpoints" / str(step)).resolve())
    return {name: np.asarray(value) for name, value in loaded.items()}


def assert_equal_runs(path: Path, whole: Path, *, pictures: bool = True) -> None:
    """Equal to the bit in all but time."""
    assert rows(path) == rows(whole)
    jax.tree.map(np.testing.assert_array_equal, state(path, STEPS), state(whole, STEPS))
    names = {p.name for p in (whole / "samples").iterdir()}
    assert {p.name for p in (path / "samples").iterdir()} == names
    for name in names:
        assert (path / "samples" / name).read_bytes() == (whole / "samples" / name).read_bytes()
    summary, expected = (RunDirectory(p).read_summary() for p in (path, whole))
    assert summary["wall_seconds"] >= scalars.read(path / "metrics.jsonl")[-1]["wall_seconds"]
    for timed in (summary, expected):
        timed["metrics"].pop("speed/steps_per_second")
        for key in ("wall_seconds", "steps_per_second", "compile_seconds", "ended"):
            del timed[key]  # type: ignore[misc]
    assert summary == expected


def test_what_a_run_leaves(whole: Path) -> None:
    assert files(whole) == {
        ".hydra/config.yaml",
        "summary.json",
        "metrics.jsonl",
        "events",
        "samples/step_00000020.png",
        "samples/step_00000040.png",
        "samples/step_00000060.png",
        "checkpoints/40",
        "checkpoints/50",
        "checkpoints/60",
        "train.log",
    }
    for picture in (whole / "samples").iterdir():
        with Image.open(picture) as image:
            image.verify()


def test_the_summary_of_a_run(whole: Path) -> None:
    summary = json.loads((whole / "summary.json").read_text())
    assert set(summary) == SUMMARY
    assert (summary["status"], summary["step"], summary["steps"]) == ("completed", STEPS, STEPS)
    assert summary["seed"] == 3
    seconds = time.time() - datetime.fromisoformat(summary["ended"]).timestamp()
    assert 0 <= seconds < 3600
    assert summary["ended"].endswith("+00:00")
    assert summary["data_shape"] == [2]
    assert summary["parameters"] == {
        "generator": 3 * 8 + 2 * 8 + 8 * 2 + 2,
        "discriminator": 2 * 8 + 8 + 8 + 1,
    }
    last = scalars.read(whole / "metrics.jsonl")[-1]
    assert summary["wall_seconds"] >= last.pop("wall_seconds") > 0
    assert last.pop("step") == STEPS
    assert summary["metrics"] == last
    assert summary["steps_per_second"] > 0
    assert 0 < summary["compile_seconds"] < summary["wall_seconds"]
    assert {"gan", "python", "jax", "flax", "optax", "numpy"} <= set(summary["versions"])
    assert job.score(summary, "loss/generator") == last["loss/generator"]
    assert np.isnan(job.score(summary, "none"))
    assert job.score({"metrics": {"a": "inf"}}, "a") == np.inf


def test_the_rows_of_a_run(whole: Path) -> None:
    found = scalars.read(whole / "metrics.jsonl")
    assert [row["step"] for row in found] == [10, 20, 30, 40, 50, 60]
    recipe = config.load(VALUES).recipe
    for row in found:
        assert set(row) == {"step", "wall_seconds", *tags(recipe), SPEED}
        assert all(isinstance(value, int | float) for value in row.values())


def test_tensorboard_shows_the_same(whole: Path) -> None:
    (path,) = whole.glob("events.out.tfevents.*")
    events = EventAccumulator(str(path), size_guidance={"images": 0})
    events.Reload()
    found = scalars.read(whole / "metrics.jsonl")
    for tag in (*tags(config.load(VALUES).recipe), SPEED):
        expected = [(row["step"], np.float32(row[tag])) for row in found]
        assert [(p.step, np.float32(p.value)) for p in events.Scalars(tag)] == expected
    images = {image.step: image.encoded_image_string for image in events.Images("samples")}
    assert images == {
        step: (whole / "samples" / f"step_{step:08d}.png").read_bytes() for step in (20, 40, 60)
    }
    text = events.Tensors("configuration")[0].tensor_proto.string_val[0].decode()
    assert text == f"```yaml\n{(whole / '.hydra/config.yaml').read_text()}\n```"


def test_what_a_person_reads(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = begin(Path("outputs/run"))
    summary = go(path)
    out = capsys.readouterr().out.splitlines()
    assert out[:9] == [
        "dataset        ring (points in 2 dimensions, drawn anew for every batch)",
        "generator      mlp, 58 parameters",
        "discriminator  mlp, 33 parameters",
        "objective      minimax (D measures the Jensen-Shannon divergence)",
        "k              2 D updates a step, alternating",
        "training       60 steps of batch 8, seed 3, float32",
        "device         cpu",
        "run            outputs/run",
        "compiling",
    ]
    assert out[9].startswith("step 60/60  ")
    assert out[10].startswith("completed: step 60 after ")
    told = [line for line in out if not line.startswith("estimate ")]  # where it is below 0
    assert told[11:] == [
        "run      outputs/run",
        "samples  outputs/run/samples/step_00000060.png",
        "look     tensorboard --logdir outputs",
        "sample   gan sample latest",
    ]
    assert closing(summary | {"metrics": {}}, RunDirectory(Path("elsewhere")))[1:] == [
        "run      elsewhere",
        "look     tensorboard --logdir elsewhere",
        "sample   gan sample elsewhere",
    ]
    assert summary == json.loads((path / "summary.json").read_text())


def test_an_extended_run_equals_one_long_run(tmp_path: Path, whole: Path) -> None:
    """Though the first part ended off every interval, and logged and drew its own last step."""
    path = begin(tmp_path / "run")
    first = go(path, steps=37)
    assert [row["step"] for row in rows(path)] == [10, 20, 30, 37]
    assert "samples/step_00000037.png" in files(path)
    summary = go(path, resume=True)
    assert_equal_runs(path, whole)
    assert summary["wall_seconds"] > first["wall_seconds"]
    later = [row for row in scalars.read(path / "metrics.jsonl") if row["step"] > 37]
    assert later[0]["wall_seconds"] > first["wall_seconds"], "the time goes on, too"
    assert len(list(path.glob("events.out.tfevents.*"))) == 2


def drop_checkpoints(path: Path, keep: set[int]) -> None:
    for step in checkpoints.steps(path / "checkpoints"):
        if step not in keep:
            shutil.rmtree(path / "checkpoints" / str(step))


def test_what_was_warned_of_after_the_checkpoint_is_forgotten(ended: Path) -> None:
    drop_checkpoints(ended, keep={40})
    known = RunDirectory(ended).read_summary()
    early, late = ({"step": step, "sign": f"sign {step}", "text": ""} for step in (40, 50))
    RunDirectory(ended).write_summary(known | {"warnings": [early, late]})
    assert go(ended, resume=True)["warnings"] == [early]


def test_what_was_logged_after_the_checkpoint_is_dropped(
    ended: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a kill: rows and pictures are ahead of the newest checkpoint, the last one cut."""
    drop_checkpoints(ended, keep={40})
    (ended / "checkpoints" / "50.orbax-checkpoint-tmp").mkdir()
    with (ended / "metrics.jsonl").open("a") as file:
        file.write('{"step": 70, "wall_')
    seen: list[list[int]] = []

    class Watching(Lines):
        def begin(self, step: int, steps: int) -> None:
            seen.append([row["step"] for row in rows(ended)])
            seen.append(RunDirectory(ended).sample_steps())
            seen.append([step, json.loads((ended / "summary.json").read_text())["step"]])

    go(ended, Watching(), resume=True)
    assert seen == [[10, 20, 30, 40], [20, 40], [40, 40]]
    assert "resuming from step 40\n" in capsys.readouterr().out
    assert_equal_runs(ended, whole)
    events = EventAccumulator(str(ended))
    events.Reload()
    points = [(p.step, p.value) for p in events.Scalars("loss/generator")]
    assert points == [(row["step"], np.float32(row["loss/generator"])) for row in rows(ended)]
    assert checkpoints.steps(ended / "checkpoints") == [40, 50, 60]
    assert not list((ended / "checkpoints").glob("*tmp*"))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of Orbax's threads
def test_a_damaged_checkpoint_is_passed_over(
    ended: Path, whole: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop_checkpoints(ended, keep={50, 60})
    damage(ended / "checkpoints" / "60")
    go(ended, resume=True)
    where = (ended / "checkpoints" / "60").resolve()
    assert (
        f"checkpoint {where} is damaged: it cannot be read. "
        "Going on from the one before, of step 50.\nresuming from step 50\n"
    ) in capsys.readouterr().out
    assert_equal_runs(ended, whole)
    gc.collect()


def damage(checkpoint: Path) -> None:
    for path in checkpoint.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_where_all_checkpoints_are_damaged_nothing_is_lost(ended: Path) -> None:
    before = {name: (ended / name).read_bytes() for name in files(ended) & {"metrics.jsonl"}}
    known = RunDirectory(ended).read_summary()
    for step in (40, 50, 60):
        damage(ended / "checkpoints" / str(step))
    with pytest.raises(DataError, match="No checkpoint is left to go on from") as error:
        go(ended, resume=True)
    summary = RunDirectory(ended).read_summary()
    assert summary.pop("ended") >= known.pop("ended")
    assert summary == known | {"status": "failed", "reason": str(error.value)}
    assert before == {name: (ended / name).read_bytes() for name in before}
    gc.collect()  # what Orbax's threads left is reported here, not in the next test


def test_a_resumed_run_that_cannot_begin_keeps_its_summary(ended: Path) -> None:
    known = RunDirectory(ended).read_summary()
    with pytest.raises(UsageError) as error:
        go(ended, resume=True, optimized_metric="loss/generatr")
    assert RunDirectory(ended).read_summary() == known
    assert str(error.value).startswith("optimized_metric=loss/generatr: no such scalar. Did you")


def test_a_completed_run_has_nothing_left_to_do(ended: Path, whole: Path) -> None:
    before = RunDirectory(ended).read_summary()
    summary = go(ended, resume=True)
    assert (summary["status"], summary["step"]) == ("completed", STEPS)
    assert_equal_runs(ended, whole)
    assert summary["steps_per_second"] == before["steps_per_second"]
    assert summary["compile_seconds"] >= before["compile_seconds"]


def test_a_run_that_was_killed_after_its_last_checkpoint_knows_its_speed(ended: Path) -> None:
    known = RunDirectory(ended).read_summary()
    RunDirectory(ended).write_summary(known | {"status": "running", "steps_per_second": 0.0})
    summary = go(ended, resume=True)
    assert (summary["status"], summary["step"]) == ("completed", STEPS)
    assert summary["steps_per_second"] == round(float(known["metrics"][SPEED]), 3) > 0


def test_intervals_may_change_when_a_run_goes_on(ended: Path, whole: Path) -> None:
    drop_checkpoints(ended, keep={40})
    go(ended, resume=True, log_every=20, sample_every=30, checkpoints={"every": 7, "keep": 1})
    known = {row["step"]: row for row in rows(whole)}
    assert rows(ended) == [known[step] for step in (10, 20, 30, 40, 60)]
    assert RunDirectory(ended).sample_steps() == [20, 40, 60]
    assert checkpoints.steps(ended / "checkpoints") == [60]
    jax.tree.map(np.testing.assert_array_equal, state(ended, STEPS), state(whole, STEPS))


class Acting(Lines):
    """Does something once, when the training reports its first progress."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self.act: Callable[[], Any] | None = act
        self.ended: list[list[str]] = []

    def progress(self, step: int, rate: float, last: Mapping[str, float], whose: str = "") -> None:
        act, self.act = self.act, None
        if act is not None:
            act()

    def end(self, lines: Any) -> None:
        self.ended.append(list(lines))


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGHUP, 129)])
def test_an_interrupted_run_is_saved_and_goes_on(
    tmp_path: Path, whole: Path, number: signal.Signals, status: int
) -> None:
    path = begin(tmp_path / "run")
    terminal = Acting(lambda: os.kill(os.getpid(), number))
    with pytest.raises(Interrupted) as end:
        go(path, terminal)
    assert end.value.status == status
    summary = RunDirectory(path).read_summary()
    assert summary["status"] == "interrupted"
    assert 0 < summary["step"] < STEPS
    assert summary["step"] in checkpoints.steps(path / "checkpoints")
    assert terminal.ended[0][0].startswith(f"interrupted: step {summary['step']} after ")
    assert terminal.ended[0][-1] == f"go on    gan train --resume {path}"
    go(path, resume=True)
    assert_equal_runs(path, whole)


def test_a_second_signal_ends_a_run_at_once(tmp_path: Path) -> None:
    path = begin(tmp_path / "run")

    def twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)

    terminal = Acting(twice)
    with pytest.raises(Interrupted):
        go(path, terminal)
    summary = RunDirectory(path).read_summary()
    assert (summary["status"], summary["reason"]) == ("interrupted", "Interrupted: SIGTERM")
    assert terminal.ended == [closing_at_once(RunDirectory(path))]


def test_a_diverged_run_says_where_and_keeps_a_finite_state(tmp_path: Path) -> None:
    rate = {"name": "adam", "learning_rate": 1e7, "b1": 0.99}
    optimizer = {"generator": rate, "discriminator": rate}
    path = begin(
        tmp_path / "run",
        optimizer=optimizer,
        log_every=1,
        sample_every=1,
        checkpoints={"every": 1, "keep": 9},
    )
    terminal = Acting(lambda: None)
    with pytest.raises(Diverged) as error:
        go(path, terminal)
    assert error.value.status == 3
    summary = RunDirectory(path).read_summary()
    assert set(summary) == SUMMARY | {"reason", "diagnosis"}
    assert summary["status"] == "diverged"
    assert summary["reason"] == str(error.value)
    step = summary["step"]
    assert step > 1
    last = scalars.read(path / "metrics.jsonl")[-1]
    assert last["step"] == step
    broken = [f"{tag} is {last[tag]}" for tag in CHECKED if isinstance(last[tag], str)]
    assert broken
    assert str(error.value).startswith(
        f"step {step} is not finite: {', '.join(broken)}. "
        f"The checkpoint of step {step - 1} is kept. "
        "Replayed, the first tensor that is not finite is "
    )
    found = summary["diagnosis"]
    assert found["step"] <= step
    assert found["player"] in ("generator", "discriminator")
    grown = found["norms"]["parameter_norm/generator"]
    assert 1 <= len(grown) <= found["step"]
    assert grown[-1] > 1e6
    assert checkpoints.steps(path / "checkpoints") == list(range(1, step))
    assert all(np.isfinite(value).all() for value in state(path, step - 1).values())
    assert RunDirectory(path).sample_steps() == list(range(1, step))
    assert terminal.ended[0][-1] == (
        f"try      {found['try']}, in a new run: resumed as it is, this run would diverge again"
    )
    assert f"optimizer.{found['player']}.learning_rate=1e+06" in found["try"]
    assert np.isnan(job.score(summary, "loss/generator")) == (last["loss/generator"] == "nan")


def test_a_diverged_run_may_have_no_checkpoint(tmp_path: Path) -> None:
    rate = {"name": "adam", "learning_rate": 1e12, "b1": 0.99}
    path = begin(tmp_path / "run", optimizer={"generator": rate, "discriminator": rate})
    with pytest.raises(Diverged, match=r" No checkpoint was saved\. Replayed, "):
        go(path)
    assert not (path / "checkpoints").exists()


def test_steps_on_stored_examples_are_compiled_once(tmp_path: Path) -> None:
    """The data is put on the device by name, and so must be the state that the first steps take."""
    path = begin(tmp_path / "run", dataset={"name": "digits"}, steps=3)
    before = run_chunk._cache_size()
    go(path)
    assert run_chunk._cache_size() == before + 1
    go(path, resume=True, steps=6)
    assert run_chunk._cache_size() == before + 1


def test_a_run_that_cannot_write_fails_before_it_trains(tmp_path: Path) -> None:
    path = begin(tmp_path / "run")
    (path / "metrics.jsonl").mkdir()
    with pytest.raises(IsADirectoryError):
        go(path)
    summary = RunDirectory(path).read_summary()
    assert summary["status"] == "failed"
    assert summary["reason"] == (
        f"IsADirectoryError: [Errno 21] Is a directory: '{path / 'metrics.jsonl'}'"
    )
    assert files(path) == {".hydra/config.yaml", "summary.json", "train.log"}


def test_what_cannot_be_written_later_ends_the_run(tmp_path: Path) -> None:
    path = begin(tmp_path / "run", sample_every=1)

    def obstruct() -> None:
        shutil.rmtree(path / "samples")
        (path / "samples").write_text("in the way")

    terminal = Acting(obstruct)
    with pytest.raises(OSError, match="samples"):
        go(path, terminal)
    summary = RunDirectory(path).read_summary()
    assert summary["status"] == "failed"
    assert summary["reason"].startswith("NotADirectoryError: [Errno 20] Not a directory: '")
    assert terminal.ended == [[]]


@pytest.mark.parametrize("left", [True, False], ids=["moved", "deleted"])
def test_a_run_whose_directory_is_gone_ends_and_writes_nothing_there(
    left: bool, tmp_path: Path
) -> None:
    path, other = begin(tmp_path / "run", sample_every=1), tmp_path / "other"

    def take_away() -> None:
        path.rename(other)
        while not left and other.exists():
            shutil.rmtree(other, ignore_errors=True)  # the run may be writing into it

    with pytest.raises(Moved) as told:
        go(path, Acting(take_away))
    assert not path.exists()
    if left:
        assert RunDirectory(other).read_summary()["status"] == "failed"
        assert str(told.value) == (
            f"{path} was moved to {other} while it was being trained, so the training has ended. "
            f"No state was saved yet. Begin it anew there: gan train --resume {other}"
        )
    else:
        assert str(told.value) == (
            f"{path} was moved or deleted while it was being trained, so the training has ended."
        )


def test_a_run_in_whose_place_another_directory_lies_ends_too(tmp_path: Path) -> None:
    path = begin(tmp_path / "run", sample_every=1)

    def exchange() -> None:
        path.rename(tmp_path / "other")
        path.mkdir()

    with pytest.raises(Moved):
        go(path, Acting(exchange))
    assert list(path.iterdir()) == []


def test_a_full_disk_does_not_hide_what_ended_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunDirectory, "write_summary", full)
    caplog.set_level(logging.INFO)
    open_run.fail(RunDirectory(tmp_path), {"status": "running"}, Interrupted(signal.SIGTERM))
    assert caplog.messages[0] == "the summary was not written: No space left on device."


def test_a_run_that_does_not_fit_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = begin(tmp_path / "run", architecture={"name": "dcgan"})
    with pytest.raises(UsageError, match=r"^architecture=dcgan draws square images"):
        go(path)
    assert files(path) == {".hydra/config.yaml", "train.log"}


def test_a_run_that_a_second_signal_ended_says_how_to_go_on(
    ended: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def twice(*_: object, **__: object) -> None:
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(job, "starting_state", twice)
    told = {
        begin(tmp_path / "new"): "no state was saved yet",
        ended: f"the state of step {STEPS} is safe",
    }
    for path, state_of in told.items():
        with pytest.raises(Interrupted):
            go(path, resume=path == ended)
        lines = [
            *(f"interrupted: {state_of}", f"run      {path}"),
            f"go on    gan train --resume {path}",
        ]
        assert capsys.readouterr().out.splitlines()[-3:] == lines
        assert RunDirectory(path).read_summary()["status"] == "interrupted"
