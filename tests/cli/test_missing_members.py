"""Members that a sweep never began are what they were when it was started, wherever it goes on."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf, open_dict

from gan_cli.cli import sweep_command
from gan_cli.cli.missing_members import missing
from gan_cli.composition import compose, hydra_tasks, requested
from gan_cli.composition.requested import Command as Composed
from gan_cli.datasets import downloads
from gan_cli.datasets.mnist import Mnist
from gan_cli.errors import DataError
from gan_cli.runs import RunDirectory, sweep_start
from gan_cli.sweep.task import MemberTask
from tests.conftest import Command
from tests.datasets.test_idx_images import CONTENTS, Small

SMALL = ("architecture=mlp", "architecture.generator_widths=[8]", "batch_size=16", "samples=4")
ARRAY = ("dataset=array", "dataset.path=points.npy", *SMALL, "seed=1,2")
MNIST = ("dataset=mnist", "dataset.root=victim", *SMALL[:2], "batch_size=2", "samples=2")


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with data folders of which nothing is known."""
    monkeypatch.setattr(downloads, "TYPED", set())
    monkeypatch.setattr(downloads, "ONLY_READ", set())


def start(*lines: str, config_dir: Path | None = None) -> Path:
    """The directory of a sweep, started here and killed before its first member began."""
    with compose.hydra(config_dir) as program:
        asked = [*lines, "hydra.sweep.dir=s"]
        command = requested.read(program, asked, multirun=True)
    Path("s").mkdir()
    OmegaConf.save(command.base, "s/multirun.yaml")
    return Path("s").absolute()


def going_on(sweep: Path) -> tuple[Composed, compose.Hydra]:
    with compose.hydra(None, sweep_start.start(sweep)) as program:
        return requested.read(program, sweep_command.read(sweep, ()), multirun=True), program


