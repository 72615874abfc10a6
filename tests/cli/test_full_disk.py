"""A full disk ends a training in one sentence; with room again it goes on to the same bit."""

import gc
import json
import logging
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gan_cli import checkpoints
from gan_cli.runs import RunDirectory

Command = Callable[..., Any]
Tiny = tuple[str, ...]

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

LINE = (
    *("steps=400", "log_every=5", "sample_every=100", "checkpoints.every=20"),
    *("checkpoints.keep=1000", "compile_cache=off"),
)
ROOM = [2, 40, 500]
"""KiB that are left as a run starts: not enough for its settings, a first state, a later one."""


@pytest.fixture
def disk(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A small file system of its own, which only root can make."""
    monkeypatch.setattr(logging, "raiseExceptions", False)  # as in a process of gan's own
    place = empty / "disk"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    try:
        done = subprocess.run(made, capture_output=True, check=False).returncode
    except FileNotFoundError:
        done = -1
    if done:
        pytest.skip("a file system can be mounted by root alone")
    yield place
    gc.collect()  # logs that could not be closed
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path, kibibytes: int) -> None:
    """Writes a file that leaves so much room."""
    room = os.statvfs(disk)
    (disk / "filled").write_bytes(bytes(room.f_bavail * room.f_frsize - kibibytes * 1024))


def numbers(run: Path) -> list[dict[str, Any]]:
    rows = map(json.loads, (run / "metrics.jsonl").read_text().splitlines())
    return [{k: v for k, v in row.items() if k.startswith(("step", "loss"))} for row in rows]


def fail_and_go_on(kibibytes: int, disk: Path, gan: Command, tiny: Tiny) -> None:
    line = ("train", *tiny, *LINE)
    assert gan(*line, "hydra.run.dir=whole").status == 0
    fill(disk, kibibytes)
    status, _, err = gan(*line, "hydra.run.dir=disk/run")
    run = RunDirectory(Path("disk/run"))
    saved = checkpoints.steps(run.checkpoints)
    begun = run.config.exists()
    assert err.count("\n") == 1, err
    if status == 2:  # not even a first checkpoint fits, which is known before anything is written
        assert f"free on the disk of {disk}. Choose smaller networks, or another place" in err
        assert not run.path.exists()
    else:
        assert status == 1
        assert f"cannot be written: the file system at {disk} has too little room, with " in err
    if begun:
        safe = f"The state of step {saved[-1]} is safe." if saved else "No state was saved yet."
        go_on = "Make room there, then go on: gan train --resume disk/run\n"
        assert err.endswith(f" {safe} {go_on}")
    if saved:
        assert run.read_summary()["status"] == "failed"
    (disk / "filled").unlink()
    subprocess.run(["mount", "-o", "remount,size=16m", str(disk)], check=True)
    again = ("train", "--resume", "disk/run") if begun else (*line, "hydra.run.dir=disk/run")
    status, _, err = gan(*again)
    assert (status, err) == (0, "")
    assert numbers(run.path) == numbers(Path("whole"))


@pytest.mark.faults
@pytest.mark.parametrize("kibibytes", ROOM)
def test_a_full_disk(kibibytes: int, disk: Path, gan: Command, tiny: Tiny) -> None:
    fail_and_go_on(kibibytes, disk, gan, tiny)


@pytest.mark.faults_long
@pytest.mark.parametrize("kibibytes", range(4, 124, 6))
def test_a_disk_that_is_full_at_any_point(
    kibibytes: int, disk: Path, gan: Command, tiny: Tiny
) -> None:
    fail_and_go_on(kibibytes, disk, gan, tiny)


AFTERWARDS = {
    "sample": ("sample", "disk/run"),
    "sample_npz": ("sample", "disk/run", "--out", "disk/s.npz", "--count", "20000"),
    "interpolate": ("interpolate", "disk/run"),
    "evaluate": ("evaluate", "disk/run", "--metric", "modes", "--samples", "100"),
    "export": ("export", "disk/run"),
}


def sizes(folder: Path) -> dict[Path, int]:
    """The bytes of every file."""
    return {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}


@pytest.mark.faults_long
def test_what_writes_beside_a_run_on_a_full_disk(disk: Path, gan: Command, tiny: Tiny) -> None:
    """One sentence each, no half of a file, and with room again the same command writes it."""
    assert gan("train", *tiny, "steps=2", "hydra.run.dir=disk/run").status == 0
    fill(disk, 0)
    before = sizes(disk)
    told = {}
    for name, line in AFTERWARDS.items():
        status, _, err = gan(*line)
        told[name] = status, err
        assert sizes(disk) == before, name
    (disk / "filled").unlink()
    for name, (status, err) in told.items():
        assert (status, err.count("\n")) == (2, 1), (name, status, err)
        assert "--out" in err, (name, err)
        assert f"the file system at {disk} has too little room, with " in err, (name, err)
    for name, line in AFTERWARDS.items():
        status, _, err = gan(*line)
        assert status == 0, (name, err)
