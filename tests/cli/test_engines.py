"""A sweep is killed half-way and issued again, on each engine: nothing is lost, nothing repeated.

Slurm is one of a single node that a test starts for itself; see `tests.slurm`.
"""

import contextlib
import getpass
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from orbax.checkpoint import v1 as ocp

from tests.conftest import Command
from tests.slurm import slurm

Tiny = tuple[str, ...]

INSTALLED = {each.name for each in metadata.distributions()}
SLURM = "submitit_slurm"
MARK = "GAN_TEST_SWEEP"
"""Every process of a sweep inherits it, by which a test finds those that it kills."""


class Engine(NamedTuple):
    """An engine with which a few members or jobs run at once.

    settings: the overrides that choose it.
    package: what has to be installed for it.
    alike: the launcher of a sweep whose members have the same numbers to the bit.
    """

    settings: tuple[str, ...]
    package: str | None = None
    alike: tuple[str, ...] = ("hydra/launcher=basic",)


JOBLIB = ("hydra/launcher=joblib", "hydra.launcher.n_jobs=2")
VMAP = ("hydra/launcher=vmap", "hydra.launcher.max_lanes=4")
ENGINES = {
    "side_by_side": Engine(("hydra.launcher.cores=2",)),
    "vmap": Engine(VMAP, None, VMAP),
    "joblib": Engine(JOBLIB, "hydra-joblib-launcher"),
    "joblib_groups": Engine((*JOBLIB, "members_per_job=4"), "hydra-joblib-launcher", VMAP),
    "submitit_local": Engine(
        ("hydra/launcher=submitit_local", "hydra.sweeper.max_batch_size=4"),
        "hydra-submitit-launcher",
    ),
    SLURM: Engine(
        (f"hydra/launcher={SLURM}", "hydra.launcher.cpus_per_task=1", "members_per_job=4"),
        "hydra-submitit-launcher",
        VMAP,
    ),
    "ray": Engine(
        ("hydra/launcher=ray", "+hydra.launcher.ray.init.num_cpus=2"), "hydra-ray-launcher"
    ),
}


@pytest.fixture
def mark() -> Iterator[str]:
    """Marks the processes of a test, which are killed at its end."""
    own = f"{MARK}={uuid.uuid4().hex}"
    yield own
    kill(own)


@pytest.fixture
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """An engine that is installed; Slurm is started."""
    found = ENGINES[request.param]
    if found.package not in {*INSTALLED, None}:
        pytest.skip(f"{found.package} is not installed")
    started = contextlib.nullcontext()
    if request.param == SLURM:
        started = slurm(tmp_path_factory.mktemp("slurm"), cpus=2)
    with started:
        yield found


def marked(mark: str) -> list[int]:
    """The processes that carry a mark, whoever started them."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            if mark.encode() in (each / "environ").read_bytes().split(b"\0"):
                found.append(int(each.name))
    return found


def kill(mark: str) -> None:
    """Kills the command and every process that was started for it."""
    while found := marked(mark):
        for each in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        time.sleep(0.02)


def queued(state: str = "all") -> list[str]:
    """The jobs of Slurm that wait or run, each task by itself; those of one state alone."""
    command = ["squeue", "--noheader", "--array", "--format=%i", f"--states={state}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def cancel() -> None:
    """Cancels all jobs of Slurm, which outlive the command that queued them."""
    subprocess.run(["scancel", f"--user={getpass.getuser()}"], check=True)
    while queued("pending,running,completing"):
        time.sleep(0.2)


def completed(sweep: Path) -> list[Path]:
    """The members that have completed."""
    return [
        summary.parent
        for summary in sorted(sweep.glob("[0-9]*/summary.json"))
        if json.loads(summary.read_text())["status"] == "completed"
    ]


def arrays(run: Path) -> dict[str, np.ndarray[Any, Any]]:
    """All arrays of a run's last checkpoint."""
    loaded = ocp.load((run / "checkpoints" / "20").resolve())
    return {name: np.asarray(value) for name, value in loaded.items()}


