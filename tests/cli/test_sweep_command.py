"""What a sweep's directory says of its command: settings are taken, code and paths are not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from gan_cli.cli import sweep_command
from gan_cli.errors import DataError, UsageError
from gan_cli.runs import mark
from tests.conftest import Command

OWN = ["hydra.mode=MULTIRUN", "hydra.sweep.dir='s'", "hydra.output_subdir=null"]


def sweep(task: Sequence[str], hydra: Sequence[str]) -> Path:
    said = dict.fromkeys(mark.KEYS, 1)
    said["hydra"] = {"overrides": {"task": [*task], "hydra": [*OWN, *hydra]}}
    Path("s").mkdir(exist_ok=True)
    Path("s/multirun.yaml").write_text(yaml.safe_dump(said))
    return Path("s")


def test_settings_are_taken(empty: Path) -> None:
    task = [
        *("seed=1,2", "dataset=images", "dataset.path=../photos", "dataset.root=~/data"),
        *("optimized_metric=divergence/jensen_shannon", "regularizer=[r1]", "compile_cache=off"),
        "compile_cache=auto",
        *("steps='${k}'", "optimizer/generator=adam", "~regularizer.r1"),
    ]
    hydra = [
        *("hydra/launcher=joblib", "hydra.launcher.n_jobs=-1", "hydra.launcher.partition=gpu-a"),
        *("hydra.sweep.subdir='${hydra.job.num}'", "hydra.job.chdir=true"),
    ]
    assert sweep_command.read(sweep(task, hydra), ()) == [*task, *hydra]


@pytest.mark.parametrize(
    "line",
    [
        "hydra.job_logging.handlers.file.filename=/home/me/thesis.tex",
        "hydra.hydra_logging.handlers.x.class=logging.FileHandler",
        "hydra/job_logging=disabled",
        "+hydra.callbacks.x._target_=os.system",
        "hydra.launcher._target_=os.system",
        "++hydra.launcher.setup=[reboot]",
        "hydra.launcher.n_jobs=${oc.env:HOME}",
        "hydra/launcher=../x",
        "hydra/launcher@hydra.sweeper=basic",
        "hydra.sweeper._target_=os.system",
        "hydra.searchpath=[file:///tmp]",
        "hydra.job.env_set.LD_PRELOAD=x.so",
        "hydra.run.dir=/home/me",
        "~hydra.job_logging",
        "experiment=../../../tmp/x",
        "regularizer=[r1,../x]",
        "../x=y",
        "/tmp/x=y",
        "+experiment@_global_=x",
        "compile_cache=/tmp/programs",
    ],
)
@pytest.mark.parametrize("part", ["task", "hydra"])
def test_what_could_run_code_or_write_files_has_to_be_said_again(
    empty: Path, line: str, part: str
) -> None:
    directory = sweep([line], []) if part == "task" else sweep([], [line])
    with pytest.raises(UsageError) as refused:
        sweep_command.read(directory, ())
    assert str(refused.value).startswith(
        f"s/multirun.yaml says {line}, which may run code or write files. If it is yours, say it "
        "again: gan train -m --resume s "
    )
    assert sweep_command.read(directory, [line]) == [line]


def test_the_new_place_of_the_data_answers_for_the_old(empty: Path) -> None:
    directory = sweep(["dataset.root=/tmp/before"], [])
    assert sweep_command.read(directory, ["dataset.root=/data"]) == ["dataset.root=/tmp/before"]


def test_only_the_sweeps_own_lines_can_be_said_again(empty: Path) -> None:
    with pytest.raises(UsageError) as refused:
        sweep_command.read(sweep(["seed=1,2"], []), ["k=5"])
    assert str(refused.value) == (
        "k=5: the sweep in s was not started with it. "
        "What can change, for data that was moved: dataset.path, dataset.root, dataset.key."
    )


@pytest.mark.parametrize("damage", [None, [], {}, {"task": []}, {"task": [1], "hydra": []}, "x"])
def test_a_file_that_says_no_command(empty: Path, damage: object) -> None:
    directory = sweep([], [])
    said = dict.fromkeys(mark.KEYS, 1) | {"hydra": {"overrides": damage}}
    (directory / "multirun.yaml").write_text(yaml.safe_dump(said))
    with pytest.raises(DataError) as refused:
        sweep_command.read(directory, ())
    assert str(refused.value) == "s/multirun.yaml does not say how the sweep was started."


def test_a_file_or_a_link_to_itself_in_the_place_of_a_member_is_told(empty: Path) -> None:
    directory = sweep([], [])
    (directory / "0").write_text("")
    (directory / "1").symlink_to("1")
    for place in (directory / "0", directory / "1"):
        with pytest.raises(UsageError) as refused:
            sweep_command.check_places(directory, [place])
        told = f"{place} is no folder, and a member of the sweep goes there. Move it away."
        assert str(refused.value) == told


def test_a_sweep_goes_on_in_its_own_directory(empty: Path) -> None:
    directory = sweep([], [])
    sweep_command.check_places(directory, [directory / "0", directory / "k=1" / "2"])
    (directory / "0").symlink_to(empty)
    for place in (directory / "0", directory / ".." / "x", empty / "y", directory):
        with pytest.raises(UsageError) as refused:
            sweep_command.check_places(directory, [place])
        assert str(refused.value) == (
            f"{place} is not in s, and a sweep goes on in its own directory alone."
        )


def test_no_file_is_opened_before_it_is_refused(gan: Command) -> None:
    Path("thesis.tex").write_text("years of work")
    sweep(["seed=1,2"], ["hydra.hydra_logging.handlers.hydra.filename=thesis.tex"])
    status, _, err = gan("train", "-m", "--resume", "s")
    assert (status, err.startswith("gan: s/multirun.yaml says hydra.hydra_logging.")) == (2, True)
    assert Path("thesis.tex").read_text() == "years of work"
