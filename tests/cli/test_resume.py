"""`gan train --resume RUN`: whatever ended a run, it goes on to the bit."""

import errno
import fcntl
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gan_cli import checkpoints
from gan_cli.composition.given_twice import changed
from gan_cli.interrupts import notice
from gan_cli.runs import RunDirectory

Command = Callable[..., Any]
Begin = Callable[..., "subprocess.Popen[str]"]
Files = Callable[[], dict[str, bytes]]
Train = Callable[..., Path]
Tiny = tuple[str, ...]

TIMED = ("wall_seconds", "speed/steps_per_second")


def arrays(run: Path, step: int) -> dict[str, np.ndarray]:
    from orbax.checkpoint import v1 as ocp

    loaded = ocp.load((run / "checkpoints" / str(step)).resolve())
    return {name: np.asarray(value) for name, value in loaded.items()}


def rows(run: Path) -> list[dict[str, Any]]:
    """The logged rows without what depends on the machine's speed."""
    path = run / "metrics.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [{k: v for k, v in json.loads(line).items() if k not in TIMED} for line in lines]


def pictures(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((run / "samples").iterdir())}


def summary(run: Path) -> dict[str, Any]:
    return dict(json.loads((run / "summary.json").read_text()))


def points(run: Path) -> tuple[dict[str, list[tuple[int, float]]], list[tuple[int, bytes]]]:
    """What TensorBoard shows: scalars by tag, and images, as (step, value)."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(run), size_guidance={"scalars": 0, "images": 0})
    events.Reload()
    tags = [tag for tag in events.Tags()["scalars"] if tag not in TIMED]
    scalars = {tag: [(e.step, e.value) for e in events.Scalars(tag)] for tag in tags}
    return scalars, [(e.step, e.encoded_image_string) for e in events.Images("samples")]


def assert_equal(run: Path, reference: Path) -> None:
    """A run that was ended and went on is, to the bit, the run that was not."""
    assert checkpoints.steps(run / "checkpoints") == checkpoints.steps(reference / "checkpoints")
    for step in checkpoints.steps(reference / "checkpoints"):
        mine, its = arrays(run, step), arrays(reference, step)
        assert set(mine) == set(its)
        for name, array in its.items():
            np.testing.assert_array_equal(mine[name], array, err_msg=name)
    assert rows(run) == rows(reference)
    assert pictures(run) == pictures(reference)
    assert points(run) == points(reference)
    shown, drawn = points(run)
    for tag, series in shown.items():
        assert series == [(row["step"], np.float32(row[tag])) for row in rows(run)]
    assert [f"step_{step:08d}.png" for step, _ in drawn] == list(pictures(run))
    after, before = summary(run), summary(reference)
    for key in ("status", "step", "steps", "seed", "parameters", "data_shape"):
        assert after[key] == before[key]


def set_back(run: Path, step: int) -> None:
    """Leaves a run as a kill does: logged further than its newest checkpoint, of `step`."""
    for newer in checkpoints.steps(run / "checkpoints"):
        if newer > step:
            shutil.rmtree(run / "checkpoints" / str(newer))
    text = json.dumps(summary(run) | {"status": "running", "step": step})
    (run / "summary.json").write_text(text)


def damage(run: Path, step: int) -> None:
    """Changes one byte of the largest file of a checkpoint."""
    files = [p for p in (run / "checkpoints" / str(step)).rglob("*") if p.is_file()]
    largest = max(files, key=lambda path: path.stat().st_size)
    content = bytearray(largest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    largest.write_bytes(content)


def test_a_run_goes_on_from_its_newest_checkpoint(gan: Command, run: Path, ring: Path) -> None:
    set_back(run, 10)
    with (run / "metrics.jsonl").open("a") as file:
        file.write('{"step": 30, "wall_sec')
    (run / "checkpoints" / "20.orbax-checkpoint-tmp").mkdir()
    parts = [
        run / folder / f".{name}.{'0' * 32}.part"
        for folder, name in (("", "summary.json"), (".hydra", "config.yaml"), ("samples", "x.png"))
    ]
    for part in parts:
        part.write_bytes(b"half")
    status, out, err = gan("train", "--resume", "run")
    assert (status, err) == (0, "")
    assert "\nresuming from step 10\n" in out
    assert "\ncompleted: step 20 after " in out
    assert_equal(run, ring)
    left = [*parts, run / "checkpoints" / "20.orbax-checkpoint-tmp"]
    assert [path for path in left if path.exists()] == []


def test_a_run_without_a_checkpoint_begins_again(gan: Command, run: Path, ring: Path) -> None:
    set_back(run, 0)
    status, out, _ = gan("train", "--resume", "run")
    assert status == 0
    assert "\nresuming from step 0\n" in out
    assert_equal(run, ring)


def test_a_run_without_a_summary_goes_on(gan: Command, run: Path, ring: Path) -> None:
    set_back(run, 10)
    (run / "summary.json").unlink()
    assert json.loads(gan("runs", "run", "--json").out)[0]["status"] == "interrupted"
    assert gan("train", "--resume", "run").status == 0
    assert_equal(run, ring)


def test_more_steps_equal_one_long_run(gan: Command, tiny: Tiny, empty: Path, ring: Path) -> None:
    assert gan("train", *tiny, "steps=10", "hydra.run.dir=run").status == 0
    status, out, _ = gan("train", "--resume", "run", "steps=20")
    assert status == 0
    assert "\nresuming from step 10\n" in out
    assert_equal(empty / "run", ring)
    saved = yaml.safe_load((empty / "run" / ".hydra" / "config.yaml").read_text())
    assert saved == yaml.safe_load((ring / ".hydra" / "config.yaml").read_text())


def test_a_last_step_off_the_interval_is_no_row_of_the_longer_run(
    gan: Command, tiny: Tiny, empty: Path, ring: Path
) -> None:
    assert gan("train", *tiny, "steps=15", "hydra.run.dir=run").status == 0
    assert [row["step"] for row in rows(empty / "run")] == [10, 15]
    assert gan("train", "--resume", "run", "steps=20").status == 0
    assert rows(empty / "run") == rows(ring)
    assert pictures(empty / "run") == pictures(ring)


def test_intervals_may_change(gan: Command, run: Path) -> None:
    line = ["steps=30", "log_every=5", "sample_every=30", "checkpoints.every=5"]
    assert gan("train", "--resume", "run", *line, "checkpoints.keep=3").status == 0
    assert [row["step"] for row in rows(run)] == [10, 20, 25, 30]
    assert checkpoints.steps(run / "checkpoints") == [20, 25, 30]


def test_the_known_density_may_be_compared_with_from_here_on(gan: Command, run: Path) -> None:
    assert gan("train", "--resume", "run", "steps=40", "theory_every=10").status == 0
    compared = [row["step"] for row in rows(run) if any(tag.startswith("truth/") for tag in row)]
    assert compared == [30, 40]
    refused = gan("train", "--resume", "run", "steps=50", "theory_every=7")
    assert refused == (
        2,
        "",
        "gan: theory_every=7: must be 0 (off) or a multiple of log_every=10.\n",
    )


def test_latest_is_the_newest_run(gan: Command, run: Path, empty: Path) -> None:
    shutil.copytree(run, empty / "outputs" / "old")
    shutil.copytree(run, empty / "outputs" / "new")
    for name, hour in (("old", 1), ("new", 2)):
        mark = f"gan 0.2.0\nstarted 2026-01-01T0{hour}:00:00+00:00\n"
        (empty / "outputs" / name / ".hydra" / "gan.txt").write_text(mark)
    status, out, _ = gan("train", "--resume", "latest")
    assert (status, out) == (
        0,
        "outputs/new is completed: step 20. More steps go on: "
        "gan train --resume outputs/new steps=40\n",
    )


@pytest.mark.parametrize("line", [[], ["steps=20"]])
def test_a_completed_run_is_left_as_it_is(
    line: list[str], gan: Command, run: Path, files: Files
) -> None:
    before = files()
    assert gan("train", "--resume", "run", *line) == (
        0,
        "run is completed: step 20. More steps go on: gan train --resume run steps=40\n",
        "",
    )
    assert files() == before


MAY_CHANGE = (
    "steps, log_every, sample_every, theory_every, theory_distances, evaluate_every, evaluate_end, "
    "checkpoints.every, checkpoints.keep, checkpoints.best, on_divergence, rollbacks, "
    "compile_cache, device, devices, distributed.processes, distributed.process, "
    "distributed.coordinator, distributed.timeout, dataset.path, dataset.root, dataset.key."
)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "steps=10",
            "steps=10: run is already at step 20. Name more steps than that, or start a new run.",
        ),
        ("steps=1e3", "steps=1e3: must be a whole number, without point or exponent: 1000."),
        ("steps=0", "steps=0: must be at least 1."),
        (
            "steps=auto",
            "steps=auto: a run keeps the values that were chosen when it started. Write a number.",
        ),
        ("k=3", f"k=3: cannot change when a run is resumed. What can: {MAY_CHANGE}"),
        (
            "architecture=dcgan",
            f"architecture=dcgan: cannot change when a run is resumed. What can: {MAY_CHANGE}",
        ),
        (
            "architecture.latent=4",
            f"architecture.latent=4: cannot change when a run is resumed. What can: {MAY_CHANGE}",
        ),
        ("steps", "steps: write key=value, such as steps=40000."),
        (
            "step=30",
            "step=30: no such setting. Did you mean 'steps'? "
            f"What can change when a run is resumed: {MAY_CHANGE}",
        ),
        (
            "lr=1",
            "lr=1: no such setting. 'optimizer.learning_rate' cannot change when a run is resumed. "
            f"What can: {MAY_CHANGE}",
        ),
        (
            "zzz=1",
            f"zzz=1: no such setting. What can change when a run is resumed: {MAY_CHANGE}",
        ),
        (
            "steps=30 device=tpu",
            "device=tpu: JAX finds none here, only {here}. "
            "Use device=auto, or install JAX for that device.",
        ),
    ],
)
def test_what_may_not_change(line: str, text: str, gan: Command, run: Path, files: Files) -> None:
    import jax

    here = ", ".join(sorted({device.platform for device in jax.devices()}))
    before = files()
    result = gan("train", "--resume", "run", *line.split())
    assert result == (2, "", f"gan: {text.replace('{here}', here)}\n")
    assert files() == before


BACK = (
    "Put back what it was started with, start a new run, or go on with it as it is now: "
    "--accept-changes\n"
)
CHANGED = f"are not those that it was trained on. {BACK}"


def edit(run: Path, **settings: Any) -> None:
    """Edits settings at the root of a run's configuration by hand; their order changes, too."""
    path = run / ".hydra" / "config.yaml"
    values = yaml.safe_load(path.read_text()) | settings
    path.write_text(f"# by hand\n{yaml.safe_dump(values, sort_keys=True)}")


