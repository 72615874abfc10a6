"""Members side by side: each as it is by itself, to the bit, and none holds up another."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
import yaml

from gan_cli import config, trained
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import job
from gan_cli.logs.board import LineBoard
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from gan_cli.sweep.members import Member, hold
from gan_cli.sweep.side_by_side import train_side_by_side
from tests.sweep.conftest import VALUES, sgd

SHORT = {"steps": 4, "log_every": 2, "sample_every": 4, "checkpoints": {"every": 2}}
WORKS: dict[str, dict[str, Any]] = {
    "mlp": {},
    "maxout": {
        "dataset": {"name": "digits"},
        "architecture": {"name": "maxout", "generator_widths": [16], "discriminator_units": [12]},
    },
    "dcgan": {
        "dataset": {"name": "digits"},
        "architecture": {"name": "dcgan", "filters": 4},
    },
}


def member(folder: str, number: int, **changes: Any) -> Member:
    values = VALUES | SHORT | {"seed": number} | changes
    texts = {"config.yaml": yaml.safe_dump(values), "overrides.yaml": "[]\n"}
    place = RunDirectory(Path(folder) / str(number))
    return Member(prepare(config.load(values)), place, texts)


def side_by_side(members: list[Member], devices: int = 2) -> None:
    """Trains on as many threads, which share the one device of the test process."""
    found = jax.local_devices(backend="cpu")[:1] * devices
    train_side_by_side(dict(enumerate(members)), found, LineBoard(), StopRequest())


def statuses(members: list[Member]) -> list[str]:
    return [each.place.read_summary()["status"] for each in members]


@pytest.mark.slow
def test_members_of_any_structure_are_what_they_are_alone(empty: Path) -> None:
    changes = [WORKS["mlp"], WORKS["mlp"] | {"k": 2}, WORKS["maxout"]]
    together = [member("s", n, **each) for n, each in enumerate(changes)]
    side_by_side(together)
    assert statuses(together) == ["completed"] * 3
    for number, each in enumerate(changes):
        alone = member("alone", number, **each)
        with hold(alone.place, alone.settings):
            job.train_run(alone.prepared, alone.place, Lines(), StopRequest())
        states = [trained.load(m.place).state for m in (together[number], alone)]
        jax.tree.map(np.testing.assert_array_equal, *states)


def test_a_member_that_fails_holds_up_no_other(
    empty: Path, caplog: pytest.LogCaptureFixture
) -> None:
    members = [member("s", 0), member("s", 1, optimizer=sgd(1e30)), member("s", 2), member("s", 3)]
    (empty / "s").mkdir()
    (empty / "s" / "2").write_text("in the way")
    with caplog.at_level(logging.WARNING):
        side_by_side(members)
    assert statuses([members[i] for i in (0, 1, 3)]) == ["completed", "diverged", "completed"]
    assert {record.getMessage().split(":")[0] for record in caplog.records} == {"s/1", "s/2"}


def test_a_member_that_another_process_has_completed_is_left_as_it_is(empty: Path) -> None:
    members = [member("s", number) for number in range(2)]
    for each in members:
        each.place.path.mkdir(parents=True)
        (each.place.path / ".hydra").mkdir()
        each.place.write_settings(each.settings)
        each.place.write_summary({"status": "completed", "step": 4})
    side_by_side(members)
    assert statuses(members) == ["completed"] * 2
    assert not any(each.place.metrics.exists() for each in members)


def test_each_has_a_log_of_its_own(empty: Path) -> None:
    members = [member("s", number) for number in range(3)]
    side_by_side(members)
    for number, each in enumerate(members):
        text = each.place.log.read_text(encoding="utf-8")
        assert text.count("gan_cli.job.open_run: training") == 1
        assert f"'run': 's/{number}'" in text
        assert "completed: step 4" in text


def test_a_request_to_stop_saves_all_that_had_begun(empty: Path) -> None:
    long = {"steps": 10**6, "checkpoints": {"every": 10**6}, "log_every": 100}
    members = [member("s", number, **long) for number in range(3)]
    stop = StopRequest()

    def ask() -> None:
        written = [each.place.metrics for each in members[:2]]
        while not all(path.is_file() and path.stat().st_size for path in written):
            time.sleep(0.05)
        stop.signal = signal.SIGINT

    asking = threading.Thread(target=ask)
    asking.start()
    devices = jax.local_devices(backend="cpu")[:1] * 2
    with pytest.raises(Interrupted):
        train_side_by_side(dict(enumerate(members)), devices, LineBoard(), stop)
    asking.join()
    assert statuses(members[:2]) == ["interrupted"] * 2
    assert not members[2].place.path.exists()
    for each in members[:2]:
        assert trained.load(each.place).step == each.place.read_summary()["step"] > 0


def test_lines_begin_with_the_number(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    side_by_side([member("s", number) for number in range(2)])
    lines = sorted(capsys.readouterr().out.splitlines())
    assert [line.split(" after ")[0] for line in lines] == [
        "#0 completed: step 4",
        "#1 completed: step 4",
    ]


CODE = """
import json, sys
import jax
jax.config.update("jax_num_cpu_devices", 2)
sys.path.insert(0, {root!r})
from tests.sweep.test_side_by_side import WORKS, member
from gan_cli.interrupts import StopRequest
from gan_cli.logs.board import LineBoard
from gan_cli.sweep.side_by_side import train_side_by_side
members = [member("s", n, **WORKS[name]) for n, name in enumerate({names!r})]
train_side_by_side(dict(enumerate(members)), jax.local_devices(), LineBoard(), StopRequest())
"""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("dcgan", marks=pytest.mark.slow),
        *(pytest.param(name, marks=pytest.mark.long) for name in ("mlp", "maxout")),
    ],
)
def test_devices_of_their_own_give_the_bits_of_a_run_alone(name: str, empty: Path) -> None:
    """In another process, whose CPU is two devices."""
    code = CODE.format(root=str(Path(__file__).parents[2]), names=[name] * 2)
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ, timeout=280)
    for number in range(2):
        alone = member("alone", number, **WORKS[name])
        with hold(alone.place, alone.settings):
            job.train_run(alone.prepared, alone.place, Lines(), StopRequest())
        beside = RunDirectory(empty / "s" / str(number))
        states = [trained.load(place).state for place in (beside, alone.place)]
        jax.tree.map(np.testing.assert_array_equal, *states)
        assert json.loads(beside.summary.read_text())["status"] == "completed"
