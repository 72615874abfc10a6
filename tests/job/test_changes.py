"""What a run is known by, and what counts as a change of it."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli import config
from gan_cli.datasets import content
from gan_cli.job import changes
from gan_cli.prepared import Prepared, prepare
from tests.values import SMALL


def identity(**values: Any) -> Any:
    return {"settings": changes.settings(config.load(SMALL | values))}


def test_the_meaning_decides_and_what_may_change_is_left_out() -> None:
    start = identity(seed=3, checkpoints={"every": 10})
    again = identity(
        seed=3, steps=7, log_every=5, device="cpu", resident_mib=1, precision="float32"
    )
    assert again == start
    assert start["settings"]["architecture.generator_widths"] == [8]
    assert not {"steps", "checkpoints.every", "dataset.path", "device"} & set(start["settings"])
    assert changes.found(start, again) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"seed": 4}, ["seed was 0 and is now 4"]),
        ({"dataset": {"name": "grid"}}, ["dataset was ring and is now grid"]),
        ({"regularizer": {"r1": {"name": "r1"}}}, ["regularizer.r1 was added"]),
        ({"update": "simultaneous"}, ["update was alternating and is now simultaneous"]),
    ],
)
def test_what_has_changed_is_named(values: dict[str, Any], told: list[str]) -> None:
    assert changes.found(identity(), identity(**values)) == told


def test_a_setting_of_another_version_is_no_change() -> None:
    before, now = identity(), identity()
    del before["settings"]["unroll"]
    before["settings"]["given_up"] = 1
    assert changes.found(before, now) == []
    assert changes.found({}, now) == []


def test_examples_of_which_one_side_has_no_hash_have_changed() -> None:
    one, other = identity(), identity() | {"data_sha256": "a"}
    told = ["the examples of dataset=ring are not those that it was trained on"]
    assert changes.found(one, other) == changes.found(other, one) == told
    assert changes.found({}, other) == []


def test_what_was_accepted_holds_from_the_step_that_the_run_goes_on_from() -> None:
    summary, told = changes.go_on(identity(), identity(k=2), 20)
    assert told == ["accepted: k was 1 and is now 2"]
    summary, told = changes.go_on(summary, identity(k=2), 10)
    assert told == []
    assert summary["accepted"] == [{"step": 10, "changes": ["k was 1 and is now 2"]}]


def test_a_module_of_ones_own_that_changed_is_told() -> None:
    before, now = ({**identity(), "modules": {"mine": sha, "same": "c"}} for sha in "ab")
    summary, told = changes.go_on(before, now, 20)
    assert told == ["mine has changed since this run was started."]
    assert changes.go_on(summary, now, 30)[1] == []


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    (tmp_path / "photos").mkdir()
    for i in range(9):
        pixels = rng.integers(0, 256, (8, 8), np.uint8)
        Image.fromarray(pixels).save(tmp_path / "photos" / f"{i}.png")
    return tmp_path / "photos"


def on_photos(folder: Path) -> Prepared:
    data = {"name": "images", "path": str(folder), "size": 8}
    return prepare(config.load(SMALL | {"dataset": data}))


def test_large_data_is_hashed_again_only_where_its_files_differ(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "QUICK", 0)
    start = changes.identity(on_photos(photos), {})
    hashed = []
    whole = content.sha256
    monkeypatch.setattr(content, "sha256", lambda split: hashed.append(1) or whole(split))
    assert changes.identity(on_photos(photos), start) == start
    assert changes.identity(on_photos(photos), {}) == start, "as of another run, or of a process"
    assert hashed == []
    os.utime(photos / "3.png", (1, 1))
    touched = changes.identity(on_photos(photos), start)
    assert len(hashed) == 1
    assert changes.found(start, touched) == []
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(photos / "3.png")
    other = changes.identity(on_photos(photos), touched)
    told = "the examples of dataset=images are not those that it was trained on"
    assert changes.found(start, other) == [told]
