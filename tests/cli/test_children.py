"""Members in processes of their own end with their command, however it ends, and are saved."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from gan_cli import checkpoints, runs
from gan_cli.runs import RunDirectory
from tests.processes import left_of

Begin = Callable[..., "subprocess.Popen[str]"]
Tiny = tuple[str, ...]

INSTALLED = {each.name for each in metadata.distributions()}
ENDLESS = (
    "steps=100000000",
    "log_every=1000",
    "sample_every=100000000",
    "checkpoints.every=100000000",
    "hydra.sweep.dir=s",
)
LAUNCHERS = {
    "joblib": ("hydra-joblib-launcher", "hydra.launcher.n_jobs=2"),
    "submitit_local": ("hydra-submitit-launcher", "hydra.launcher.timeout_min=60"),
}


def start(begin: Begin, tiny: Tiny, launcher: str, *own: str) -> "subprocess.Popen[str]":
    """Starts a sweep, and waits until its first two members train."""
    package, setting = LAUNCHERS[launcher]
    if package not in INSTALLED:
        pytest.skip(f"{package} is not installed")
    process = begin("train", "-m", *tiny, *ENDLESS, f"hydra/launcher={launcher}", setting, *own)
    for member in "01":
        rows = Path("s", member, "metrics.jsonl")
        while not (rows.exists() and rows.stat().st_size):
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
    return process


def assert_saved(count: int) -> None:
    """Each member that had begun is interrupted, at the step of its only checkpoint."""
    found = [RunDirectory(run) for run in runs.find(Path("s"))]
    assert len(found) == count
    for run in found:
        written = json.loads(run.summary.read_text())
        assert written["status"] == "interrupted"
        assert checkpoints.steps(run.checkpoints) == [written["step"]]
        assert not run.is_running()


def assert_ended(
    process: "subprocess.Popen[str]", status: int, count: int, others: str = ""
) -> None:
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert out.endswith(f"sweep: {count} interrupted{others}\ngo on    gan train -m --resume s\n")
    assert_saved(count)
    assert left_of(process) == []


@pytest.mark.faults
def test_a_signal_to_the_command_ends_its_members(begin: Begin, tiny: Tiny, empty: Path) -> None:
    process = start(begin, tiny, "joblib", "seed=range(4)")
    process.terminate()
    assert_ended(process, 143, count=2, others=", 2 not begun")


@pytest.mark.faults
def test_members_end_with_a_command_that_is_killed(begin: Begin, tiny: Tiny, empty: Path) -> None:
    """Nothing holds them any more, so that the sweep can go on at once."""
    process = start(begin, tiny, "joblib", "seed=0,1")
    process.kill()
    process.communicate()
    assert left_of(process) == []
    assert_saved(2)


SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1]


@pytest.mark.faults_long
@pytest.mark.parametrize("launcher", LAUNCHERS)
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["command", "group"])
def test_a_signal(
    send: Any, number: signal.Signals, launcher: str, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    """To a group in which processes wait for work, as in a terminal."""
    own = ("hydra.launcher.n_jobs=4",) if launcher == "joblib" else ()
    process = start(begin, tiny, launcher, "seed=0,1", *own)
    send(process.pid, number)
    assert_ended(process, 128 + number, count=2)


@pytest.mark.faults_long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_one_member_ends_the_sweep(
    number: signal.Signals, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    process = start(begin, tiny, "joblib", "seed=range(4)")
    train_log = str((empty / "s" / "1" / "train.log").resolve())
    [worker] = [
        each.parent.parent.name
        for each in Path("/proc").glob("[0-9]*/fd/*")
        if os.access(each, os.R_OK) and os.path.realpath(each) == train_log
    ][:1]
    os.kill(int(worker), number)
    assert_ended(process, 128 + number, count=2, others=", 2 not begun")


@pytest.mark.faults_long
@pytest.mark.parametrize("launcher", LAUNCHERS)
def test_a_command_that_is_killed(launcher: str, begin: Begin, tiny: Tiny, empty: Path) -> None:
    process = start(begin, tiny, launcher, "seed=0,1")
    process.kill()
    process.communicate()
    assert left_of(process) == []
    assert_saved(2)