def test_an_edited_configuration_is_refused_unless_that_is_meant(
    gan: Command, run: Path, files: Files
) -> None:
    edit(run, steps=30, resident_mib=512)
    assert gan("train", "--resume", "run").status == 0
    edit(run, k=2, batch_size=8, objective={"name": "hinge"}, steps=40)
    before = files()
    told = [
        "batch_size was 16 and is now 8",
        "k was 1 and is now 2",
        "objective was non_saturating and is now hinge",
    ]
    assert gan("train", "--resume", "run") == (2, "", f"gan: run: {'; '.join(told)}. {BACK}")
    assert files() == before
    status, out, _ = gan("train", "--resume", "run", "--accept-changes")
    assert (status, out.count("\naccepted: ")) == (0, 3)
    assert summary(run)["accepted"] == [{"step": 30, "changes": told}]
    set_back(run, 40)
    damage(run, 40)
    assert gan("train", "--resume", "run").status == 0
    assert [each["step"] for each in summary(run)["accepted"]] == [30]
    assert gan("train", "--accept-changes").err == "gan: --accept-changes goes with --resume.\n"


def test_an_edit_is_refused_although_the_summary_was_deleted(
    gan: Command, run: Path, files: Files
) -> None:
    (run / "summary.json").unlink()
    edit(run, k=2, steps=30)
    before = files()
    told = (2, "", f"gan: run: k was 1 and is now 2. {BACK}")
    assert gan("train", "--resume", "run") == told
    assert gan("train", "--resume", "run", "--dry-run", "--no-timing") == told
    assert files() == before


