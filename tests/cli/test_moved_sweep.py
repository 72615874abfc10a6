"""A sweep that was moved, or whose data was: `gan train -m --resume SWEEP dataset.path=...`."""

import shlex
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from gan_cli import runs
from tests.processes import left_of

Begin = Callable[..., "subprocess.Popen[str]"]
Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]

POINTS = np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32)


@pytest.fixture
def sweep(gan: Command, tiny: Tiny, empty: Path) -> Path:
    """A sweep of two members, the second of which was never begun, whose data was moved."""
    np.save("here.npy", POINTS)
    words = ("dataset=array", "dataset.path=here.npy", "seed=0,1", "steps=10")
    assert gan("train", "-m", *tiny, *words, "hydra.sweep.dir=s").status == 0
    shutil.rmtree("s/1")
    (empty / "moved").mkdir()
    (empty / "here.npy").rename("moved/there.npy")
    np.save("other.npy", POINTS[::-1])
    return empty


def test_every_run_and_the_command_learn_the_new_place(
    gan: Command, sweep: Path, files: Files
) -> None:
    before = files()
    for words in ((), ("--dry-run", "--no-timing")):
        status, out, err = gan("train", "-m", "--resume", "s", *words)
        assert (status, out) == (4, "")
        typed = shlex.join(["gan", "train", "-m", "--resume", "s", *words])
        way = f"say where it is now: {typed} dataset.path=PLACE\n"
        assert err.endswith(f"If it was moved, {way}")
    for line, told in {
        "dataset.path=other.npy": "s/0: the examples of dataset=array are not those that it was "
        "trained on. Put back what it was started with, start a new run, or go on with it as it is "
        "now: --accept-changes",
        "k=5": "k=5: the sweep in s was not started with it. What can change, for data that was "
        "moved: dataset.path, dataset.root, dataset.key.",
    }.items():
        assert gan("train", "-m", "--resume", "s", line) == (2, "", f"gan: {told}\n")
        assert files() == before
    status, out, _ = gan("train", "-m", "--resume", "s", "dataset.path=moved/there.npy")
    assert status == 0
    assert out.splitlines()[0] == "s: 1 of 2 members go on"
    for member in "01":
        saved = yaml.safe_load(Path(f"s/{member}/.hydra/config.yaml").read_text())
        assert saved["dataset"]["path"] == str(sweep / "moved" / "there.npy")
    again = gan("train", "-m", "--resume", "s", "dataset.path=moved/there.npy")
    assert again.out.splitlines()[0] == "s: all 2 members have ended."
    shutil.rmtree("s/1")
    assert gan("train", "-m", "--resume", "s").status == 0
    other = ("dataset.path=other.npy", "--accept-changes")
    again = gan("train", "-m", "--resume", "s", *other)
    assert again.out.splitlines()[0] == "s: all 2 members have ended."
    saved = yaml.safe_load(Path("s/0/.hydra/config.yaml").read_text())
    assert saved["dataset"]["path"] == str(sweep / "other.npy")


def test_a_run_that_was_moved_or_lengthened_by_itself_belongs_to_its_sweep(
    gan: Command, sweep: Path
) -> None:
    longer = ("dataset.path=moved/there.npy", "steps=20")
    assert gan("train", "--resume", "s/0", *longer).status == 0
    refused = gan("train", "-m", "--resume", "s")
    assert refused.status == 4
    assert "here.npy" in refused.err
    status, out, _ = gan("train", "-m", "--resume", "s", "dataset.path=moved/there.npy")
    assert (status, out.splitlines()[0]) == (0, "s: 1 of 2 members go on")


def test_a_run_and_a_sweep_are_resumed_each_in_its_way(gan: Command, sweep: Path) -> None:
    assert gan("train", "-m", "--resume", "s/0") == (
        2,
        "",
        "gan: s/0 is a run, and not a sweep. To go on with it: gan train --resume s/0\n",
    )
    assert gan("train", "--resume", "s") == (
        2,
        "",
        "gan: s is a sweep, and not a run. Its runs are the folders in it, such as s/0. To go on "
        "with it: gan train -m --resume s\n",
    )


def test_a_sweep_that_was_moved_goes_on_where_it_is(gan: Command, tiny: Tiny, empty: Path) -> None:
    words = ("seed=0,1", "steps=10", "hydra.sweep.dir=s")
    assert gan("train", "-m", *tiny, *words).status == 0
    shutil.rmtree("s/1")
    Path("s").rename("t")
    status, out, _ = gan("train", "-m", "--resume", "t")
    assert (status, out.splitlines()[0]) == (0, "t: 1 of 2 members go on")
    assert runs.find(empty) == [empty / "t" / "0", empty / "t" / "1"]


@pytest.mark.parametrize(
    "launcher",
    [
        *(pytest.param(each, marks=pytest.mark.faults) for each in ("side_by_side", "joblib")),
        *(pytest.param(each, marks=pytest.mark.faults_long) for each in ("basic", "vmap")),
    ],
)
def test_a_sweep_that_is_moved_as_it_trains_ends(
    launcher: str, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    """No member begins after that, and nothing is made in the old place."""
    endless = ("steps=100000000", "log_every=1000", "sample_every=100000000")
    own = ("hydra.launcher.n_jobs=1",) if launcher == "joblib" else ()
    words = (*endless, f"hydra/launcher={launcher}", *own, "seed=range(6)", "hydra.sweep.dir=s")
    process = begin("train", "-m", *tiny, "checkpoints.every=100000", *words)
    rows = Path("s/0/metrics.jsonl")
    while not (rows.exists() and rows.stat().st_size):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    Path("s").rename("t")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.splitlines()[-1] == (
        f"gan: s was moved to {empty / 't'} while it was being trained, so the training has ended. "
        f"Go on with it there: gan train -m --resume {empty / 't'}"
    )
    assert "Traceback" not in err
    assert not Path("s").exists()
    assert left_of(process) == []
