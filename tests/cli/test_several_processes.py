"""Several processes train one run together, and it goes on when one of them has ended."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from orbax.checkpoint import v1 as ocp

from gan_cli import checkpoints
from gan_cli.runs import RunDirectory
from tests.slurm import slurm

Command = Callable[..., Any]
Begin = Callable[..., "subprocess.Popen[str]"]
Pair = tuple["subprocess.Popen[str]", "subprocess.Popen[str]"]
Tiny = tuple[str, ...]

RUN = RunDirectory(Path("run"))


def start(begin: Begin, *arguments: str) -> Pair:
    """Process 0 and process 1 of a command."""
    with socket.socket() as found:
        found.bind(("", 0))
        port = found.getsockname()[1]
    where = ("distributed.processes=2", f"distributed.coordinator=localhost:{port}")
    zero, one = (begin(*arguments, *where, f"distributed.process={i}") for i in (0, 1))
    return zero, one


def await_checkpoint(pair: Pair, after: int) -> None:
    """Waits until a checkpoint of a later step is there."""
    while max(checkpoints.steps(RUN.checkpoints), default=0) <= after:
        assert pair[0].poll() is None, pair[0].communicate()
        time.sleep(0.05)


def ended(pair: Pair) -> list[tuple[int, str, str]]:
    """The exit status of each process, and what it wrote on standard output and error."""
    told = [process.communicate(timeout=90) for process in pair]
    return [(process.returncode, *each) for process, each in zip(pair, told, strict=True)]


def rows(run: str) -> list[dict[str, float]]:
    clocks = ("wall_seconds", "speed/steps_per_second")
    lines = Path(run, "metrics.jsonl").read_text().splitlines()
    return [{tag: x for tag, x in json.loads(line).items() if tag not in clocks} for line in lines]


def digest(run: str, step: int) -> str:
    """The SHA-256 of all arrays of a checkpoint."""
    place = Path(run, "checkpoints", str(step)).resolve()
    saved: str = ocp.metadata(place).custom_metadata["sha256"]
    return saved


@pytest.mark.faults
def test_killed_interrupted_and_gone_on_with(
    begin: Begin, shell: Command, gan: Command, tiny: Tiny, empty: Path
) -> None:
    """One of two is killed, and after a resume one is asked to stop; then one process goes on.

    Up to there all is equal to the bit to what one process trains on two devices, undisturbed.
    """
    own = ("train", *tiny, "device=cpu")
    pair = start(begin, *own, "steps=100000", "hydra.run.dir=run")
    await_checkpoint(pair, 0)
    pair[1].kill()
    (status, out, err), _ = ended(pair)
    assert "device         2 x cpu in 2 processes, each with 8 of a batch\n" in out
    told = f"gan: process 1, on {socket.gethostname()}, has ended without a word, so the training"
    assert (status, err.startswith(told), err.count("\n")) == (1, True, 1), err
    assert RUN.read_summary()["status"] == "failed"

    pair = start(begin, "train", "--resume", "run")
    await_checkpoint(pair, checkpoints.steps(RUN.checkpoints)[-1])
    pair[1].send_signal(signal.SIGINT)
    (status, _, err), follower = ended(pair)
    assert (status, follower) == (130, (130, "", "")), err
    assert err.startswith("gan: stopping after the current steps")
    step, known = checkpoints.steps(RUN.checkpoints)[-1], RUN.read_summary()
    assert (known["status"], known["step"]) == ("interrupted", step)

    two = {"JAX_NUM_CPU_DEVICES": "2"}
    whole = shell(*own, f"steps={step}", "devices=2", "hydra.run.dir=whole", **two)
    assert whole.status == 0, whole.err
    assert digest("run", step) == digest("whole", step)
    assert rows("run") == [row for row in rows("whole") if not row["step"] % 10]

    status, out, _ = gan("verify", "run")
    assert (status, "\nhere       devices 1, not 2\n" in out) == (0, True)
    status, out, _ = gan("train", "--resume", "run", f"steps={step + 10}")
    assert status == 0
    assert "was started with devices 2 and is resumed with devices 1: its numbers may" in out


@pytest.mark.faults_long
def test_process_0_is_killed(begin: Begin, tiny: Tiny, empty: Path) -> None:
    """Nobody is left who waits for it."""
    pair = start(begin, "train", *tiny, "device=cpu", "steps=100000", "hydra.run.dir=run")
    await_checkpoint(pair, 0)
    pair[0].kill()
    assert ended(pair)[1] == (
        1,
        "",
        "gan: process 0 has ended without a word. Resume the run with all processes.\n",
    )


@pytest.mark.faults_long
def test_srun_starts_them(
    gan: Command, tiny: Tiny, empty: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """They find one another, and write one run."""
    with slurm(tmp_path_factory.mktemp("slurm"), cpus=2):
        command = [*("srun", "-n2", sys.executable, "-m", "gan_cli", "train", *tiny), "device=cpu"]
        done = subprocess.run(
            command, cwd=empty, capture_output=True, text=True, timeout=240, check=False
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("device         2 x cpu in 2 processes, each with 8 of a batch") == 1
    [row] = json.loads(gan("runs", "outputs", "--json").out)
    assert (row["status"], row["step"]) == ("completed", 20)