def test_data_that_was_moved_is_known_again(gan: Command, tiny: Tiny, empty: Path) -> None:
    """Its content decides; a run that is completed learns the new place too."""
    points = np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32)
    np.save("here.npy", points)
    data = ("dataset=array", "dataset.path=here.npy", "hydra.run.dir=run")
    assert gan("train", *tiny, *data, "steps=10").status == 0
    (empty / "moved").mkdir()
    (empty / "here.npy").rename(empty / "moved" / "there.npy")
    np.save("other.npy", points[::-1])
    refused = gan("train", "--resume", "run", "dataset.path=other.npy", "steps=20")
    assert refused == (
        2,
        "",
        f"gan: run: the examples of dataset=array {CHANGED}",
    )
    assert gan("train", "--resume", "run", "dataset.path=moved/there.npy").status == 0
    saved = yaml.safe_load((empty / "run" / ".hydra" / "config.yaml").read_text())
    assert saved["dataset"]["path"] == str(empty / "moved" / "there.npy")
    typed = yaml.safe_load((empty / "run" / ".hydra" / "overrides.yaml").read_text())
    assert typed[-1] == f"dataset.path='{empty / 'moved' / 'there.npy'}'"
    assert gan("train", "--resume", "run", "steps=20").status == 0
    np.save("moved/there.npy", points[::-1])
    refused = gan("train", "--resume", "run", "steps=30")
    assert refused == (2, "", f"gan: run: the examples of dataset=array {CHANGED}")
    status, out, _ = gan("train", "--resume", "run", "steps=30", "--accept-changes")
    assert status == 0
    told = f"the examples of dataset=array {CHANGED.partition('.')[0]}"
    assert f"\naccepted: {told}\n" in out
    assert summary(empty / "run")["accepted"] == [{"step": 20, "changes": [told]}]
    status, out, _ = gan("train", "--resume", "run", "steps=40")
    assert (status, "accepted" in out) == (0, False)


