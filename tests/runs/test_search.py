"""How runs and sweeps are found, oldest first, and what is said where there is none."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_cli import runs
from gan_cli.errors import UsageError

Make = Callable[..., Path]


@pytest.fixture
def make(empty: Path) -> Make:
    """Makes run directories, each newer than the one before."""
    made: list[Path] = []

    def run(name: str) -> Path:
        config = Path(name) / ".hydra" / "config.yaml"
        config.parent.mkdir(parents=True)
        config.write_text("k: 1\n")
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


def test_nothing_is_looked_for_in_the_folders_of_a_runs_results(make: Make) -> None:
    run = make("outputs/x")
    make("outputs/x/checkpoints/1")
    assert runs.find(Path("outputs")) == [run]


def test_the_newest_sweep_is_the_one_that_was_started_last(empty: Path) -> None:
    expected = re.escape(f"there is no sweep under {empty}/outputs yet. Start one: gan train -m")
    with pytest.raises(UsageError, match=f"^{expected}$"):
        runs.newest_sweep()
    for number, name in enumerate(("b", "a", "deep/c")):
        saved = Path("outputs") / name / "multirun.yaml"
        saved.parent.mkdir(parents=True)
        saved.touch()
        os.utime(saved, (100 - number, 100 - number))
    assert runs.newest_sweep() == Path("outputs/b")
