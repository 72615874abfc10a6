"""Locks where the file system has none: a file tells who holds one, and whether it is alive."""

import errno
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli import runs
from gan_cli.errors import UsageError
from gan_cli.locks import lock, lock_file
from gan_cli.locks.owner import this_process
from gan_cli.runs import RunDirectory, new_run, new_sweep

Command = Callable[..., Any]


@pytest.fixture(autouse=True, params=[errno.ENOSYS, errno.ENOTSUP, errno.EACCES])
def _no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without flock, by what several of them say."""

    def refuse(*_: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(fcntl, "flock", refuse)


def owned(place: RunDirectory, seconds: float = 0.0, **owner: Any) -> Path:
    """The lock file of another owner, whose last sign of life was some seconds ago."""
    file = place.path / f".train.log{lock_file.SUFFIX}"
    place.log.touch()
    told = this_process()._asdict() | owner | {"beat": time.time() - seconds}
    file.write_text(json.dumps(told))
    return file


ELSEWHERE = {"host": "node3", "process": 7}


def test_a_run_has_one_owner_and_leaves_nothing(place: RunDirectory) -> None:
    with place.lock():
        assert place.is_running()
        with (
            pytest.raises(UsageError, match=r"^run is still running, in process \d+ on "),
            place.lock(),
        ):
            pass
    assert not place.is_running()
    assert [path.name for path in place.path.iterdir()] == ["train.log"]


def test_new_runs_and_sweeps_start(empty: Path) -> None:
    with new_run(Path("r"), named=True) as place:
        place.write_settings({"config.yaml": "k: 1\n"})
        assert place.is_running()
    with (
        new_sweep(Path("s"), named=True),
        pytest.raises(UsageError, match=r"^s is being written by process \d+ on "),
        new_sweep(Path("s"), named=True),
    ):
        pass
    assert list(Path("s").iterdir()) == []


@pytest.mark.parametrize(
    "owner",
    [
        {"boot": "an earlier one"},
        {"born": "long ago"},  # its number was given to another process since
        {"process": 2**22 + 1},  # no process has a number as high
    ],
)
def test_an_owner_on_this_machine_that_has_ended_holds_nothing(
    owner: dict[str, Any], place: RunDirectory
) -> None:
    owned(place, **owner)
    assert not place.is_running()
    with place.lock():
        assert place.is_running()


def test_a_fresh_owner_on_another_machine_is_refused(place: RunDirectory) -> None:
    file = owned(place, 60, **ELSEWHERE)
    assert place.is_running()
    for refused in (place.lock().__enter__, lambda: runs.release(place.path)):
        with pytest.raises(UsageError) as error:
            refused()
        assert str(error.value) == "run is still running, in process 7 on node3."
    assert file.exists()


@pytest.mark.parametrize("owner", [ELSEWHERE, {"namespace": "pid:[1]", "process": 7}])
def test_a_stale_one_is_taken_over_when_the_user_says_so(
    owner: dict[str, Any], place: RunDirectory
) -> None:
    """A container has numbers of processes of its own, so it is another machine."""
    owned(place, 300, **owner)
    assert not place.is_running()
    host = owner.get("host", this_process().host)
    with pytest.raises(UsageError) as error, place.lock():
        pass
    assert str(error.value) == (
        f"run was still running, in process 7 on {host}, when that was last heard of, 5 min ago. "
        "If it has ended: gan train --resume run --take-over"
    )
    runs.release(place.path)
    with place.lock():
        pass


def test_a_file_that_is_just_being_written_is_new(place: RunDirectory) -> None:
    owned(place).write_text("")
    with pytest.raises(UsageError, match="in another machine"), place.lock():
        pass


def test_an_owner_gives_signs_of_life(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lock_file, "BEAT", 0.01)

    def wait_for(happens: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not happens():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    with place.lock():
        [file] = place.path.glob(".train.log*")
        first = json.loads(file.read_text())["beat"]
        wait_for(lambda: json.loads(file.read_text())["beat"] > first)
        file.unlink()
        taken = owned(place, **ELSEWHERE).read_text()
        wait_for(lambda: bool(caplog.messages))
    assert file.read_text() == taken, "the lock of who has taken it over is left"


HOLDER = """
import fcntl, sys, os
from pathlib import Path
def refuse(*_): raise OSError(38, "Function not implemented")
fcntl.flock = refuse
from gan_cli.locks import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    os.kill(os.getpid(), 9)
"""


def test_a_killed_process_is_in_nobodys_way(place: RunDirectory) -> None:
    place.log.touch()
    done = subprocess.run(
        [sys.executable, "-c", HOLDER, str(place.log)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "held\n"
    assert not place.is_running()
    with place.lock():
        pass


def test_what_waits_for_a_lock_goes_on_without(tmp_path: Path) -> None:
    with lock.wait_for(tmp_path):
        pass