@pytest.mark.parametrize(
    ("where", "number", "what", "remedy"),
    [
        (
            "gan_cli.cli.moved_data.write_atomically",
            errno.ENOSPC,
            "has too little room",
            "Make room there, then go on",
        ),
        (
            "gan_cli.locks.lock.hold",
            errno.EROFS,
            "can only be read",
            "Go on once it can be written",
        ),
    ],
    ids=["full", "only read"],
)
def test_a_run_that_cannot_be_written_says_how_to_go_on(
    where: str,
    number: int,
    what: str,
    remedy: str,
    gan: Command,
    run: Path,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(path: Path, *_: bytes) -> None:
        raise OSError(number, os.strerror(number), str(path))

    before = files()
    monkeypatch.setattr(where, refuse)
    status, out, err = gan("train", "--resume", "run", "steps=30", "--accept-changes")
    assert (status, out, files()) == (2, "", before)
    assert what in err
    again = "gan train --resume run steps=30 --accept-changes"
    assert err.endswith(f" The state of step 20 is safe. {remedy}: {again}\n")


def test_a_run_of_an_older_version_cannot_tell_its_data(gan: Command, run: Path) -> None:
    values = yaml.safe_load((run / ".hydra" / "config.yaml").read_text())
    values["dataset"] = {"name": "digits"}
    (run / ".hydra" / "config.yaml").write_text(yaml.safe_dump(values))
    assert gan("train", "--resume", "run", "dataset.path=x") == (
        2,
        "",
        "gan: dataset.path: no such setting of dataset 'digits'. Valid: none.\n",
    )
    np.save("x.npy", np.zeros((64, 2), np.float32))
    (run / ".hydra" / "config.yaml").write_text(
        yaml.safe_dump(values | {"dataset": {"name": "array"}})
    )
    assert gan("train", "--resume", "run", "dataset.path=x.npy", "steps=30") == (
        2,
        "",
        "gan: dataset.path=x.npy: run keeps no hash of its data, as runs of older versions, so "
        "this data cannot be compared. Put the data, or a link to it, back where it was, or go on "
        "with this data as it is: --accept-changes\n",
    )


def test_a_running_run_is_refused(gan: Command, run: Path, files: Files) -> None:
    set_back(run, 10)
    before = files()
    with (run / "train.log").open("a") as another:
        fcntl.flock(another, fcntl.LOCK_EX)
        result = gan("train", "--resume", "run")
        listed = json.loads(gan("runs", "run", "--json").out)
    assert result == (2, "", "gan: run is still running, in another process.\n")
    assert listed[0]["status"] == "running"
    assert files() == before


def test_a_damaged_checkpoint_is_passed_over(gan: Command, run: Path, ring: Path) -> None:
    set_back(run, 20)
    damage(run, 20)
    status, out, err = gan("train", "--resume", "run")
    assert (status, err) == (0, "")
    path = run.absolute() / "checkpoints" / "20"
    [said] = (line for line in out.splitlines() if "damaged" in line)
    assert said.startswith(f"checkpoint {path} is damaged: it")
    assert said.endswith(" Going on from the one before, of step 10.")
    assert "\nresuming from step 10\n" in out
    assert_equal(run, ring)


def test_damaged_checkpoints_alone_are_status_4(gan: Command, run: Path) -> None:
    set_back(run, 20)
    for step in (10, 20):
        shutil.rmtree(run / "checkpoints" / str(step) / "state")
    logged = rows(run)
    status, _, err = gan("train", "--resume", "run")
    place = run.absolute() / "checkpoints"
    assert status == 4
    assert err == (
        f"gan: checkpoint {place}/20 is damaged: it cannot be read. "
        f"checkpoint {place}/10 is damaged: it cannot be read. "
        "No checkpoint is left to go on from. Move run/checkpoints elsewhere to start "
        "again from step 0: gan train --resume run\n"
    )
    assert rows(run) == logged


def test_what_the_error_says_starts_again(gan: Command, run: Path, ring: Path) -> None:
    set_back(run, 20)
    shutil.rmtree(run / "checkpoints")
    assert gan("train", "--resume", "run").status == 0
    assert_equal(run, ring)


def test_a_configuration_changed_by_hand_is_refused(gan: Command, run: Path) -> None:
    set_back(run, 20)
    config = run / ".hydra" / "config.yaml"
    values = yaml.safe_load(config.read_text())
    values["architecture"]["generator_widths"] = [9]
    config.write_text(yaml.safe_dump(values))
    status, _, err = gan("train", "--resume", "run", "steps=30")
    assert status == 2
    assert err == (f"gan: run: architecture.generator_widths was [8] and is now [9]. {BACK}")
    status, _, err = gan("train", "--resume", "run", "steps=30", "--accept-changes")
    assert status == 2
    assert err.startswith(
        f"gan: checkpoint {run.absolute()}/checkpoints/20 is of other networks or optimizers than "
        "the configuration's: they differ in generator"
    )


def test_damaged_files_of_a_run_are_named(gan: Command, run: Path) -> None:
    (run / "summary.json").write_text('{"status": "comp')
    assert gan("train", "--resume", "run") == (
        4,
        "",
        "gan: run/summary.json is damaged. Delete it: gan train --resume run writes it anew.\n",
    )
    (run / ".hydra" / "config.yaml").write_text("k: [")
    assert gan("train", "--resume", "run") == (
        4,
        "",
        "gan: run/.hydra/config.yaml is damaged (line 1: expected the node content, but found "
        "'<stream end>'). Put back a copy of it.\n",
    )


LONG = (
    "steps=12000",
    "evaluate_end=off",
    "log_every=150",
    "sample_every=3000",
    "checkpoints.every=600",
    "hydra.run.dir=run",
)


@pytest.fixture(scope="module")
def whole(train: Train) -> Path:
    """A run of 12000 steps that nothing disturbed."""
    return train(*LONG[:-1])


def any_of(folder: Path, pattern: str) -> Callable[[], bool]:
    return lambda: any(True for _ in folder.glob(pattern))


MOMENTS = {
    "compiling": "summary.json",
    "logging": "metrics.jsonl",
    "saving": "checkpoints/*tmp*",
    "sampling": "samples/*.png",
    "late": "checkpoints/9000",
}


def wait_for(process: "subprocess.Popen[str]", happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while process.poll() is None and not happened():
        assert time.monotonic() < deadline
        time.sleep(0.002)


@pytest.mark.faults
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_moment(
    moment: str, begin: Begin, gan: Command, tiny: Tiny, empty: Path, whole: Path
) -> None:
    process = begin("train", *tiny, *LONG)
    wait_for(process, any_of(empty / "run", MOMENTS[moment]))
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert json.loads(gan("runs", "run", "--json").out)[0]["status"] == "interrupted"
    status, _, err = gan("train", "--resume", "run")
    assert (status, err) == (0, "")
    assert_equal(empty / "run", whole)


@pytest.mark.faults
def test_killed_again_and_again(begin: Begin, tiny: Tiny, empty: Path, whole: Path) -> None:
    chance = random.Random(0)
    place = RunDirectory(empty / "run")
    process = begin("train", *tiny, *LONG)
    for _ in range(3):
        reached = max(checkpoints.steps(place.checkpoints), default=0)
        wait_for(process, lambda at=reached: checkpoints.steps(place.checkpoints)[-1:] > [at])
        time.sleep(0.3 * chance.random())
        process.kill()
        process.communicate()
        process = begin("train", "--resume", "run")
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert_equal(empty / "run", whole)


@pytest.mark.faults_long
@pytest.mark.parametrize("seed", range(25))
def test_killed_twice_at_any_moment(
    seed: int, begin: Begin, tiny: Tiny, empty: Path, whole: Path
) -> None:
    chance = random.Random(seed)
    process = begin("train", *tiny, *LONG)
    wait_for(process, (empty / "run" / "summary.json").exists)
    for _ in range(2):
        time.sleep(8 * chance.random())
        process.kill()
        process.communicate()
        process = begin("train", "--resume", "run")
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    assert_equal(empty / "run", whole)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_saves_a_checkpoint(
    number: int,
    status: int,
    begin: Begin,
    gan: Command,
    tiny: Tiny,
    empty: Path,
    whole: Path,
) -> None:
    process = begin("train", *tiny, *LONG)
    wait_for(process, any_of(empty / "run", "checkpoints/600"))
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (status, notice(number).decode())
    step = summary(empty / "run")["step"]
    assert summary(empty / "run")["status"] == "interrupted"
    assert checkpoints.steps(empty / "run" / "checkpoints")[-1] == step
    assert f"\ninterrupted: step {step:,} after " in out
    assert out.endswith("go on    gan train --resume run\n")
    assert gan("train", "--resume", "run").status == 0
    assert_equal(empty / "run", whole)


@pytest.mark.faults
def test_a_running_run_is_listed_and_refused(
    begin: Begin, gan: Command, tiny: Tiny, empty: Path
) -> None:
    process = begin("train", *tiny, *changed(LONG, ["steps=100000000"]))
    wait_for(process, any_of(empty / "run", "checkpoints/600"))
    listed = json.loads(gan("runs", ".", "--json").out)
    refused = gan("train", "--resume", "run")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert [row["status"] for row in listed] == ["running"]
    told = f"run is still running, in process {process.pid}. To save and end it: kill {process.pid}"
    assert refused == (2, "", f"gan: {told}\n")


@pytest.mark.faults
def test_a_second_signal_does_not_wait_and_does_no_harm(
    begin: Begin, gan: Command, tiny: Tiny, empty: Path, whole: Path
) -> None:
    process = begin("train", *tiny, *LONG)
    wait_for(process, any_of(empty / "run", "checkpoints/600"))
    for number in (signal.SIGINT, signal.SIGTERM):
        process.send_signal(number)
        time.sleep(0.02)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, notice(signal.SIGINT).decode())
    assert json.loads(gan("runs", "run", "--json").out)[0]["status"] == "interrupted"
    assert gan("train", "--resume", "run").status == 0
    assert_equal(empty / "run", whole)
