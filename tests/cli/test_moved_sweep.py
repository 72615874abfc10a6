"""`gan train -m --resume SWEEP dataset.path=...`: the data of a whole sweep that was moved."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

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
    for line, told in {
        "dataset.path=other.npy": "s/0: the examples of dataset=array are not those that it was "
        "trained on. Put back what it was started with, start a new run, or go on with it as it is "
        "now: --accept-changes",
        "k=5": "k=5: the sweep in s was not started with it. What can change, for data that was "
        "moved: dataset.path, dataset.root.",
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
        "gan: s is a sweep, and not a run. To go on with it: gan train -m --resume s\n",
    )
