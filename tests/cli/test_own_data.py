"""A run is judged and verified by its own data wherever that lies, and other data is told of."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Command = Callable[..., Any]
Train = Callable[..., Path]
Files = Callable[[], dict[str, bytes]]

MMD = ("--metric", "mmd", "--samples", "100")
GONE = "dataset.path must name a .npy or .npz file of yours. If it was moved, say where it is now: "


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with 64 points."""
    path = tmp_path_factory.mktemp("data") / "points.npy"
    np.save(path, np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32))
    return path


@pytest.fixture(scope="module")
def on_points(points: Path, train: Train) -> Path:
    """A run that was trained on the first 40 of the points."""
    split = ("dataset.validation=12", "dataset.test=12")
    return train("dataset=array", f"dataset.path={points}", *split, "steps=2")


@pytest.fixture
def mine(on_points: Path, points: Path, empty: Path) -> Path:
    """A copy of the run, and the points beside it: its own place of the data is gone."""
    shutil.copytree(on_points, "mine")
    config = Path("mine/.hydra/config.yaml")
    config.write_text(config.read_text().replace(str(points), str(empty / "gone.npy")))
    shutil.copy(points, "points.npy")
    return Path("mine")


@pytest.mark.slow
def test_data_that_was_moved_is_found_again(gan: Command, mine: Path, files: Files) -> None:
    before = files()
    for typed in (
        "verify mine",
        "evaluate mine --metric mmd --json",
        "theory birthday mine --samples 200",
        "theory spectrum mine",
        "train --resume mine steps=4 log_every=2",
        "train --resume mine steps=4 --accept-changes --dry-run",
    ):
        status, out, err = gan(*typed.split())
        assert (status, out) == (4, "")
        assert err.endswith(f" is not a file. {GONE}gan {typed} dataset.path=PLACE\n")
    assert "say where it is now" not in gan("evaluate", "mine", "dataset.path=none.npy").err
    assert gan("verify", "mine", "dataset.path=points.npy").status == 0
    assert files() == before
    theory = gan("theory", "birthday", "mine", "dataset.path=points.npy", "--samples", "100")
    assert (theory.status, "outputs/theory/birthday.png" in theory.out) == (0, True)
    status, out, err = gan("evaluate", "mine", "dataset.path=points.npy", *MMD)
    assert (status, err) == (0, "")
    assert out.endswith("\nwritten  mine/evaluation/2.json\n")


@pytest.mark.slow
def test_the_name_of_an_array_is_a_part_of_its_place(
    gan: Command, mine: Path, files: Files
) -> None:
    points = np.load("points.npy")
    np.savez("both.npz", points=points, others=points[::-1])
    before = files()
    both = "dataset.path=both.npz"
    err = gan("verify", "mine", both).err
    assert err.endswith("both.npz holds several arrays. Valid: others, points.\n")
    for typed in (
        ["verify", "mine"],
        ["theory", "birthday", "mine"],
        ["train", "--resume", "mine"],
    ):
        status, _, err = gan(*typed, both, "dataset.key=others")
        assert (status, "not those that it was trained on" in err) == (2, True), err
    assert gan("verify", "mine", both, "dataset.key=points").status == 0
    assert {name: text for name, text in files().items() if "theory" not in name} == before
    assert gan("train", "--resume", "mine", both, "dataset.key=points").status == 0
    assert "key: points" in Path("mine/.hydra/config.yaml").read_text()
    assert "dataset.key=points" in Path("mine/.hydra/overrides.yaml").read_text()
    assert gan("verify", "mine").status == 0
    err = gan("verify", "mine", "dataset.path=points.npy").err
    assert err.endswith("Leave dataset.key out, or write dataset.key=null.\n")
    assert gan("verify", "mine", "dataset.path=points.npy", "dataset.key=null").status == 0


@pytest.mark.slow
def test_other_data_is_told_of_and_writes_nothing_into_the_run(
    gan: Command, on_points: Path, mine: Path, files: Files
) -> None:
    before = files()
    np.save("others.npy", np.load("points.npy")[::-1])
    told = "This is not the data that the run was trained on: the examples of dataset=array are"
    assert told in gan("evaluate", "mine", "dataset.path=others.npy", *MMD).out.replace("\n", " ")
    status, out, _ = gan("evaluate", str(on_points), "dataset.test=32", *MMD)
    assert status == 0
    assert (
        "dataset.test was 12 and is now 32; 8 of the 32 examples that judge are among those that "
        "it was trained on. "
    ) in out.replace("\n", " ")
    status, out, err = gan("evaluate", str(on_points), "--dataset", "ring", *MMD, "--json")
    assert (status, [*json.loads(out)]) == (0, ["mmd"])
    assert "dataset was array and is now ring" in err
    Path("others.npy").unlink()
    assert (files(), (on_points / "evaluation").exists()) == (before, False)
    assert gan("evaluate", str(on_points), "dataset.test=32", *MMD, "--out", "x.json").status == 0
    assert Path("x.json").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["evaluate", "run", "dataset.cont=3"],
            "dataset.cont: no such setting of dataset 'ring'. Did you mean 'count'? ",
        ),
        (
            ["evaluate", "samples.npz", "dataset.path=points.npy"],
            "samples.npz: --dataset NAME says by which data set to judge it.",
        ),
        (
            ["verify", "run", "dataset.pth=points.npy"],
            "dataset.pth=points.npy: gan verify keeps to the settings of the run. Did you mean "
            "'dataset.path'? It takes nothing but the place of data that was moved: "
            "dataset.path=PLACE, dataset.root=PLACE or dataset.key=NAME.",
        ),
        (["verify", "run", "k=2"], "k=2: gan verify keeps to the settings of the run. It "),
        (
            ["verify", "run", "dataset=ring"],
            "dataset=ring: gan verify keeps to the settings of the run. It takes nothing but ",
        ),
    ],
    ids=["evaluate", "a file", "verify", "another setting", "another data set"],
)
def test_what_is_no_setting_of_the_data(
    words: list[str], said: str, gan: Command, run: Path
) -> None:
    status, out, err = gan(*words)
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {said}")
