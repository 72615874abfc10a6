"""How runs and sweeps are found, oldest first, and what is said where there is none."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli import runs
from gan_cli.errors import UsageError
from gan_cli.runs import RunDirectory, mark

Make = Callable[..., Path]


@pytest.fixture
def make(empty: Path) -> Make:
    """Makes run directories, each newer than the one before."""
    made: list[Path] = []

    def run(name: str) -> Path:
        config = Path(name) / ".hydra" / "config.yaml"
        config.parent.mkdir(parents=True)
        config.write_text("k: 1\n")
        (config.parent / mark.NAME).touch()
        (config.parent / "hydra.yaml").write_text("hydra: {}\n")
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


def test_a_member_that_has_not_begun_is_no_other_one(make: Make) -> None:
    make("s/1")
    Path("s/multirun.yaml").write_text("".join(f"{key}: 1\n" for key in mark.KEYS))
    with pytest.raises(UsageError) as refused:
        runs.resolve("s/11")
    assert str(refused.value) == (
        "s/11: this sweep has no such member, or it has not begun. To go on with what is missing: "
        "gan train -m --resume s"
    )


def test_a_copy_has_started_when_its_original_has(make: Make) -> None:
    """Copies are all as old as the copying; what a run says of its start counts, where it does."""
    made = [make(name) for name in ("outputs/c", "outputs/a", "outputs/b")]
    for day, run in enumerate(made, 1):
        text = f"gan 1\nstarted 2026-11-0{day}T12:00:00.000001+00:00\n"
        (run / ".hydra" / mark.NAME).write_text(text)
        os.utime(run / ".hydra" / "config.yaml", ns=(10**18, 2 * 10**18 - day))
    assert runs.find(Path("outputs")) == made
    assert RunDirectory(made[0]).started() == 1793534400 * 10**9 + 1000
    for text in ("gan 1\nstarted then\n", "gan 1\nstarted 2026-11-01\n", "\xff"):
        (made[0] / ".hydra" / mark.NAME).write_text(text)
        assert RunDirectory(made[0]).started() == 2 * 10**18 - 1, "it is then as old as its file"


def test_a_copied_sweep_started_when_its_first_member_did(make: Make) -> None:
    for day, name in ((2, "new"), (1, "old")):
        saved = Path("outputs") / name / "multirun.yaml"
        for number in (0, 1):
            settings = make(f"outputs/{name}/{number}") / ".hydra"
            start = f"2026-11-0{day}T12:00:0{number}+00:00"
            (settings / mark.NAME).write_text(f"gan 1\nstarted {start}\n")
        saved.write_text("".join(f"{key}: 1\n" for key in sorted(mark.KEYS)))
    assert runs.newest_sweep() == Path("outputs/new")


def test_a_new_run_says_when_it_started(empty: Path) -> None:
    before = time.time_ns() // 1000 * 1000
    place = RunDirectory(empty)
    place.write_settings({"config.yaml": "k: 1\n"})
    os.utime(place.config, (0, 0))
    assert before <= place.started() <= time.time_ns()


def test_there_may_be_no_latest_run(empty: Path) -> None:
    expected = re.escape(f"there is no run under {empty}/outputs yet. Start one: gan train")
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.resolve("latest")
    Path("outputs").mkdir()
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.resolve("latest")


def test_a_file_in_the_place_of_the_folder_of_all_runs_is_told(
    empty: Path, caplog: pytest.LogCaptureFixture
) -> None:
    Path("outputs").touch()
    for look in (lambda: runs.resolve("latest"), runs.newest_sweep):
        with pytest.raises(UsageError, match=f"^{empty}/outputs is not a folder\\. .* elsewhere"):
            look()
    with pytest.raises(UsageError, match=r"^outputs is not a folder, and so no run directory\.$"):
        runs.resolve("outputs/day/x")
    assert runs.find(Path("outputs")) == []
    assert caplog.messages == []


def test_what_is_no_run_is_told(empty: Path) -> None:
    with pytest.raises(UsageError) as error:
        runs.resolve("outputs/none")
    assert str(error.value) == (
        "outputs/none: no such run directory. 'gan runs' lists the runs there are."
    )
    (Path("outputs/nine") / ".hydra").mkdir(parents=True)
    Path("outputs/nine/.hydra/config.yaml").touch()
    for text, meant in {"outputs/nnie": "outputs/nine", "lastest": "latest"}.items():
        with pytest.raises(UsageError, match=f"Did you mean '{meant}'\\?"):
            runs.resolve(text)
    Path("folder").mkdir()
    with pytest.raises(UsageError) as error:
        runs.resolve("folder")
    assert str(error.value) == "folder is not a run directory: it has no .hydra/config.yaml."


def test_a_folder_of_runs_and_a_sweep_are_told_apart_from_a_run(make: Make) -> None:
    make("outputs/day/x")
    for folder in ("outputs", "outputs/day"):
        with pytest.raises(UsageError) as error:
            runs.resolve(folder)
        assert str(error.value) == (
            f"{folder} is not a run, but holds some. List them: gan runs {folder}"
        )
    sweep = "".join(f"{key}: 1\n" for key in sorted(mark.KEYS))
    Path("outputs/day/multirun.yaml").write_text(sweep)
    with pytest.raises(UsageError) as error:
        runs.resolve("outputs/day")
    assert str(error.value) == (
        "outputs/day is a sweep, and not a run. Its runs are the folders in it, such as "
        "outputs/day/x. To go on with it: gan train -m --resume outputs/day"
    )


def test_nothing_is_looked_for_in_the_folders_of_a_runs_results(make: Make) -> None:
    run = make("outputs/x")
    make("outputs/x/checkpoints/1")
    assert runs.find(Path("outputs")) == [run]


def test_the_newest_sweep_is_the_one_that_was_started_last(empty: Path) -> None:
    expected = re.escape(
        f"there is no sweep under {empty}/outputs yet. Start one: gan train -m 'seed=range(3)'"
    )
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.newest_sweep()
    for number, name in enumerate(("b", "a", "deep/c")):
        saved = Path("outputs") / name / "multirun.yaml"
        saved.parent.mkdir(parents=True)
        saved.write_text("".join(f"{key}: 1\n" for key in sorted(mark.KEYS)))
        os.utime(saved, (100 - number, 100 - number))
    theirs = Path("outputs/theirs/multirun.yaml")
    theirs.parent.mkdir()
    theirs.write_text("hydra: {}\nmodel: resnet\n")
    assert runs.newest_sweep() == Path("outputs/b")


@pytest.fixture
def theirs(make: Make) -> Path:
    """The newest run under outputs/, which another program with Hydra wrote."""
    made = make("outputs/ours"), make("outputs/theirs")
    (made[1] / ".hydra" / mark.NAME).unlink()
    return made[1]


def test_runs_of_other_programs_are_none(theirs: Path) -> None:
    assert runs.find(Path("outputs")) == [Path("outputs/ours")]
    assert runs.resolve("latest").path == Path("outputs/ours")
    with pytest.raises(UsageError) as error:
        runs.resolve(str(theirs))
    assert str(error.value) == (
        "outputs/theirs holds no run of gan's: another program wrote its .hydra/."
    )


@pytest.mark.parametrize(
    ("summary", "config", "ours"),
    [
        ('{"status": "completed", "versions": {"gan": "0.1.0"}}', "k: 1\n", True),
        ("{", "k: 1\n", False),
        (None, "".join(f"{key}: 1\n" for key in sorted(mark.KEYS)), True),
        ('{"status": "completed", "versions": [1]}', "dataset: 1\nobjective: 2\n", False),
    ],
)
def test_runs_from_before_the_mark(
    summary: str | None, config: str, ours: bool, theirs: Path
) -> None:
    """By the version of gan in the summary, or by what only a configuration of gan's holds."""
    if summary is not None:
        (theirs / "summary.json").write_text(summary)
    (theirs / ".hydra" / "config.yaml").write_text(config)
    assert (theirs in runs.find(Path("outputs"))) == ours


def test_what_cannot_be_read_hides_no_other_run(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    closed, whole = make("outputs/closed"), make("outputs/whole")
    looked = RunDirectory.is_gans

    def is_gans(place: RunDirectory) -> bool:
        if place.path == closed:
            raise PermissionError(13, "Permission denied", str(place.config))
        return looked(place)

    monkeypatch.setattr(RunDirectory, "is_gans", is_gans)
    assert runs.find(Path("outputs")) == [whole]
    assert caplog.messages == [
        f"left out, since it cannot be read: {closed}/.hydra/config.yaml: Permission denied."
    ]


def test_the_sweep_whose_name_a_misspelt_one_resembles(empty: Path) -> None:
    (empty / "my sweep").mkdir()
    (empty / "my sweep" / "multirun.yaml").touch()
    assert runs.sweeps_alike(Path("my-sweep")) == "Did you mean 'my sweep'?"
    assert runs.sweeps_alike(Path("x" * 300, "y")) == runs.sweeps_alike(Path("other")) == ""
