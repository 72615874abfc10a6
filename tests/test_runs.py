"""The run directory: its lock, its summary, and how runs are found."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gan_cli import runs
from gan_cli.errors import DataError, UsageError
from gan_cli.runs import RunDirectory

HOLDER = """
import sys
from pathlib import Path
from gan_cli.runs import RunDirectory
with RunDirectory(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(empty: Path) -> RunDirectory:
    (empty / "run").mkdir()
    return RunDirectory(Path("run"))


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
        assert str(error.value) == "run is still running, in another process."
        assert place.log.read_text() == ""
        process.kill()
        process.wait()
        assert not place.is_running()
        assert place.read_summary() == {"status": "interrupted", "step": 7}
        assert json.loads(place.summary.read_text())["status"] == "running"
        with place.lock():
            assert place.is_running()
    assert not place.is_running()


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


def test_only_running_becomes_interrupted(place: RunDirectory) -> None:
    for status in runs.STATUSES:
        place.write_summary({"status": status, "step": 3})
        expected = "interrupted" if status == "running" else status
        assert place.read_summary() == {"status": expected, "step": 3}


def test_a_run_without_a_summary_is_interrupted(place: RunDirectory) -> None:
    assert place.read_summary() == {"status": "interrupted"}


def test_a_damaged_summary_is_told(place: RunDirectory) -> None:
    for damage in (b"", b'{"status": "comp', b"\xff\xfe"):
        place.summary.write_bytes(damage)
        with pytest.raises(DataError) as error:
            place.read_summary()
        assert str(error.value) == (
            "run/summary.json is damaged. Delete it: gan train --resume run writes it anew."
        )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "line 1: expected the node content, but found '<stream end>'"),
        (b"5", "it is not a list"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
)
def test_damaged_overrides_are_told(place: RunDirectory, content: bytes, reason: str) -> None:
    place.overrides.parent.mkdir()
    place.overrides.write_bytes(content)
    with pytest.raises(DataError) as error:
        place.read_overrides()
    assert str(error.value) == (
        f"run/.hydra/overrides.yaml is damaged ({reason}). Put back a copy of it, or delete it."
    )


def test_the_command_that_goes_on_can_be_pasted() -> None:
    assert RunDirectory(Path("a/b")).resume_command == "gan train --resume a/b"
    assert RunDirectory(Path("my run")).resume_command == "gan train --resume 'my run'"


def test_a_summary_holds_no_number_that_json_does_not_know(place: RunDirectory) -> None:
    place.write_summary({"status": "completed", "metrics": {"loss/generator": "nan"}})
    before = place.summary.read_bytes()
    with pytest.raises(ValueError, match="not JSON compliant"):
        place.write_summary({"status": "completed", "wall_seconds": float("nan")})
    assert place.summary.read_bytes() == before
    assert [path.name for path in place.path.iterdir()] == ["summary.json"]


def test_whoever_reads_a_summary_finds_a_whole_one(place: RunDirectory) -> None:
    place.write_summary({"status": "completed", "step": 0, "filling": ""})
    done = threading.Event()

    def write() -> None:
        for step in range(300):
            filling = "x" * (step % 7 * 5000)
            place.write_summary({"status": "completed", "step": step, "filling": filling})
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    seen = set()
    while not done.is_set():
        summary = place.read_summary()
        assert len(summary["filling"]) == summary["step"] % 7 * 5000
        seen.add(summary["step"])
    writer.join()
    assert len(seen) > 1
    assert [path.name for path in place.path.iterdir()] == ["summary.json"]


def test_sample_pictures_sort_by_name_as_by_step(place: RunDirectory) -> None:
    place.samples.mkdir()
    steps = [5, 1000, 20_000, 123_456_789, 2_000_000_000]
    assert place.sample(1000) == Path("run/samples/step_00001000.png")
    for step in reversed(steps):
        place.sample(step).touch()
    (place.samples / ".step_00000007.png.tmp").touch()
    assert place.sample_steps() == steps
    assert RunDirectory(Path("none")).sample_steps() == []


def test_overrides_are_read_as_texts(place: RunDirectory) -> None:
    assert place.read_overrides() == []
    place.overrides.parent.mkdir()
    place.overrides.write_text("- k=5\n- dataset=ring\n- 'a: b'\n- 7\n")
    assert place.read_overrides() == ["k=5", "dataset=ring", "a: b", "7"]
    place.overrides.write_text("[]\n")
    assert place.read_overrides() == []


Make = Callable[..., Path]


@pytest.fixture
def make(empty: Path) -> Make:
    """Makes run directories, each newer than the one before."""
    made: list[Path] = []

    def run(name: str) -> Path:
        config = Path(name) / ".hydra" / "config.yaml"
        config.parent.mkdir(parents=True)
        config.touch()
        made.append(config)
        os.utime(config, ns=(10**18, 10**18 + len(made)))
        return Path(name)

    return run


def test_runs_are_found_oldest_first(make: Make) -> None:
    names = ["outputs/b/2", "outputs/a/1", "outputs/sweeps/x/10", "outputs/sweeps/x/9"]
    made = [make(name) for name in names]
    Path("outputs/sweeps/x/8/.hydra").mkdir(parents=True)
    assert runs.find(Path("outputs")) == made
    assert runs.find(Path("outputs/sweeps")) == made[2:]
    assert runs.find(Path("outputs/a/1")) == [Path("outputs/a/1")]
    assert runs.resolve("latest").path == Path("outputs/sweeps/x/9")
    assert runs.resolve("outputs/b/2").path == Path("outputs/b/2")
    assert runs.is_run(made[0])
    assert not runs.is_run(Path("outputs"))


def test_there_may_be_no_latest_run(empty: Path) -> None:
    expected = re.escape(f"there is no run under {empty}/outputs yet. Start one: gan train")
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.resolve("latest")
    Path("outputs").mkdir()
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.resolve("latest")


def test_what_is_no_run_is_told(empty: Path) -> None:
    with pytest.raises(UsageError) as error:
        runs.resolve("outputs/none")
    assert str(error.value) == (
        "outputs/none: no such run directory. 'gan runs' lists the runs there are."
    )
    Path("folder").mkdir()
    with pytest.raises(UsageError) as error:
        runs.resolve("folder")
    assert str(error.value) == "folder is not a run directory: it has no .hydra/config.yaml."
