"""Members of a sweep in their run directories: held, named, and none holds up another."""

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra.core.hydra_config import HydraConfig
from omegaconf import open_dict

from gan_cli import config, runs
from gan_cli.composition import compose
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import job
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import prepare
from gan_cli.runs import STATUSES, RunDirectory
from gan_cli.sweep.groups import Group, divide
from gan_cli.sweep.members import (
    Member,
    hold,
    is_over,
    member_directory,
    relative,
    train_group,
)
from tests.sweep.conftest import VALUES, sgd

TEXTS = {"config.yaml": "k: 1\n", "hydra.yaml": "hydra: {}\n", "overrides.yaml": "[]\n"}
SHORT = {"steps": 4, "log_every": 2, "sample_every": 4, "checkpoints": {"every": 2}}


def member(number: int, **changes: Any) -> Member:
    values = VALUES | SHORT | {"seed": number} | changes
    texts = TEXTS | {"config.yaml": yaml.safe_dump(values)}
    return Member(prepare(config.load(values)), RunDirectory(Path("s") / str(number)), texts)


def train(members: list[Member], stop: StopRequest | None = None, mode: str = "vmap") -> Group:
    [group] = divide([each.prepared for each in members], mode, 64)
    train_group(members, group, Lines(), stop or StopRequest())
    return group


def statuses(members: list[Member]) -> list[str]:
    return [each.place.read_summary()["status"] for each in members]


def test_a_member_lies_below_the_sweep_by_its_number(empty: Path) -> None:
    with compose.hydra() as program:
        composed = compose.compose(program, [f"hydra.sweep.dir={empty}/s"])
    with open_dict(composed):
        composed.hydra.job.num = 7
    assert member_directory(composed) == Path("s/7")
    HydraConfig.instance().cfg = None


def test_a_path_is_told_from_where_the_user_stands(empty: Path) -> None:
    assert relative(empty / "a" / "b") == relative(Path("a/b")) == Path("a/b")
    assert relative(empty.parent / "other") == empty.parent / "other"


def test_a_diverged_member_is_over_too(empty: Path) -> None:
    place = RunDirectory(empty)
    assert not is_over(place)
    over = []
    for status in STATUSES:
        place.write_summary({"status": status})
        over += [status] if is_over(place) else []
    assert over == ["completed", "diverged"]
    place.summary.write_text("{")
    assert not is_over(place), "it is begun, and says itself what is wrong"


def test_a_new_member_is_given_its_settings_once_it_is_held(empty: Path) -> None:
    place = RunDirectory(Path("s/0"))
    with hold(place, TEXTS) as begun:
        assert not begun
        assert place.is_running()
        assert runs.is_run(place.path)
    place.write_summary({"status": "interrupted", "step": 5})
    with hold(place, TEXTS | {"config.yaml": "k: 2\n"}) as begun:
        assert begun
        assert place.config.read_text() == "k: 1\n", "one that has begun keeps its own"
        assert place.read_summary()["step"] == 5
    assert not place.is_running()


def test_members_in_lanes_end_like_members_alone(empty: Path, capsys: Any) -> None:
    lanes = [member(0), member(1)]
    assert train(lanes).form == "vmap"
    assert statuses(lanes) == ["completed", "completed"]
    shutil.move("s", "lanes")
    alone = [member(0)]
    assert train(alone).form is None
    names = [
        {path.name.partition(".1")[0] for path in Path(each).iterdir()}
        for each in ("lanes/0", "s/0")
    ]
    assert names[0] == names[1]


def test_a_member_that_is_held_elsewhere_does_not_hold_up_the_others(
    empty: Path, caplog: pytest.LogCaptureFixture
) -> None:
    members = [member(0), member(1), member(2)]
    with hold(members[1].place, members[1].settings):
        train(members)
        assert statuses(members) == ["completed", "running", "completed"]
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "s/1: s/1 is still running, in another process."
    ]
    assert not any(each.place.is_running() for each in members)


@pytest.mark.parametrize("count", [1, 2], ids=["alone", "in lanes"])
def test_a_member_that_another_process_has_completed_is_left_as_it_is(
    count: int, empty: Path
) -> None:
    """As where a job had to wait, and was made ready before it began."""
    members = [member(number) for number in range(count)]
    train(members)
    before = {path: path.stat().st_mtime_ns for path in Path("s").rglob("*") if path.is_file()}
    train(members)
    assert before == {
        path: path.stat().st_mtime_ns for path in Path("s").rglob("*") if path.is_file()
    }


def longer(number: int) -> Member:
    """A member with two steps more, as if it had been stopped where it ended."""
    found = member(number, steps=6)
    if found.place.summary.exists():
        found.place.write_summary(found.place.read_summary() | {"status": "interrupted"})
    return found


def test_a_member_with_damaged_checkpoints_does_not_hold_up_the_others(empty: Path) -> None:
    members = [member(0), member(1)]
    train(members)
    for step in (2, 4):
        shutil.rmtree(members[0].place.checkpoints / str(step) / "state")
    members = [longer(number) for number in (0, 1)]
    train(members)
    assert statuses(members) == ["failed", "completed"]
    assert "damaged" in members[0].place.read_summary()["reason"]
    assert members[1].place.read_summary()["step"] == 6


def test_members_at_different_steps_go_on_each_from_its_own(empty: Path) -> None:
    train([member(0), member(1)])
    shutil.rmtree("s/1/checkpoints/4")
    members = [longer(number) for number in (0, 1, 2)]
    train(members)
    assert statuses(members) == ["completed"] * 3
    assert [each.place.read_summary()["step"] for each in members] == [6, 6, 6]
    logged = [each.place.metrics.read_text().count("\n") for each in members]
    assert logged == [3, 3, 3]


def test_a_member_that_diverges_is_told_and_the_other_completes(
    empty: Path, caplog: pytest.LogCaptureFixture
) -> None:
    members = [member(0, optimizer=sgd(1e-3)), member(1, optimizer=sgd(1e30))]
    train(members)
    assert statuses(members) == ["completed", "diverged"]
    [warned] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned == f"s/1: {members[1].place.read_summary()['reason']}"


def test_the_time_of_a_lane_is_without_the_replays_of_others(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: Any) -> dict[str, Any]:
        time.sleep(1.0)
        return {"reason": "it broke", "diagnosis": {"try": "less"}}

    monkeypatch.setattr(job, "explained", slow)
    members = [member(0, optimizer=sgd(1e30)), member(1, optimizer=sgd(1e-3))]
    train(members)
    assert statuses(members) == ["diverged", "completed"]
    times = [each.place.read_summary()["wall_seconds"] for each in members]
    assert times[1] <= times[0], "its recorder was opened later"


def test_a_stopped_group_is_saved_and_ends_the_sweep(empty: Path) -> None:
    stop = StopRequest()
    stop.signal = 2
    members = [member(0), member(1)]
    with pytest.raises(Interrupted):
        train(members, stop)
    assert statuses(members) == ["interrupted", "interrupted"]
    train(members)
    assert statuses(members) == ["completed", "completed"]