def rows(run: Path) -> list[dict[str, Any]]:
    """What a run logged, without what depends on the machine's speed."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    timed = {"wall_seconds", "speed/steps_per_second"}
    return [{key: value for key, value in line.items() if key not in timed} for line in lines]


def assert_same(run: Path, reference: Path) -> None:
    """Two runs logged the same and ended in the same state, to the bit."""
    assert rows(run) == rows(reference), run
    mine, its = arrays(run), arrays(reference)
    assert mine.keys() == its.keys()
    for name, array in its.items():
        np.testing.assert_array_equal(mine[name], array, err_msg=f"{run}: {name}")


def begin(engine: Engine, mark: str, line: Sequence[str], enough: int) -> "subprocess.Popen[bytes]":
    """Starts the sweep `s` in a process of its own, and waits until enough members are done."""
    name, value = mark.split("=")
    with Path("out.txt").open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gan_cli", *line, *engine.settings, "hydra.sweep.dir=s"],
            env=os.environ | {name: value},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while len(completed(Path("s"))) < enough:
        assert process.poll() is None, Path("out.txt").read_text()
        time.sleep(0.005)
    return process


def check(members: int, engine: Engine, mark: str, tiny: Tiny, gan: Command) -> None:
    """Kills a sweep when half of it is done, issues it again, and compares every member."""
    line = ("train", "-m", *tiny, f"seed=range({members})")
    assert gan(*line, *engine.alike, "hydra.sweep.dir=whole").status == 0
    process = begin(engine, mark, line, members // 2)
    kill(mark)
    if engine is ENGINES[SLURM]:
        cancel()
        kill(mark)
    assert process.wait(10) == -signal.SIGKILL
    done = completed(Path("s"))
    assert members // 2 <= len(done) < members
    kept = {path: path.stat().st_mtime_ns for run in done for path in run.rglob("*")}
    begun = {path.parent.name for path in Path("s").glob("[0-9]*/metrics.jsonl")}

    status, out, err = gan("train", "-m", "--resume", "s")
    assert status == 0, err
    assert f"s: {members - len(done)} of {members} members go on\n" in out
    assert out.splitlines()[-4] == f"sweep: {members} completed"
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "nothing is repeated"
    for number in range(members):
        run, reference = Path("s", str(number)), Path("whole", str(number))
        starts = len(list(run.glob("events.out.tfevents.*")))
        assert starts == 1 + (run.name in begun and run not in done), run
        assert_same(run, reference)
    print(f"\n{len(done)} of {members} were done, {len(begun) - len(done)} had begun")


@pytest.mark.faults
@pytest.mark.parametrize("engine", ["joblib"], indirect=True)
def test_a_small_sweep(engine: Engine, mark: str, tiny: Tiny, gan: Command) -> None:
    check(4, engine, mark, tiny, gan)


@pytest.mark.faults_long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_sweep_of_64(engine: Engine, mark: str, tiny: Tiny, gan: Command) -> None:
    check(64, engine, mark, tiny, gan)


@pytest.mark.faults_long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("engine", [SLURM], indirect=True)
def test_jobs_that_still_wait_are_in_the_way_of_none(
    engine: Engine, mark: str, tiny: Tiny, gan: Command
) -> None:
    """They train their members first, and the new jobs for them find nothing to do."""
    line = ("train", "-m", *tiny, "seed=range(16)")
    assert gan(*line, *VMAP, "hydra.sweep.dir=whole").status == 0
    process = begin(engine, mark, line, 4)
    waiting = queued("pending")
    subprocess.run(["scontrol", "hold", *waiting], check=True)
    kill(mark)
    process.wait(10)
    while queued("running,completing"):
        time.sleep(0.2)
    name, value = mark.split("=")
    again = subprocess.Popen(
        [sys.executable, "-m", "gan_cli", "train", "-m", "--resume", "s"],
        env=os.environ | {name: value},
    )
    while len({job.partition("_")[0] for job in queued("pending,running")}) < 2:
        assert again.poll() is None
        time.sleep(0.2)
    subprocess.run(["scontrol", "release", *waiting], check=True)
    assert again.wait() == 0
    while queued("pending,running,completing"):
        time.sleep(0.2)
    assert gan("train", "-m", "--resume", "s").out.startswith("s: all 16 members have ended.")
    for number in range(16):
        assert_same(Path("s", str(number)), Path("whole", str(number)))
