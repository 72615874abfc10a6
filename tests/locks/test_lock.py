"""The lock on a run, which ends with its process, and the status that is told from it."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gan_cli.errors import UsageError
from gan_cli.locks import lock
from gan_cli.runs import RunDirectory

HOLDER = """
import sys
from pathlib import Path
from gan_cli.runs import RunDirectory
with RunDirectory(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(place: RunDirectory) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the run."""
    command = [sys.executable, "-c", HOLDER, str(place.path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_run_that_another_process_holds_is_refused_until_that_is_killed(
    place: RunDirectory,
) -> None:
    assert not place.is_running()
    with held(place) as process:
        assert place.is_running()
        place.write_summary({"status": "running", "step": 7})
        assert place.read_summary() == {"status": "running", "step": 7}
        with pytest.raises(UsageError) as error, place.lock():
            pass
        n = process.pid
        told = f"run is still running, in process {n}. To save and end it: kill {n}"
        assert str(error.value) == told
        with pytest.raises(UsageError, match=told):
            place.refuse_running()
        assert place.log.read_text() == ""
        process.kill()
        process.wait()
        assert not place.is_running()
        assert place.read_summary() == {"status": "interrupted", "step": 7}
        assert json.loads(place.summary.read_text())["status"] == "running"
        with place.lock():
            assert place.is_running()
    assert not place.is_running()


def test_a_process_that_the_system_does_not_tell_of(
    place: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other systems than Linux have no such table, and one may hold locks of other files alone."""
    place.log.touch()
    with held(place) as process:
        assert lock.holder(place.log).process == process.pid
        for table in ("", f"1: FLOCK  ADVISORY  WRITE {process.pid} fe:00:1 0 EOF\n"):
            (place.path / "locks").write_text(table)
            monkeypatch.setattr(lock, "LOCKS", place.path / "locks")
            assert lock.holder(place.log).who == "another process"
        monkeypatch.setattr(lock, "LOCKS", place.path / "none")
        assert lock.holder(place.log).who == "another process"


def test_the_lock_is_let_go_when_its_body_fails(place: RunDirectory) -> None:
    with pytest.raises(ZeroDivisionError), place.lock():
        _ = 1 / 0
    assert not place.is_running()
    with place.lock():
        pass


def test_the_lock_leaves_the_log_as_it_is(place: RunDirectory) -> None:
    place.log.write_text("a line\n")
    with place.lock():
        pass
    assert place.log.read_text() == "a line\n"


def test_a_folder_can_be_held_and_only_once(tmp_path: Path) -> None:
    """Even this process cannot hold it a second time."""
    assert not lock.is_held(tmp_path / "none")
    with lock.hold(tmp_path):
        assert lock.is_held(tmp_path)
        with pytest.raises(lock.HeldElsewhere), lock.hold(tmp_path):
            pass
        assert lock.is_held(tmp_path), "a refused second holder leaves the first one's lock"
    assert not lock.is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_looking_never_refuses_an_owner(tmp_path: Path) -> None:
    """Though whoever looks holds the lock for that moment."""
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            lock.is_held(tmp_path)

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(50):
            with lock.hold(tmp_path):
                pass
    finally:
        done.set()
        looking.join()
