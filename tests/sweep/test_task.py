"""What Hydra calls for a member: it scores it, and what went wrong is in the member's summary."""

import json
import math
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hydra._internal.hydra import Hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf, open_dict

from gan_cli import config, saved_config
from gan_cli.composition import compose, hydra_tasks, requested
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.sweep.task import MemberTask, score

TINY = (
    *("dataset=ring", "architecture.latent=3", "architecture.generator_widths=[8]"),
    *("architecture.discriminator_widths=[8]", "batch_size=16", "samples=4", "steps=4"),
    *("log_every=2", "sample_every=4", "checkpoints.every=4"),
)


@pytest.fixture
def program(empty: Path) -> Iterator[Hydra]:
    with compose.hydra() as made:
        yield made
    HydraConfig.instance().cfg = None


def members(program: Hydra, *lines: str) -> list[DictConfig]:
    """The members of a sweep in `s`, as a launcher composes them."""
    found = []
    command = requested.read(program, [*TINY, *lines, "hydra.sweep.dir=s"], multirun=True)
    for number, member in enumerate(command.members):
        with open_dict(member.config):
            member.config.hydra.job.id = member.config.hydra.job.num = number
        found.append(member.config)
    return found


def call(task: MemberTask, member: DictConfig) -> float:
    """Calls a task as Hydra does: its own part is in HydraConfig, the rest is handed over."""
    HydraConfig.instance().set_config(member)
    rest = OmegaConf.masked_copy(member, [str(key) for key in member if key != "hydra"])
    return task(rest)


def ready(member: DictConfig) -> Prepared:
    return prepare(config.load(compose.plain(member)))


def summary(number: int) -> dict[str, Any]:
    return dict(json.loads(Path(f"s/{number}/summary.json").read_text()))


def test_a_pickled_task_leaves_behind_what_belongs_to_this_process(program: Hydra) -> None:
    [member] = members(program)
    task = MemberTask(["math"], {0: ready(member)}, StopRequest())
    there = pickle.loads(pickle.dumps(task))
    assert type(there) is MemberTask
    assert (there.modules, there.prepared, there.stop) == (["math"], None, None)


def test_a_member_is_trained_and_scored(program: Hydra, capsys: Any) -> None:
    member = members(program, "seed=5", "optimized_metric=loss/discriminator")[0]
    found = call(MemberTask([], {0: ready(member)}, StopRequest()), member)
    assert (summary(0)["status"], summary(0)["seed"]) == ("completed", 5)
    assert found == summary(0)["metrics"]["loss/discriminator"]
    run = RunDirectory(Path("s/0"))
    assert saved_config.load_run(run.path) == config.load(compose.plain(member))
    assert run.read_overrides() == [*TINY, "seed=5", "optimized_metric=loss/discriminator"]
    assert not run.is_running()


def test_a_member_in_another_process_is_loaded_there(program: Hydra) -> None:
    """And one that is over is left as it is."""
    [member] = members(program)
    task = pickle.loads(pickle.dumps(MemberTask([], {0: ready(member)}, StopRequest())))
    found = call(task, member)
    assert found == summary(0)["metrics"]["loss/generator"]
    before = {path: path.stat().st_mtime_ns for path in Path("s").rglob("*")}
    assert call(task, member) == found
    assert before == {path: path.stat().st_mtime_ns for path in Path("s").rglob("*")}


def test_a_member_without_a_part_is_scored_and_not_trained(program: Hydra) -> None:
    """A resumed sweep prepares only what is missing."""
    [member] = members(program)
    task = MemberTask([], {}, StopRequest())
    assert math.isnan(call(task, member))
    assert not Path("s/0/summary.json").exists()


