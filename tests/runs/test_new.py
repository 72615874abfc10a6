"""A new run's directory has one owner, and is whole or nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli import runs
from gan_cli.errors import UsageError
from gan_cli.runs import RunDirectory, mark, new_run, new_sweep

Command = Callable[..., Any]

TEXTS = {"config.yaml": "k: 1\n", "hydra.yaml": "hydra: {}\n", "overrides.yaml": "- k=1\n"}


def start(path: str, *, named: bool = True) -> Path:
    """A run that was configured and ended before it wrote anything else."""
    with new_run(Path(path), named=named) as place:
        place.write_settings(TEXTS)
    return place.path


def finish(path: Path) -> None:
    (path / "metrics.jsonl").write_text('{"step": 1}\n')


def test_a_named_directory_is_taken_as_it_is_and_another_one_is_numbered(empty: Path) -> None:
    assert start("a/b") == Path("a/b")
    names = [start("outputs/x", named=False) for _ in range(3)]
    assert names == [Path("outputs/x"), Path("outputs/x-1"), Path("outputs/x-2")]


def test_results_are_never_written_over(empty: Path) -> None:
    finish(start("run"))
    before = sorted(empty.rglob("*"))
    with pytest.raises(UsageError) as refused:
        start("run")
    assert str(refused.value) == (
        "run already holds a run. Choose another place with hydra.run.dir=DIR, or go on with it: "
        "gan train --resume run"
    )
    assert sorted(empty.rglob("*")) == before
    with (
        pytest.raises(UsageError, match=r"^. already holds runs, such as run\."),
        new_sweep(Path(), named=True),
    ):
        pass


@pytest.mark.parametrize(
    "file", ["samples/holiday.jpg", "checkpoints/thesis.ckpt", "summary.json", "metrics.jsonl"]
)
def test_files_of_the_users_own_are_never_written_over(empty: Path, file: str) -> None:
    mine = empty / "mine" / file
    mine.parent.mkdir(parents=True)
    mine.write_text("precious")
    with pytest.raises(UsageError) as refused:
        start("mine")
    assert str(refused.value) == (
        f"mine/{file} is no run's, and a run in mine would write over it. "
        "Choose another place with hydra.run.dir=DIR."
    )
    assert mine.read_text() == "precious"
    assert not (empty / "mine" / "train.log").exists()


def test_a_run_of_another_program_is_never_written_over(empty: Path) -> None:
    """Though its .hydra/ and checkpoints/ have the names of gan's."""
    checkpoint = empty / "theirs" / "checkpoints" / "thesis.ckpt"
    for path in (checkpoint, empty / "theirs" / ".hydra" / "config.yaml"):
        path.parent.mkdir(parents=True)
        path.write_text("model: resnet\n")
    with pytest.raises(UsageError, match=r"^theirs/.hydra/config.yaml is no run's, and a run in"):
        start("theirs")
    assert checkpoint.read_text() == "model: resnet\n"


def test_a_sweeps_directory_is_gone_on_with_as_a_sweep(empty: Path) -> None:
    finish(start("sweep/0"))
    (empty / "sweep" / "multirun.yaml").touch()
    with pytest.raises(UsageError) as refused, new_sweep(Path("sweep"), named=True):
        pass
    assert str(refused.value) == (
        "sweep already holds a sweep. Choose another place with hydra.sweep.dir=DIR, or go on with "
        "it: gan train -m --resume sweep"
    )


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("${x}", "'${', which Hydra takes for a reference"),
        ("a\nb", "control characters, nor bytes that are no UTF-8"),
        (os.fsdecode(b"\xff"), "control characters, nor bytes that are no UTF-8"),
    ],
)
def test_a_path_that_cannot_be_written_down(empty: Path, name: str, wrong: str) -> None:
    with pytest.raises(UsageError) as refused:
        start(f"{name}/run")
    assert f"a run's path cannot contain {wrong}. Choose another" in str(refused.value)
    str(refused.value).encode()
    assert list(empty.iterdir()) == []


def test_letters_that_the_locale_does_not_know_are_not_called_damaged(empty: Path) -> None:
    """Under LC_ALL=C Python hands each byte of an e with an accent over by itself."""
    with pytest.raises(UsageError, match="the locale of this shell knows no such letters"):
        start("\udcc3\udca9/run")
    assert list(empty.iterdir()) == []


def test_the_second_of_two_owners_is_refused_and_changes_nothing(empty: Path) -> None:
    with new_run(Path("run"), named=True) as place:
        place.write_settings(TEXTS)
        before = {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}
        with pytest.raises(UsageError) as refused:
            start("run")
        assert str(refused.value) == (
            "run is being written by another process. Choose another place with hydra.run.dir=DIR."
        )
        assert before == {path: path.read_bytes() for path in empty.rglob("*") if path.is_file()}


def test_a_sweep_has_one_owner(empty: Path) -> None:
    with (
        new_sweep(Path("s"), named=True),
        pytest.raises(UsageError, match=r"^s is being written by another process"),
        new_sweep(Path("s"), named=True),
    ):
        pass


CONFIG = "".join(f"{key}: 1\n" for key in sorted(mark.KEYS))

CUT_OFF = {
    "no settings at all": {},
    "an empty configuration": {"config.yaml": ""},
    "half a configuration": {"config.yaml": f"{CONFIG}regularizer: [1, "},
    "no other files": {"config.yaml": CONFIG, "hydra.yaml": ""},
    "cut-off overrides": TEXTS | {"config.yaml": CONFIG, "overrides.yaml": "- 'k=1"},
}


@pytest.mark.parametrize("left", CUT_OFF.values(), ids=CUT_OFF)
def test_a_start_that_was_cut_off_is_no_run_and_can_be_written_over(
    left: dict[str, str], empty: Path
) -> None:
    whole = start("outputs/whole")
    folder = empty / "outputs" / "cut" / ".hydra"
    folder.mkdir(parents=True)
    for name, text in left.items():
        (folder / name).write_text(text)
    assert runs.find(Path("outputs")) == [whole]
    assert runs.resolve("latest").path == whole
    with pytest.raises(UsageError, match=r"^outputs/cut (holds no run|is not a run directory)"):
        runs.resolve("outputs/cut")
    assert start("outputs/cut") in runs.find(Path("outputs"))
    assert RunDirectory(Path("outputs/cut")).read_overrides() == ["k=1"]


def test_settings_appear_all_together_or_not_at_all(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = []

    def failing(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as full, pytest.raises(OSError, match="No space left"):
        full.setattr(os, "fsync", failing)
        start("run")
    assert [path.name for path in Path("run").iterdir()] == ["train.log"]
    assert runs.is_run(start("run"))


def test_what_a_start_without_results_left_is_cleared(empty: Path) -> None:
    path = start("run")
    (path / "summary.json").write_text('{"status": "failed"}')
    (path / "samples").mkdir()
    (path / "events.out.tfevents.1.gan").write_bytes(b"")
    (path / ".hydra.7.tmp").mkdir()
    (path / "notes.txt").write_text("the user's own")
    start("run")
    assert sorted(each.name for each in path.iterdir()) == [".hydra", "notes.txt", "train.log"]
