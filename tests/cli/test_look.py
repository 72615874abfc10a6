"""`gan look`: TensorBoard over runs that are named by what differs."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gan_cli.cli.looking import as_folder
from gan_cli.cli.run_names import names
from gan_cli.comparison.run import Run
from gan_cli.logs import viewer
from gan_cli.runs import mark
from tests.processes import left_of

Begin = Callable[..., "subprocess.Popen[str]"]
Command = Callable[..., Any]


def run(path: str, seed: int = 0, /, **settings: Any) -> Run:
    return Run(Path(path), seed, settings | {"seed": seed}, {}, {}, [])


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([run("a", k=1), run("b", k=5)], ["k=1", "k=5"]),
        ([run("a", 3, k=1), run("b", 4, k=1)], ["seed=3", "seed=4"]),
        ([run("a", 3, k=1), run("b", 4, k=5)], ["k=1", "k=5"]),
        (
            [run("a", 3, k=1), run("b", 4, k=1), run("c", 3, k=5)],
            ["k=1 seed=3", "k=1 seed=4", "k=5 seed=3"],
        ),
        ([run("a", x="\x1b[2J\nb"), run("b", x="c")], [r"x=\x1b[2J b", "x=c"]),
        ([run("a", path="/tmp/x.npy"), run("b", path="y")], ["path=.tmp.x.npy", "path=y"]),
    ],
)
def test_a_run_is_named_by_what_tells_it_apart(runs: list[Run], expected: list[str]) -> None:
    assert names(runs, as_folder) == expected


def test_a_path_is_told_as_it_is_where_it_need_not_be_the_name_of_a_folder() -> None:
    assert names([run("a", path="/x.npy"), run("b", path="y")]) == ["path=/x.npy", "path=y"]


def test_equal_runs_are_named_by_when_they_started(empty: Path) -> None:
    """Those of one second get a number, and no name is longer than a person would read."""
    for name, minute in {"a": 14, "b": 15, "c": 15, "d": 14, "e": 14}.items():
        (empty / name / ".hydra").mkdir(parents=True)
        start = datetime(2026, 11, 27, 18, minute, 58).astimezone(UTC)
        (empty / name / ".hydra" / mark.NAME).write_text(f"gan 1\nstarted {start.isoformat()}\n")
    first, second = "2026-11-27 18-14-58", "2026-11-27 18-15-58"
    assert names([run("a", k=1)]) == [first]
    assert names([run(name, k=1) for name in "abc"]) == [first, f"{second} (1)", f"{second} (2)"]
    alike = [run("a", k=1), run("b", k=1), run("d", k=2)]
    assert names(alike) == [f"k=1 {first}", f"k=1 {second}", "k=2"]
    long = [run(name, path=f"{name}/{'x' * 300}", k=k) for k, name in enumerate("de")]
    assert all(len(name) <= 110 for name in names(long))
    assert len({*names(long)}) == 2


def test_tensorboard_sees_the_runs_under_their_names(
    gan: Command, ring: Path, digits: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Path] = {}

    def show(words: list[str]) -> int:
        assert words[-2:] == ["--port", "7000"]
        folder = Path(words[words.index("--logdir") + 1])
        seen.update({link.name: link.resolve() for link in folder.iterdir()})
        assert all(list(link.glob("events.out.tfevents.*")) for link in folder.iterdir())
        return 0

    monkeypatch.setattr(viewer, "show", show)
    status, out, err = gan("look", str(ring), str(digits), "--port", "7000")
    assert (status, err) == (0, "")
    assert set(seen.values()) == {ring.resolve(), digits.resolve()}
    assert {"dataset=ring", "dataset=digits"} == set(seen)
    assert out.count("dataset=") == 2


@pytest.mark.parametrize(
    ("number", "status"),
    [
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.faults),
        pytest.param(signal.SIGKILL, -9, marks=pytest.mark.faults),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.faults_long),
        pytest.param(signal.SIGINT, 0, marks=pytest.mark.faults_long),
    ],
)
def test_tensorboard_ends_with_the_command(
    number: signal.Signals, status: int, begin: Begin, run: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    process = begin("look", str(run), "--port", str(port))
    while not answers(port):
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in err) == (status, False)
    assert left_of(process) == []
    assert not answers(port)


def answers(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("localhost", port)) == 0