@pytest.mark.parametrize("handed_over", [True, False])
def test_a_failure_is_in_the_summary_and_the_score_is_nan(
    handed_over: bool, program: Hydra, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it fails in the training or, in another process, while it is made ready."""
    [member] = members(program, *([] if handed_over else ["dataset=digits", "batch_size=5000"]))
    task = MemberTask([], {0: ready(member)}, StopRequest()) if handed_over else MemberTask([])
    if handed_over:
        Path("s/0/metrics.jsonl").mkdir(parents=True)  # nothing can be logged
        (Path("s/0") / "metrics.jsonl" / "in the way").touch()
        Path("s/0/.hydra").mkdir()
        for name, text in hydra_tasks.settings(member, member, Path("s/0")).items():
            (Path("s/0/.hydra") / name).write_text(text)
    assert math.isnan(call(task, member))
    reason = summary(0)["reason"]
    assert summary(0)["status"] == "failed"
    unlogged = "s/0/metrics.jsonl cannot be read: Is a directory."
    told = unlogged if handed_over else "batch_size=5000: dataset 'digits' has only"
    assert reason.startswith(told)
    [warned] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warned.startswith("s/0: ")
    assert not RunDirectory(Path("s/0")).is_running()


def test_a_member_that_cannot_be_loaded_fails_alone(program: Hydra) -> None:
    """In another process, where nobody has checked it before."""
    first, second = members(program, "batch_size=0,16")
    task = MemberTask([])
    assert math.isnan(call(task, first))
    assert call(task, second) == summary(1)["metrics"]["loss/generator"]
    assert summary(0)["reason"] == "batch_size=0: must be at least 1."
    assert Path("s/0/.hydra/config.yaml").is_file()


def test_a_request_to_stop_ends_the_sweep(program: Hydra) -> None:
    [member] = members(program)
    stop = StopRequest()
    stop.signal = 2
    with pytest.raises(Interrupted):
        call(MemberTask([], {0: ready(member)}, stop), member)
    assert summary(0)["status"] == "interrupted"


def test_members_that_share_a_program_are_scored_each_in_its_turn(program: Hydra) -> None:
    both = members(program, "seed=1,2")
    task = MemberTask([], {n: ready(member) for n, member in enumerate(both)}, StopRequest())
    turns = task.together(both, "vmap", 8)
    scores = [turn(member) for turn, member in zip(turns, both, strict=True)]
    assert scores == [summary(n)["metrics"]["loss/generator"] for n in (0, 1)]
    assert scores[0] != scores[1]


def test_of_a_resumed_sweep_only_what_is_missing_is_trained(program: Hydra) -> None:
    both = members(program, "seed=1,2")
    task = MemberTask([], {1: ready(both[1])}, StopRequest())
    first, second = task.together(both, "vmap", 8)
    assert not Path("s/0").exists()
    assert math.isnan(first(both[0]))
    assert second(both[1]) == summary(1)["metrics"]["loss/generator"]


def test_together_too_a_member_that_does_not_fit_fails_alone(program: Hydra) -> None:
    """Where a sweeper searches, nobody has checked the members before."""
    first, second = members(program, "batch_size=0,16")
    turns = MemberTask([]).together([first, second], "vmap", 8)
    scores = [turn(member) for turn, member in zip(turns, (first, second), strict=True)]
    assert math.isnan(scores[0])
    assert scores[1] == summary(1)["metrics"]["loss/generator"]
    assert summary(0)["status"] == "failed"


@pytest.mark.parametrize(("cores", "used"), [(0, ["a", "b", "c"]), (2, ["a", "b"])])
def test_no_more_members_train_side_by_side_than_cores_were_asked_for(
    cores: int, used: list[str], program: Hydra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where JAX_NUM_CPU_DEVICES, which the launcher leaves as it is, says more."""
    seen: list[str] = []
    [member] = members(program)
    prepared = {0: ready(member)}
    monkeypatch.setattr("gan_cli.sweep.training.jax.local_devices", lambda backend: ["a", "b", "c"])
    monkeypatch.setattr(
        "gan_cli.sweep.training.train_side_by_side",
        lambda members, devices, *_: seen.extend(devices),
    )
    MemberTask([], prepared).together([member], "side_by_side", 8, cores)
    assert seen == used


@pytest.mark.parametrize("status", ["running", "interrupted", "diverged", "failed"])
def test_only_a_completed_member_has_a_score(status: Any, program: Hydra) -> None:
    [member] = members(program)
    place = RunDirectory(Path("s"))
    place.path.mkdir()
    place.write_summary({"status": status, "metrics": {"loss/generator": 0.5}})
    assert math.isnan(score(member, place))
    place.write_summary({"status": "completed", "metrics": {"loss/generator": 0.5}})
    assert score(member, place) == 0.5