@pytest.fixture
def elsewhere(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sweep that was started beside its data, seen from a directory with other data."""
    np.save("points.npy", np.zeros((64, 2), np.float32))
    sweep = start(*ARRAY)
    Path("other").mkdir()
    monkeypatch.chdir("other")
    np.save("points.npy", np.ones((64, 2), np.float32))
    return sweep


@pytest.mark.usefixtures("newest_classes")
def test_the_data_is_where_the_sweep_was_started(elsewhere: Path) -> None:
    command, program = going_on(elsewhere)
    found = missing(elsewhere, command, accept_changes=False)
    assert len(found) == 2
    assert not any(each.prepared.split.examples.any() for each in found.values())
    assert command.base.hydra.runtime.cwd == str(elsewhere.parent), "the next resume reads it"
    member = command.members[0].config
    files = hydra_tasks.settings(member, member, elsewhere / "0")
    assert OmegaConf.create(files["hydra.yaml"]).hydra.runtime.cwd == str(elsewhere.parent)
    there = pickle.loads(pickle.dumps(program.config_loader))
    again = there.load_sweep_config(command.base, ["seed=1"])
    assert again.hydra.runtime.cwd == str(elsewhere.parent), "in the process of a job"


def test_the_data_of_a_member_in_another_process_is_there_too(elsewhere: Path) -> None:
    """A search leaves it to that process to load its members."""
    member = going_on(elsewhere)[0].members[0].config
    place = RunDirectory(elsewhere / "0")
    task = pickle.loads(pickle.dumps(MemberTask([], typed=[])))
    ready = task._ready(member, member, place, {}, {})
    assert not ready.split.examples.any()


@pytest.mark.parametrize("said", ["here", "/x/${oc.env:HOME}", "null", "[/x]"])
def test_a_sweep_that_does_not_say_where_it_was_started(said: str, empty: Path) -> None:
    Path("multirun.yaml").write_text(f"hydra:\n  runtime:\n    cwd: {said}\n")
    with pytest.raises(DataError) as refused:
        sweep_start.start(empty)
    assert str(refused.value) == (
        f"{empty}/multirun.yaml does not say in hydra.runtime.cwd where it was started."
    )


@pytest.fixture
def published(empty: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to which MNIST, which a mirror has, was not downloaded yet."""
    monkeypatch.setattr(Mnist, "files", Small.files)
    mirror = empty / "mirror"
    mirror.mkdir()
    for file, content in CONTENTS.items():
        (mirror / file).write_bytes(content)
    monkeypatch.setattr(Mnist, "mirrors", (mirror.as_uri(),))
    return empty / "victim"


@pytest.mark.parametrize(
    "launcher", ["side_by_side", pytest.param("joblib", marks=pytest.mark.slow)]
)
def test_a_sweep_does_not_say_where_data_is_downloaded_to(
    launcher: str, gan: Command, published: Path
) -> None:
    start(*MNIST, f"hydra/launcher={launcher}")
    status, _, err = gan("train", "-m", "--resume", "s")
    assert (status, err.count("\n")) == (4, 1)
    assert err.endswith(
        f"cannot be found in {published}/mnist, and nothing is downloaded to a folder that only a "
        "saved run names. dataset.root=DIR says where the files are now, or downloads them: "
        f"dataset.root={published}\n"
    )
    assert not published.exists()
    typed = ("dataset.root=victim", "--dry-run", "--no-timing")
    assert gan("train", "-m", "--resume", "s", *typed).status == 0
    assert (published / "mnist").is_dir()


@pytest.mark.parametrize("typed", [(), ("victim",)], ids=["not", "typed"])
def test_a_member_in_another_process_downloads_to_what_was_typed(
    typed: tuple[str, ...], published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(*MNIST)
    member = going_on(Path("s"))[0].members[0].config
    with open_dict(member):
        member.hydra.job.id = member.hydra.job.num = 0
        member.hydra.sweep.dir = "s"
    task = pickle.loads(pickle.dumps(MemberTask([], typed=[Path(root) for root in typed])))
    monkeypatch.setattr("gan_cli.sweep.task.train_alone", lambda *_, **__: None)
    HydraConfig.instance().set_config(member)
    task(member)
    HydraConfig.instance().cfg = None
    assert published.exists() == bool(typed)
    why = RunDirectory(Path("s/0")).read_summary().get("reason", "")
    assert ("that only a saved run names" in why) == (not typed)


def test_the_files_that_a_sweep_was_started_with_are_named_again(
    gan: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left to `auto` may be chosen by a table among them; and they may run code."""
    (Path("conf") / "experiment").mkdir(parents=True)
    Path("conf/experiment/mine.yaml").write_text("# @package _global_\nk: 3\n")
    start("experiment=mine", *SMALL, config_dir=Path("conf"))
    conf, other = Path("conf").absolute(), Path("s").absolute()
    printed = f"gan train -m --config-dir={conf} --resume s"
    looked = gan("sample", "s")
    assert looked.err.endswith(f"To go on with it: {printed}\n")
    assert gan(*printed.split()[1:], "--dry-run", "--no-timing").status == 0
    refused = gan("train", "-m", "--resume", "s")
    assert (refused.status, refused.err) == (
        2,
        f"gan: s/multirun.yaml says --config-dir {conf}, whose files may run code. If they are "
        f"yours, say it again: {printed}\n",
    )
    assert sweep_start.config_dir(other) == conf
    monkeypatch.setattr("os.getuid", lambda: -1)
    assert gan("sample", "s").err.endswith("To go on with it: gan train -m --resume s\n")


def test_the_modules_of_its_members_are_named_again(gan: Command, empty: Path) -> None:
    (Path("conf") / "experiment").mkdir(parents=True)
    Path("conf/experiment/mine.yaml").write_text("# @package _global_\nk: 3\n")
    sweep, conf = start("experiment=mine", *SMALL, config_dir=Path("conf")), Path("conf").absolute()
    for number, names in enumerate([["my.nets"], [], ["my.nets", "losses", "no; name"]]):
        Path(f"s/{number}").mkdir()
        found = {"status": "completed", "modules": dict.fromkeys(names, "hash")}
        Path(f"s/{number}/summary.json").write_text(json.dumps(found))
    Path("s/3").mkdir()
    Path("s/3/summary.json").write_text("{")
    printed = f"gan train -m --import=my.nets --import=losses --config-dir={conf} --resume s"
    for typed in ("sample s", "train --resume s", "train -m --resume s"):
        refused = gan(*typed.split())
        assert (refused.status, refused.err.endswith(f": {printed}\n")) == (2, True)
    assert sweep_start.modules(sweep) == ["my.nets", "losses"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(sweep / "0")
        assert sweep_start.modules(sweep) == []


def test_files_that_came_with_a_sweep_are_not_its_users(empty: Path) -> None:
    Path("s").mkdir()
    for place in ("s", "s/conf"):
        Path(place).mkdir(exist_ok=True)
        source = {"provider": "command-line", "path": str(Path(place).absolute())}
        saved = OmegaConf.create({"hydra": {"runtime": {"config_sources": [source]}}})
        OmegaConf.save(saved, "s/multirun.yaml")
        assert sweep_start.resume_command(Path("s")) == "gan train -m --resume s"
