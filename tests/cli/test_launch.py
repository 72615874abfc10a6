"""How a sweep begins and ends: what is said of its members, whatever became of their files."""

import re
from pathlib import Path

import pytest
import typer
from omegaconf import OmegaConf

from gan_cli import config
from gan_cli.cli import checking, launch
from gan_cli.composition.requested import Command as Composed
from gan_cli.composition.requested import Member
from gan_cli.errors import UsageError
from gan_cli.logs import waiting
from gan_cli.preflight import lanes, memory, room
from gan_cli.prepared import prepare
from gan_cli.runs import RunDirectory
from tests.conftest import Command
from tests.values import SMALL


def test_a_damaged_summary_counts_as_failed_and_hides_no_other_member(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for member in "01":
        (empty / "s" / member).mkdir(parents=True)
        place = RunDirectory(Path("s") / member)
        place.write_settings({"config.yaml": "k: 1\n"})
        place.write_summary({"status": "completed"})
    Path("s/0/summary.json").write_text("{")
    with pytest.raises(typer.Exit) as end:
        launch.finish_sweep(Path("s"), 3)
    assert end.value.exit_code == 1
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "sweep: 1 completed, 1 failed, 1 not begun"
    assert err == (
        "gan: s/0/summary.json is damaged. Delete it: gan train --resume s/0 writes it anew.\n"
    )


def test_a_sweep_whose_settings_have_one_value_each_is_noted(
    gan: Command, tiny: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "sweep", lambda *_: None)
    noted = "A sweep of one run: no setting has several values, as in k=1,5.\n"
    assert gan("train", "-m", *tiny, "seed=3") == (0, noted, "")
    assert gan("train", "-m", *tiny, "seed=3,4") == (0, "", "")


def test_it_is_said_whose_data_is_odd() -> None:
    members = [Member([f"dataset={name}"], OmegaConf.create()) for name in "abc"]
    command = Composed(members, OmegaConf.create())
    few, range_ = {"judging": "none."}, {"range": "0 to 1."}
    assert launch.remarks_of(command, [few, few, few]) == ["judging  none."]
    assert launch.remarks_of(command, [few | range_, {}, few]) == [
        "member 0 (dataset=a) and 1 more: judging  none.",
        "member 0 (dataset=a): range  0 to 1.",
    ]


def test_a_large_sweep_gives_signs_of_life_while_it_is_composed(
    gan: Command, tiny: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "EVERY", 0.02)
    status, out, err = gan("train", "-m", *tiny, "seed=range(9)", "--dry-run")
    assert (status, out.count("\nobjective ")) == (0, 9)
    assert re.search(r"^gan train: .* s, \d of 9 members are composed$", err, re.MULTILINE)


def test_jobs_of_several_members_have_their_lanes_here_or_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Memory is asked of this machine where jobs are processes on it, and not for Slurm's."""
    prepared = [prepare(config.load(SMALL | {"device": "cpu", "seed": seed})) for seed in range(3)]
    base = OmegaConf.create(
        {
            "members_per_job": 2,
            "hydra": {
                "launcher": {"_target_": "engine.JoblibLauncher"},
                "sweeper": {"_target_": "hydra.BasicSweeper"},
            },
        }
    )
    found = checking.groups_of(base, prepared)
    assert [(group.numbers, group.form) for group in found] == [([0, 1], "vmap"), ([2], "vmap")]
    monkeypatch.setattr(room, "memory", lambda device: 2**12)
    with pytest.raises(UsageError, match=r"^2 lanes of one program take at least .* Set "):
        lanes.refuse_hopeless(prepared, found, checking.lanes_key(base))
    a_lane = memory.least(prepared[0]).total
    monkeypatch.setattr(room, "memory", lambda device: 2 * a_lane - 1)
    with pytest.raises(UsageError, match=r" Set members_per_job=1\.$"):
        lanes.refuse_hopeless(prepared, found, checking.lanes_key(base))
    base.members_per_job = 1
    assert checking.groups_of(base, prepared) == []
    base.members_per_job = 2
    base.hydra.launcher._target_ = "engine.SlurmLauncher"
    assert checking.groups_of(base, prepared) == []
