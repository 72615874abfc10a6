"""`gan runs`: what tells runs apart and how they stand."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gan_cli.runs import RunDirectory, mark
from gan_cli.runs.deletion import size

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

    def room(name: str) -> tuple[str, str]:
        return str(size(some / "day" / name)), "bytes"

    assert [line.split() for line in lines] == [
        ["loss/", "loss/"],
        ["run", "status", "step", "size", "configuration", "discriminator", "generator"],
        ["day/b", "completed", "20", *room("b"), "k=5", "0.25", "1.5"],
        ["day/a", "diverged", "7", *room("a"), "k=1", "objective=wgan", "3", "nan"],
        ["day/d", "interrupted", "1,000", *room("d"), "k=1", "0.75", "0.5"],
        ["day/c", "failed", "0", *room("c")],
        ["all:", "dataset=ring", "steps=20"],
        ["4", "runs,", f"{sum(map(size, (some / 'day').iterdir()))}", "bytes"],
    ]


def test_a_run_that_a_process_holds_is_running(gan: Command, some: Path) -> None:
    with RunDirectory(some / "day" / "d").lock():
        listed = json.loads(gan("runs", "--json").out)
    assert [row["status"] for row in listed] == ["completed", "diverged", "running", "failed"]


def test_json_is_one_document_of_seven_keys(gan: Command, some: Path) -> None:
    status, out, err = gan("runs", "--json")
    assert (status, err) == (0, "")
    listed = json.loads(out)
    keys = ["path", "status", "step", "bytes", "ended", "overrides", "metrics"]
    assert [list(row) for row in listed] == [keys] * 4
    assert listed[1].pop("bytes") == size(some / "day" / "a")
    assert listed[1].pop("ended") == (some / "day" / "a" / "summary.json").stat().st_mtime
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


def test_a_folder_that_may_not_be_read(
    gan: Command, some: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert gan("runs") == (2, "", "gan: outputs cannot be read: Permission denied.\n")


def test_an_unknown_key_to_sort_by(gan: Command, some: Path) -> None:
    assert gan("runs", "--sort", "loss/gen") == (
        2,
        "",
        "gan: --sort loss/gen: no run has it. Did you mean 'loss/generator'? "
        "Valid: bytes, ended, loss/discriminator, loss/generator, path, status, step.\n",
    )


def test_one_run_alone_and_a_run_as_the_root(gan: Command, some: Path) -> None:
    [row] = json.loads(gan("runs", "outputs/day/b", "--json").out)
    assert row["path"] == "outputs/day/b"
    shown = gan("runs", "outputs/day/b").out.splitlines()[-2].split()
    shown[3] = "N"
    assert " ".join(shown) == (
        "outputs/day/b completed 20 N bytes dataset=ring steps=20 k=5 0.25 1.5"
    )


def test_a_folder_without_runs(gan: Command, empty: Path) -> None:
    (empty / "outputs").mkdir()
    assert gan("runs") == (0, "There is no run under outputs yet. Start one: gan train\n", "")
    assert gan("runs", "--json") == (0, "[]\n", "")


def test_a_condition_in_the_place_of_a_folder(gan: Command) -> None:
    told = "k<=5: no such folder. A condition is an option of its own: --where 'k<=5'"
    assert gan("runs", "--where", "seed=1", "k<=5") == (2, "", f"gan: {told}\n")


@pytest.mark.parametrize("root", ["outputs", "nowhere"])
def test_a_folder_that_is_not_there(root: str, gan: Command, files: Files) -> None:
    assert gan("runs", root) == (
        2,
        "",
        f"gan: {root}: no such folder. Runs are written under outputs/ by gan train.\n",
    )
    assert files() == {}


@pytest.mark.parametrize("root", ["outputs", "outputs/day"])
def test_a_file_in_the_place_of_the_folder(root: str, gan: Command, empty: Path) -> None:
    (empty / "outputs").touch()
    assert gan("runs", root) == (
        2,
        "",
        "gan: outputs is not a folder. Runs are written under outputs/ by gan train.\n",
    )


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
    assert ["day/b", "completed", "20", "k=5", "0.25", "1.5"] in [[*w[:3], *w[5:]] for w in lines]
    assert ["day/a", "damaged", "0"] in [line[:3] for line in lines]
    assert lines[-2] == ["all:", "dataset=ring", "steps=20"], "what the others share"
    assert status == 4
    assert err.splitlines()[0] == (
        "gan: outputs/day/b/evaluation/20.json is damaged. "
        "Delete it, and judge the run anew: gan evaluate outputs/day/b"
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


def test_an_estimate_stands_beside_the_truth_and_one_below_zero_is_explained(
    gan: Command, some: Path
) -> None:
    path = some / "day" / "b" / "summary.json"
    summary = json.loads(path.read_text())
    summary["metrics"] = {"divergence/total_variation": -0.25, "truth/total_variation": 0.5}
    path.write_text(json.dumps(summary))
    status, out, _ = gan("runs")
    assert status == 0
    assert next(line for line in out.splitlines() if "-0.25*" in line).split()[-2:] == [
        "0.5",
        "-0.25*",
    ]
    assert "\n* below 0, which no divergence is: there D does worse than one that " in out


def test_a_truth_that_is_a_lower_bound_says_at_least_and_one_at_its_floor_is_marked(
    gan: Command, some: Path
) -> None:
    path = some / "day" / "b" / "summary.json"
    summary = json.loads(path.read_text())
    limits = {"at_least/kl": 1.0, "truth/jensen_shannon": 0.0006, "floor/jensen_shannon": 0.0005}
    summary["metrics"] = {"divergence/kl": 40.0, "truth/kl": 6.9, **limits}
    path.write_text(json.dumps(summary))
    _, out, _ = gan("runs")
    [row] = [line for line in out.splitlines() if "at least 6.9" in line]
    assert row.split()[-5:] == ["0.0006~", "at", "least", "6.9", "40"]
    assert "\n~ no more than noise: below 0 by chance" in out
    assert "\nat least: the true divergence may be far more. G draws too few samples" in out


def test_a_run_killed_before_its_first_summary(gan: Command, some: Path) -> None:
    (some / "day" / "b" / "summary.json").unlink()
    [row] = json.loads(gan("runs", "outputs/day/b", "--json").out)
    assert (row["status"], row["step"], row["metrics"]) == ("interrupted", 0, {})


def listed(gan: Command, *options: str) -> str:
    rows = json.loads(gan("runs", *options, "--json").out)
    return "".join(Path(row["path"]).name for row in rows)


@pytest.mark.parametrize(
    ("conditions", "names"),
    [
        (["status=completed"], "b"),
        (["status!=completed"], "adc"),
        (["loss/discriminator<1"], "bd"),
        (["k=1"], "badc"),
        (["k=1", "step>=20"], "bd"),
        (["k>1"], ""),
    ],
)
def test_only_the_runs_that_meet_all_conditions(
    conditions: list[str], names: str, gan: Command, some: Path
) -> None:
    assert listed(gan, *(word for each in conditions for word in ("--where", each))) == names


def test_a_copied_run_ended_when_its_original_did(gan: Command, some: Path) -> None:
    for name, told in (("a", "2026-11-01T12:00:00.500+00:00"), ("b", "then")):
        summary = some / "day" / name / "summary.json"
        summary.write_text(json.dumps(json.loads(summary.read_text()) | {"ended": told}))
    ended = {row["path"][-1]: row["ended"] for row in json.loads(gan("runs", "--json").out)}
    assert ended["a"] == 1793534400.5
    assert ended["b"] == (some / "day" / "b" / "summary.json").stat().st_mtime
    assert listed(gan, "--where", "ended<2026-11-02") == "a"


def test_only_the_runs_that_ended_long_ago(gan: Command, some: Path) -> None:
    summary = some / "day" / "a" / "summary.json"
    before = time.time() - 3 * 86_400
    os.utime(summary, (before, before))
    assert listed(gan, "--older-than", "2d") == "a"
    assert listed(gan, "--older-than", "4d") == ""
    assert gan("runs", "--older-than", "4d").out == "None of the 4 runs under outputs fits.\n"


def test_a_condition_on_what_no_run_has(gan: Command, some: Path) -> None:
    assert gan("runs", "--where", "stats=completed") == (
        2,
        "",
        "gan: --where stats: no run has it. Did you mean 'status'?\n",
    )


PLAYER = {"name": "adam", "learning_rate": 0.001}
SETTINGS = {
    "dataset": {"name": "ring", "modes": 8},
    "optimizer": {"generator": PLAYER, "discriminator": PLAYER},
    "regularizer": {"r1": {"name": "r1", "weight": 0.1}},
    "k": 1,
    "ema": None,
}


@pytest.fixture
def configured(some: Path) -> Path:
    """The same runs with whole configurations, two of which differ from the others."""
    other = {"optimizer": {"generator": PLAYER, "discriminator": PLAYER | {"learning_rate": 0.1}}}
    for name, own in {"a": {"k": 5}, "b": {}, "c": other, "d": {}}.items():
        (some / "day" / name / ".hydra" / "config.yaml").write_text(json.dumps(SETTINGS | own))
    return some


def test_comma_separated_values(gan: Command, configured: Path) -> None:
    """A column for each setting that was given or differs, and times that a spreadsheet reads."""
    rows = {Path(row["path"]).name: row for row in csv.DictReader(gan("runs", "--csv").out.split())}
    assert [*rows["b"]] == [
        *("path", "status", "step", "bytes", "ended", "dataset"),
        *("optimizer.discriminator.learning_rate", "k", "loss/discriminator", "loss/generator"),
    ]
    assert (rows["a"]["dataset"], rows["a"]["k"], rows["b"]["k"]) == ("ring", "5", "1")
    assert (rows["a"]["loss/generator"], rows["b"]["loss/generator"]) == ("nan", "1.5")
    ended = datetime.fromisoformat(rows["b"]["ended"])
    assert ended.tzinfo is not None
    assert ended.timestamp() == int((configured / "day" / "b" / "summary.json").stat().st_mtime)


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("dataset.name=ring", "abcd"),
        ("optimizer.learning_rate=1e-3", "abd"),
        ("optimizer.learning_rate!=.001", "c"),
        ("optimizer.learning_rate<.05", "abd"),
        ("optimizer=adam", "abcd"),
        ("regularizer=r1", "abcd"),
        ("ema=null", "abcd"),
    ],
)
def test_a_setting_is_named_as_on_the_command_line(
    condition: str, names: str, gan: Command, configured: Path
) -> None:
    assert listed(gan, "--sort", "path", "--where", condition) == names


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("lr=1e-3", "optimizer.learning_rate"),
        ("optimizer.lr=1e-3", "optimizer.learning_rate"),
        ("modes=8", "dataset.modes"),
        ("loss<1", "loss/discriminator"),
        ("datset=ring", "dataset"),
    ],
)
def test_the_key_that_may_have_been_meant(
    condition: str, told: str, gan: Command, configured: Path
) -> None:
    key = condition.split("=")[0].split("<")[0]
    assert gan("runs", "--where", condition) == (
        2,
        "",
        f"gan: --where {key}: no run has it. Did you mean '{told}'?\n",
    )


def test_the_value_that_may_have_been_meant(gan: Command, configured: Path) -> None:
    none = "None of the 4 runs under outputs fits."
    assert gan("runs", "--where", "dataset=rings").out == f"{none} Did you mean 'dataset=ring'?\n"
    assert gan("runs", "--where", "k=50").out == f"{none}\n"
    alone = gan("runs", "outputs/day/a", "--where", "k=1")
    assert alone == (0, "The only run under outputs/day/a does not fit.\n", "")


def test_a_loss_of_0_has_no_sign(gan: Command, empty: Path) -> None:
    make(empty / "outputs" / "a", "completed", 20, [], generator=-0.0, discriminator=-1e-9)
    assert gan("runs").out.splitlines()[2].split()[-2:] == ["-1e-09", "0"]
    [row] = csv.DictReader(io.StringIO(gan("runs", "--csv").out))
    assert row["loss/generator"] == "0.0"


def test_a_setting_that_an_older_run_was_given_twice_is_the_last(gan: Command, empty: Path) -> None:
    for name in "ab":
        twice = ["objective=minimax", f"k={name}", "objective=wgan"]
        make(empty / "outputs" / name, "completed", 20, twice)
    out = gan("runs").out
    assert "all: dataset=ring objective=wgan steps=20\n" in out
    assert "minimax" not in out


def test_who_reads_one_line_alone_is_obeyed(some: Path) -> None:
    """As in `gan runs | head -1`: no word, and the status of other tools."""
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "-X", "importtime", "-m", "gan_cli", "runs", ".", "--csv"]
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 128 + signal.SIGPIPE
    lines = done.stderr.splitlines()
    assert [line for line in lines if not line.startswith("import time:")] == []
    imported = {line.rpartition("|")[2].strip() for line in lines}
    assert "gan_cli.cli.run_table" in imported
    assert not imported & {"numpy", "hydra", "jax", "scipy"}


def test_a_choice_by_the_name_of_its_file_is_the_same_choice(gan: Command, empty: Path) -> None:
    lines = ["experiment=mine.yaml", "dataset.path=x.yaml"]
    make(empty / "outputs" / "a", "completed", 1, lines)
    [found] = json.loads(gan("runs", "--json").out)
    assert found["overrides"][-2:] == ["experiment=mine", "dataset.path=x.yaml"]


def test_an_error_follows_what_was_printed_where_both_streams_are_one(some: Path) -> None:
    words = [sys.executable, "-m", "gan_cli", "runs", "--delete"]
    told = subprocess.run(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
    assert told.splitlines()[-1].startswith("gan: --delete asks first")


def test_deleting_asks_first_and_leaves_what_runs(gan: Command, some: Path) -> None:
    refused = gan("runs", "--where", "step>0", "--delete")
    assert refused.status == 2
    assert (
        refused.err == "gan: --delete asks first, and nobody can answer here; --yes does not ask.\n"
    )
    assert listed(gan) == "badc"
    with RunDirectory(some / "day" / "d").lock():
        told = gan("runs", "--where", "step>0", "--delete", "--yes").out.splitlines()
    assert told[-2] == "1 run still running: not deleted."
    assert told[-1].startswith("Deleted 2 runs, ")
    assert listed(gan) == "dc"


@pytest.mark.parametrize(
    ("answer", "left"),
    [("y\n", ""), ("Yes\n", ""), ("n\n", "badc"), ("\n", "badc"), ("maybe\ny\n", ""), ("", "badc")],
    ids=["y", "yes", "n", "none", "maybe, then y", "Ctrl-D"],
)
def test_the_answer_decides(
    answer: str, left: str, gan: Command, some: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    (some / "day" / "multirun.yaml").touch()
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    status, out, err = gan("runs", "--delete")
    assert (status, err) == (0, "")
    assert "Delete 4 runs, " in out
    assert out.endswith("Nothing was deleted.\n") == bool(left)
    assert ("Please answer y or n: " in out) == answer.startswith("maybe")
    assert listed(gan) == left
    assert (some / "day").exists() == bool(left), "nothing stays of a sweep without members"


def test_ctrl_c_at_the_question_deletes_nothing(
    gan: Command, some: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, *_: int) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Terminal())
    status, out, err = gan("runs", "--delete")
    assert (status, out.splitlines()[-1]) == (130, "Nothing was deleted.")
    assert "unexpected" not in err
    assert listed(gan) == "badc"


def test_the_latest_run_is_named_so_here_too(gan: Command, some: Path) -> None:
    (only,) = json.loads(gan("runs", "latest", "--json").out)
    assert only["path"] == json.loads(gan("runs", "--json").out)[-1]["path"]


def test_forms_that_do_not_go_together(gan: Command, some: Path) -> None:
    assert gan("runs", "--csv", "--json").err == (
        "gan: --csv, --json and --delete do not go together.\n"
    )
    assert gan("runs", "--yes").err == "gan: --yes goes with --delete.\n"
