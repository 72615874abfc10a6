"""A start that is killed in its first moments leaves nothing in the way of the next one."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from gan_cli import runs
from gan_cli.runs import RunDirectory

pytestmark = pytest.mark.faults

Command = Callable[..., Any]
Begin = Callable[..., "subprocess.Popen[str]"]
Tiny = tuple[str, ...]

MOMENTS = [0.0, 0.01, 0.025]
"""Seconds after the directory appeared."""


def kill_after(process: "subprocess.Popen[str]", directory: Path, seconds: float) -> None:
    """Kills a process a moment after it has made a directory."""
    deadline = time.monotonic() + 120
    while not directory.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
    time.sleep(seconds)
    process.kill()
    process.communicate()


def statuses(folder: Path) -> list[str]:
    return [RunDirectory(run).read_summary()["status"] for run in runs.find(folder)]


@pytest.mark.parametrize("seconds", MOMENTS)
def test_a_run(seconds: float, begin: Begin, gan: Command, tiny: Tiny, empty: Path) -> None:
    line = ("train", *tiny, "hydra.run.dir=outputs/cut")
    assert gan("train", *tiny, "hydra.run.dir=outputs/whole").status == 0
    kill_after(begin(*line), empty / "outputs" / "cut", seconds)
    left = Path("outputs/cut")
    begun = (left / ".hydra").exists()
    assert runs.is_run(left) == begun, "its settings are there as a whole or not at all"
    assert runs.resolve("latest").path == (left if begun else Path("outputs/whole"))
    listed = json.loads(gan("runs", "outputs", "--json").out)
    assert [row["status"] for row in listed] == ["completed", *["interrupted"] * begun]
    status, _, err = gan(*line)
    assert (status, err) == (0, "")
    assert statuses(Path("outputs")) == ["completed", "completed"]
    assert runs.resolve("latest").path == left
    assert not list(left.glob(".hydra.*"))


@pytest.mark.parametrize("seconds", MOMENTS)
def test_a_sweep(seconds: float, begin: Begin, gan: Command, tiny: Tiny, empty: Path) -> None:
    """Its members are killed in turn: the first, the second, the third."""
    process = begin("train", "-m", *tiny, "seed=1,2,3", "hydra.sweep.dir=s")
    kill_after(process, empty / "s" / str(MOMENTS.index(seconds)), seconds)
    status, out, err = gan("train", "-m", "--resume", "s")
    assert status == 0, err
    assert statuses(Path("s")) == ["completed"] * 3
    assert "sweep: 3 completed\n" in out
    seeds = [
        json.loads((Path("s") / member / "summary.json").read_text())["seed"] for member in "012"
    ]
    assert seeds == [1, 2, 3]
    rows = [(Path("s") / member / "metrics.jsonl").read_text().count("\n") for member in "012"]
    assert rows == [2, 2, 2]


def test_a_sweep_of_sixteen_side_by_side_repeats_nothing(
    begin: Begin, gan: Command, tiny: Tiny, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed half-way and gone on with, it trains what is missing and leaves what is done alone."""
    monkeypatch.setenv("JAX_NUM_CPU_DEVICES", "2")
    steps = ("steps=400", "log_every=100", "sample_every=400", "checkpoints.every=100")
    line = ("train", "-m", *tiny, *steps, "seed=range(16)", "hydra.sweep.dir=s")
    process = begin(*line)
    kill_after(process, empty / "s" / "8" / "checkpoints", 0.01)
    before = {run.name: RunDirectory(run).read_summary() for run in runs.find(Path("s"))}
    done = {name for name, told in before.items() if told["status"] == "completed"}
    assert 6 <= len(done) < 16
    kept = {f: f.stat().st_mtime_ns for name in done for f in (empty / "s" / name).rglob("*")}
    status, out, err = gan("train", "-m", "--resume", "s")
    assert status == 0, err
    assert "sweep: 16 completed\n" in out
    assert {f: f.stat().st_mtime_ns for f in kept} == kept
    for run in runs.find(Path("s")):
        rows = [json.loads(row)["step"] for row in (run / "metrics.jsonl").read_text().splitlines()]
        assert rows == [100, 200, 300, 400]


@pytest.mark.parametrize("seconds", MOMENTS[:2])
def test_one_of_two_starts_into_one_directory(
    seconds: float, begin: Begin, gan: Command, tiny: Tiny, empty: Path
) -> None:
    """The other one trains the run, or was refused; then the same command does."""
    line = ("train", *tiny, "hydra.run.dir=run")
    killed, other = begin(*line), begin(*line)
    kill_after(killed, empty / "run", seconds)
    _, err = other.communicate(timeout=120)
    assert other.returncode in (0, 2), err
    assert ("is being written by another process" in err) == (other.returncode == 2)
    status, _, told = gan(*line)
    if other.returncode == 0:
        assert (status, "already holds a run" in told) == (2, True)
    else:
        assert (status, told) == (0, "")
    assert statuses(Path("run")) == ["completed"]


def test_two_starts_at_once_leave_the_whole_run_of_one(
    begin: Begin, tiny: Tiny, empty: Path
) -> None:
    """The run is the winner's; the loser is refused and has written nothing."""
    lines = (["objective=wgan", "seed=1"], ["objective=non_saturating", "seed=2"])
    for attempt in range(3):
        started = [begin("train", *tiny, *line, f"hydra.run.dir=run{attempt}") for line in lines]
        told = [process.communicate(timeout=120) for process in started]
        assert sorted(process.returncode for process in started) == [0, 2], told
        winner = [process.returncode for process in started].index(0)
        saved = yaml.safe_load((empty / f"run{attempt}" / ".hydra" / "config.yaml").read_text())
        assert [f"objective={saved['objective']['name']}", f"seed={saved['seed']}"] == lines[winner]
        refused = told[1 - winner][1]
        assert "already holds a run" in refused or "being written" in refused
