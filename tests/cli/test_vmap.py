"""`gan train -m hydra/launcher=vmap`: members that share a program, and leave what a run leaves."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_cli.preflight import room

Command = Callable[..., Any]
Begin = Callable[..., "subprocess.Popen[str]"]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]

VMAP = "hydra/launcher=vmap"
SGD = ("optimizer=sgd", "optimizer.generator.learning_rate=1e-2")


def summaries(sweep: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(sweep.glob("*/summary.json"))]


def statuses(sweep: Path) -> list[str]:
    return [summary["status"] for summary in summaries(sweep)]


def rows(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def names(run: Path) -> set[str]:
    """The files of a run, without what differs in a name from one run to the next."""
    found = {str(path.relative_to(run)) for path in run.rglob("*") if path.is_file()}
    return {
        "events" if name.startswith("events.") else name
        for name in found
        if not name.startswith("checkpoints") or name.count("/") == 2
    }


@pytest.fixture
def pair(gan: Command, plain: Tiny, empty: Path) -> Path:
    """Two members trained together, and the same two by themselves."""
    line = ["train", "-m", *plain, *SGD, "seed=3,4"]
    assert gan(*line, VMAP, "hydra.sweep.dir=s").status == 0
    assert gan(*line, "hydra.sweep.dir=alone").status == 0
    return empty


def test_members_leave_what_they_leave_alone(pair: Path, gan: Command) -> None:
    for member in "01":
        lane, alone = pair / "s" / member, pair / "alone" / member
        assert names(lane) == names(alone)
        for one, other in zip(rows(lane), rows(alone), strict=True):
            assert one.keys() == other.keys()
            for tag in one.keys() - {"wall_seconds", "speed/steps_per_second"}:
                np.testing.assert_allclose(one[tag], other[tag], rtol=1e-4, atol=1e-5)
        for file in ("config.yaml", "overrides.yaml"):
            assert (lane / ".hydra" / file).read_text() == (alone / ".hydra" / file).read_text()
    one, other = summaries(pair / "s")[1], summaries(pair / "alone")[1]
    assert one.keys() == other.keys()
    same = ("status", "step", "steps", "seed", "parameters", "device", "versions", "data_shape")
    assert {key: one[key] for key in same} == {key: other[key] for key in same}
    logs = [(pair / "s" / member / "train.log").read_text() for member in "01"]
    for member, text in zip("01", logs, strict=True):
        told = [line.partition(": ")[2] for line in text.splitlines()]
        assert told[0].startswith("training {")
        assert f"s/{member}" in told[0]
        assert told[1] == "a lane of one program, beside others"
        assert told[2].startswith("completed: step 20")
        assert len(told) == 3


@pytest.mark.slow
def test_a_member_can_go_on_alone(pair: Path, gan: Command) -> None:
    for sweep in ("s", "alone"):
        assert gan("train", "--resume", f"{sweep}/1", "steps=40").status == 0
    one, other = (rows(pair / sweep / "1")[-1] for sweep in ("s", "alone"))
    assert one["step"] == 40
    np.testing.assert_allclose(one["loss/generator"], other["loss/generator"], rtol=1e-4)
    assert gan("sample", "s/1").status == 0


@pytest.mark.slow
def test_what_a_person_reads(gan: Command, tiny: Tiny, empty: Path) -> None:
    line = ["train", "-m", VMAP, *tiny, "objective=minimax,wgan", "seed=3,4", "hydra.sweep.dir=s"]
    status, out, err = gan(*line)
    assert status == 0
    told = [line.split(" after ")[0] for line in out.splitlines()]
    assert told == [
        "#0 #1: 2 members as one program (vmap)",
        "    completed: step 20",
        "    completed: step 20",
        "#2 #3: 2 members as one program (vmap)",
        "    completed: step 20",
        "    completed: step 20",
        "sweep: 4 completed",
        "list     gan runs s",
        "compare  gan compare s",
        "look     gan look s",
    ]
    jobs = [f"{objective} seed={seed}" for objective in ("minimax", "wgan") for seed in (3, 4)]
    assert err.splitlines() == [
        f"\t#{number} : {' '.join(tiny)} objective={job}" for number, job in enumerate(jobs)
    ]


def test_a_dry_run_shows_programs_lanes_and_memory(gan: Command, tiny: Tiny, files: Files) -> None:
    line = ["train", "-m", VMAP, "hydra.launcher.max_lanes=2", "--dry-run", "--no-timing", *tiny]
    status, out, _ = gan(*line, "objective=minimax,wgan", "seed=range(3)")
    assert status == 0
    assert [line for line in out.splitlines() if line.startswith("#")] == [
        "#0 #1: 2 members as one program (vmap), 2 lanes, less than 1 MiB",
        "#2: 1 member as one program (vmap), 2 lanes, less than 1 MiB",
        "#3 #4: 2 members as one program (vmap), 2 lanes, less than 1 MiB",
        "#5: 1 member as one program (vmap), 2 lanes, less than 1 MiB",
    ]
    assert files() == {}


@pytest.mark.parametrize(
    ("options", "free", "takes"),
    [((), 3, "at least"), (("--dry-run", "--no-timing"), 16, "about")],
    ids=["start", "dry_run"],
)
def test_lanes_that_do_not_fit_in_the_memory_are_refused(
    options: tuple[str, ...],
    free: int,
    takes: str,
    gan: Command,
    tiny: Tiny,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "memory", lambda device: free * 2**10)
    status, _, err = gan("train", "-m", VMAP, *options, *tiny, "device=cpu", "seed=0,1")
    assert status == 2
    assert err.startswith(f"gan: 2 lanes of one program take {takes} ")
    assert f" KiB of memory, and {free}.0 KiB are free. Set " in err
    assert files() == {}


def test_a_member_that_diverges_does_not_stop_the_others(
    gan: Command, plain: Tiny, empty: Path
) -> None:
    rates = ["optimizer=sgd", "optimizer.generator.learning_rate=1e30,1e-4", "hydra.sweep.dir=s"]
    status, out, err = gan("train", "-m", VMAP, *plain, *rates)
    assert status == 3
    assert statuses(empty / "s") == ["diverged", "completed"]
    assert "#0 #1: 2 members as one program (vmap)" in out
    assert "\nsweep: 1 completed, 1 diverged\n" in out
    assert "s/0: step 2 is not finite: loss/discriminator is nan, " in err
    assert "Replayed, the first tensor that is not finite is " in err
    assert [row["step"] for row in rows(empty / "s" / "0")] == [2]
    assert [row["step"] for row in rows(empty / "s" / "1")] == [10, 20]


@pytest.mark.slow
def test_the_sweeper_gets_every_members_score(
    gan: Command, tiny: Tiny, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper

    got: list[float] = []
    sweep = BasicSweeper.sweep

    def listening(self: BasicSweeper, arguments: list[str]) -> Any:
        results = sweep(self, arguments)
        got.extend(job.return_value for batch in results for job in batch)
        return results

    monkeypatch.setattr(BasicSweeper, "sweep", listening)
    gan("train", "-m", VMAP, *tiny, "seed=1,2", "k=1,2", "hydra.sweep.dir=s")
    assert got == [summary["metrics"]["loss/generator"] for summary in summaries(empty / "s")]


@pytest.mark.parametrize(
    "launcher",
    [pytest.param([VMAP], id="vmap"), pytest.param([], id="basic", marks=pytest.mark.slow)],
)
def test_what_is_missing_of_a_sweep_is_trained(
    launcher: list[str], gan: Command, plain: Tiny, empty: Path
) -> None:
    """One member is complete, one is half done, one never began."""
    line = ["train", "-m", *plain, *SGD, *launcher, "seed=3,4,5"]
    assert gan(*line, "hydra.sweep.dir=whole").status == 0
    assert gan(*line, "hydra.sweep.dir=s", "hydra.callbacks={}").status == 0
    complete = (empty / "s" / "0" / "metrics.jsonl").stat().st_mtime_ns
    shutil.rmtree(empty / "s" / "1" / "checkpoints" / "20")
    half = summaries(empty / "s")[1] | {"status": "interrupted"}
    other = half | {"settings": half["settings"] | {"k": 2}}
    (empty / "s" / "1" / "summary.json").write_text(json.dumps(other))
    shutil.rmtree(empty / "s" / "2")
    status, out, err = gan("train", "-m", "--resume", "s", "hydra.callbacks={}")
    assert (status, out) == (2, "")
    assert err.startswith("gan: s/1: k was 2 and is now 1. Put back what it was started with, ")

    (empty / "s" / "1" / "summary.json").write_text(json.dumps(half))
    assert gan("train", "-m", "--resume", "s").status == 2, "a callback is code"
    status, out, err = gan("train", "-m", "--resume", "s", "hydra.callbacks={}")
    assert (status, out.splitlines()[0]) == (0, "s: 2 of 3 members go on"), err
    assert statuses(empty / "s") == ["completed"] * 3
    assert (empty / "s" / "0" / "metrics.jsonl").stat().st_mtime_ns == complete
    assert "s/1: resuming from step 10" in out or "resuming from step 10" in out
    for member in "12":
        found, expected = rows(empty / "s" / member), rows(empty / "whole" / member)
        for one, other in zip(found, expected, strict=True):
            np.testing.assert_allclose(one["loss/generator"], other["loss/generator"], rtol=1e-4)
        config = (empty / "s" / member / ".hydra" / "config.yaml").read_text()
        assert config == (empty / "whole" / member / ".hydra" / "config.yaml").read_text()
    (empty / "outputs").mkdir()
    (empty / "s").rename("outputs/s")
    status, out, _ = gan("train", "-m", "--resume", "latest", "hydra.callbacks={}")
    assert (status, out.splitlines()[0]) == (0, "outputs/s: all 3 members have ended.")


@pytest.mark.slow
def test_a_sweep_that_now_means_something_else_is_refused(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    assert gan("train", "-m", *tiny, "k=1,2", "hydra.sweep.dir=s").status == 0
    file = empty / "s" / "1" / ".hydra" / "overrides.yaml"
    file.write_text(file.read_text().replace("k=2", "k=3"))
    status, _, err = gan("train", "-m", "--resume", "s")
    assert status == 2
    assert err.startswith("gan: s/1 was started with dataset=ring ")
    assert err.endswith(" k=3, and the sweep's command now makes it k=2. Start a new sweep.\n")


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["SIGINT", "SIGKILL"])
def test_an_interrupted_sweep_goes_on_where_it_was(
    number: int, begin: Begin, gan: Command, plain: Tiny, empty: Path
) -> None:
    some = [
        "steps=60000",
        "evaluate_end=off",
        "log_every=1000",
        "sample_every=30000",
        "checkpoints.every=2000",
        *SGD,
    ]
    process = begin("train", "-m", VMAP, *plain, *some, "seed=1,2", "hydra.sweep.dir=s")
    saved = empty / "s" / "1" / "checkpoints"
    while not (saved.is_dir() and any(path.name.isdigit() for path in saved.iterdir())):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    listed = json.loads(gan("runs", "s", "--json").out)
    assert [row["status"] for row in listed] == ["interrupted"] * 2
    if number == signal.SIGINT:
        assert process.returncode == 130
        assert out.splitlines()[-1] == "go on    gan train -m --resume s"
    status, _, err = gan("train", "-m", "--resume", "s")
    assert status == 0, err
    assert statuses(empty / "s") == ["completed"] * 2
    for run in (empty / "s" / "0", empty / "s" / "1"):
        assert [row["step"] for row in rows(run)] == list(range(1000, 60001, 1000))
