"""`gan runs`: what tells runs apart and how they stand."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli.runs import RunDirectory, mark

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]

ALL = "dataset=ring", "steps=20"


def make(folder: Path, status: str, step: int, own: list[str], **losses: float | str) -> None:
    """A run directory as a training leaves it; the later made, the newer."""
    (folder / ".hydra").mkdir(parents=True)
    (folder / ".hydra" / "config.yaml").write_text("k: 1\n")
    (folder / ".hydra" / mark.NAME).touch()
    made = len(list(folder.parent.iterdir()))
    os.utime(folder / ".hydra" / "config.yaml", (made, made))
    (folder / ".hydra" / "overrides.yaml").write_text(json.dumps([*ALL, *own]))
    metrics = {f"loss/{player}": value for player, value in losses.items()}
    summary = {"status": status, "step": step, "metrics": metrics}
    (folder / "summary.json").write_text(json.dumps(summary))
    (folder / "train.log").touch()


@pytest.fixture
def some(empty: Path) -> Path:
    """Four runs below `outputs/day`, the third of them killed."""
    day = empty / "outputs" / "day"
    make(day / "b", "completed", 20, ["k=5"], generator=1.5, discriminator=0.25)
    make(day / "a", "diverged", 7, ["k=1", "objective=wgan"], generator="nan", discriminator=3.0)
    make(day / "d", "running", 1000, ["k=1"], generator=0.5, discriminator=0.75)
    make(day / "c", "failed", 0, [])
    return Path("outputs")


def test_the_table(gan: Command, some: Path) -> None:
    status, out, err = gan("runs")
    assert (status, err) == (0, "")
    lines = [line.rstrip() for line in out.splitlines()]
    assert [line.split() for line in lines] == [
        ["loss/", "loss/"],
        ["run", "status", "step", "configuration", "discriminator", "generator"],
        ["day/b", "completed", "20", "k=5", "0.25", "1.5"],
        ["day/a", "diverged", "7", "k=1", "objective=wgan", "3", "nan"],
        ["day/d", "interrupted", "1,000", "k=1", "0.75", "0.5"],
        ["day/c", "failed", "0"],
        ["all:", "dataset=ring", "steps=20"],
    ]


def test_a_run_that_a_process_holds_is_running(gan: Command, some: Path) -> None:
    with RunDirectory(some / "day" / "d").lock():
        listed = json.loads(gan("runs", "--json").out)
    assert [row["status"] for row in listed] == ["completed", "diverged", "running", "failed"]


def test_json_is_one_document_of_five_keys(gan: Command, some: Path) -> None:
    status, out, err = gan("runs", "--json")
    assert (status, err) == (0, "")
    listed = json.loads(out)
    assert [list(row) for row in listed] == [["path", "status", "step", "overrides", "metrics"]] * 4
    assert listed[1] == {
        "path": "outputs/day/a",
        "status": "diverged",
        "step": 7,
        "overrides": [*ALL, "k=1", "objective=wgan"],
        "metrics": {"loss/generator": "nan", "loss/discriminator": 3.0},
    }


def test_a_real_run_is_listed(gan: Command, run: Path, tiny: tuple[str, ...]) -> None:
    [row] = json.loads(gan("runs", ".", "--json").out)
    assert (row["path"], row["status"], row["step"]) == ("run", "completed", 20)
    assert row["overrides"] == list(tiny)
    assert row["metrics"] == json.loads((run / "summary.json").read_text())["metrics"]
    table = gan("runs", ".").out
    assert "divergence/" in table.splitlines()[0]
    assert "all:" not in table


@pytest.mark.parametrize(
    ("key", "order"),
    [
        ("path", "abcd"),
        ("step", "cabd"),
        ("status", "bacd"),
        ("loss/generator", "dbac"),
        ("loss/discriminator", "bdac"),
    ],
)
def test_sort(key: str, order: str, gan: Command, some: Path) -> None:
    listed = json.loads(gan("runs", "--sort", key, "--json").out)
    assert "".join(Path(row["path"]).name for row in listed) == order


def test_an_unknown_key_to_sort_by(gan: Command, some: Path) -> None:
    assert gan("runs", "--sort", "loss/gen") == (
        2,
        "",
        "gan: --sort loss/gen: no run has it. Did you mean 'loss/generator'? "
        "Valid: loss/discriminator, loss/generator, path, status, step.\n",
    )


def test_one_run_alone_and_a_run_as_the_root(gan: Command, some: Path) -> None:
    [row] = json.loads(gan("runs", "outputs/day/b", "--json").out)
    assert row["path"] == "outputs/day/b"
    shown = gan("runs", "outputs/day/b").out.splitlines()[-1].split()
    assert " ".join(shown) == "outputs/day/b completed 20 dataset=ring steps=20 k=5 0.25 1.5"


def test_a_folder_without_runs(gan: Command, empty: Path) -> None:
    (empty / "outputs").mkdir()
    assert gan("runs") == (0, "There is no run under outputs yet. Start one: gan train\n", "")
    assert gan("runs", "--json") == (0, "[]\n", "")


@pytest.mark.parametrize("root", ["outputs", "nowhere"])
def test_a_folder_that_is_not_there(root: str, gan: Command, files: Files) -> None:
    assert gan("runs", root) == (
        2,
        "",
        f"gan: {root}: no such folder. Runs are written under outputs/ by gan train.\n",
    )
    assert files() == {}


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            ".hydra/overrides.yaml",
            "is damaged (line 1: expected the node content, but found '<stream end>'). Put back a "
            "copy of it, or delete it.",
        ),
        (
            "summary.json",
            "is damaged. Delete it: gan train --resume outputs/day/a writes it anew.",
        ),
    ],
)
def test_a_damaged_run_is_named_and_hides_no_other(
    gan: Command, some: Path, file: str, said: str
) -> None:
    (some / "day" / "a" / file).write_text("{")
    status, out, err = gan("runs", "--json")
    assert (status, err) == (4, f"gan: outputs/day/a/{file} {said}\n")
    found = {row["path"]: row["status"] for row in json.loads(out)}
    assert found.pop("outputs/day/a") == "damaged"
    assert found
    assert "damaged" not in found.values()


def test_damage_of_one_run_leaves_the_rest_of_the_table(gan: Command, some: Path) -> None:
    (some / "day" / "a" / "summary.json").write_text("{")
    (some / "day" / "b" / "evaluation").mkdir()
    (some / "day" / "b" / "evaluation" / "20.json").write_text("[]")
    status, out, err = gan("runs")
    lines = [line.split() for line in out.splitlines()]
    assert ["day/b", "completed", "20", "k=5", "0.25", "1.5"] in lines
    assert ["day/a", "damaged", "0"] in lines
    assert lines[-1] == ["all:", "dataset=ring", "steps=20"], "what the others share"
    assert status == 4
    assert err.splitlines()[0] == (
        "gan: outputs/day/b/evaluation/20.json is damaged. gan evaluate writes it anew."
    )


def test_what_can_be_trusted_comes_first(gan: Command, some: Path) -> None:
    folder = some / "day" / "b" / "evaluation"
    folder.mkdir()
    (folder / "20.json").write_text(json.dumps({"modes": {"captured_fairly": 3.0}}))
    head = gan("runs").out.splitlines()[:2]
    assert head[0].split() == ["modes/", "loss/", "loss/"]
    assert head[1].split()[-3:] == ["captured_fairly", "discriminator", "generator"]
    first, *_ = json.loads(gan("runs", "--sort", "modes/captured_fairly", "--json").out)
    assert first["metrics"]["modes/captured_fairly"] == 3


def test_a_run_killed_before_its_first_summary(gan: Command, some: Path) -> None:
    (some / "day" / "b" / "summary.json").unlink()
    [row] = json.loads(gan("runs", "outputs/day/b", "--json").out)
    assert (row["status"], row["step"], row["metrics"]) == ("interrupted", 0, {})
