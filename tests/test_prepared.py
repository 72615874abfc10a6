"""What is ready to train: data that is read once, and parts that fit one another."""

from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from jax.sharding import AbstractMesh

from gan_cli import config, soundness
from gan_cli.datasets.base import Dataset, Split
from gan_cli.datasets.digits import Digits
from gan_cli.errors import DataError, UsageError
from gan_cli.job.header import facts
from gan_cli.prepared import Prepared, prepare
from gan_cli.training.feeds import FromDisk, SameSource
from gan_cli.training.layout import Layout
from gan_cli.training.state import begin
from tests.values import SMALL

DIGITS = {"dataset": {"name": "digits"}}


def ready(splits: dict[Dataset, Split] | None = None, **changes: Any) -> Prepared:
    return prepare(config.load(SMALL | {"compile_cache": "off"} | changes), splits)


@pytest.fixture
def points(tmp_path: Path) -> dict[str, Any]:
    """1,000 points of the plane in a file."""
    np.save(tmp_path / "x.npy", np.arange(2000, dtype=np.float32).reshape(1000, 2) / 2000)
    return {"name": "array", "path": str(tmp_path / "x.npy"), "validation": 0, "test": 0}


def test_members_share_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    split = Digits.split

    def counted(self: Digits, name: Any) -> Split:
        read.append(name)
        return split(self, name)

    monkeypatch.setattr(Digits, "split", counted)
    splits: dict[Dataset, Split] = {}
    first, second = (ready(splits, **DIGITS, seed=seed) for seed in (1, 2))
    drawn = ready(splits)
    assert read == ["train"]
    assert first.split is second.split is splits[Digits()]
    assert list(splits) == [Digits()]
    assert drawn.split is None
    assert ready(**DIGITS).split is not first.split, "nothing is kept beyond the members"


def test_the_header_says_among_how_many_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    layout = Layout(AbstractMesh((2,), ("examples",)))  # type: ignore[arg-type]
    monkeypatch.setattr(Layout, "processes", 1)
    prepared = ready(device="cpu")
    assert facts(prepared)["device"] == "cpu"
    assert facts(prepared._replace(layout=layout))["device"] == "2 x cpu, each with 4 of a batch"
    monkeypatch.setattr(Layout, "processes", 2)
    told = facts(prepared._replace(layout=layout))["device"]
    assert told == "2 x cpu in 2 processes, each with 4 of a batch"


def test_the_outline_is_that_of_the_state() -> None:
    prepared = ready(**DIGITS, ema=0.5)
    networks, state = begin(prepared.experiment.recipe, prepared.spec)
    shapes = jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), (networks, state))
    assert shapes == jax.tree.map(
        lambda leaf: (leaf.shape, leaf.dtype), (prepared.networks, prepared.abstract)
    )


def test_what_is_odd_about_the_data_stands_in_the_header(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(320, dtype=np.uint8).reshape(20, 4, 4) % 100)
    dataset = {"name": "array", "path": str(tmp_path / "x.npy"), "validation": 0, "test": 0}
    prepared = ready(dataset=dataset)
    assert prepared.range.startswith("pixels from 0 to 99, where 0 is black and 255 is white: ")
    assert facts(prepared)["range"] == prepared.range
    assert facts(prepared)["judging"] == (
        "none, since no examples are set aside to judge by. A new training with "
        "dataset.validation=2 dataset.test=2 keeps some, and leaves 16 to train on "
        "(batch_size=16 or less)."
    )
    assert not {"range", "judging"} & set(facts(ready()))
    assert "judging" not in facts(ready(dataset=dataset, evaluate_end="off"))
    assert "judging" not in facts(ready(dataset=dataset | {"validation": 2, "test": 2}))


@pytest.mark.parametrize(("resident", "on_disk"), [(1, True), (2, False)])
def test_what_is_too_large_for_the_device_stays_on_disk(
    resident: int, on_disk: bool, tmp_path: Path
) -> None:
    """An array of 2 MiB fits into 2."""
    np.save(tmp_path / "x.npy", np.zeros((2**17, 4), np.float32))
    points = {"name": "array", "path": str(tmp_path / "x.npy"), "validation": 0, "test": 0}
    prepared = ready(dataset=points, resident_mib=resident)
    assert prepared.stays_on_disk == on_disk
    feed = prepared.feed()
    assert isinstance(feed, FromDisk if on_disk else SameSource)
    feed.close()


def test_too_few_examples_for_a_minibatch_are_refused(points: dict[str, Any]) -> None:
    assert ready(dataset=points, batch_size=1000).split is not None
    with pytest.raises(UsageError) as error:
        ready(dataset=points, batch_size=1001)
    assert str(error.value) == (
        "batch_size=1001: dataset 'array' has only 1000 training examples. "
        "Set batch_size=1000 or less."
    )


def test_an_architecture_that_does_not_fit_the_data_is_refused() -> None:
    with pytest.raises(UsageError, match=r"^architecture=dcgan draws square images"):
        ready(architecture={"name": "dcgan"})


def test_missing_data_is_no_usage_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.npy"):
        ready(dataset={"name": "array", "path": str(tmp_path / "none.npy")})


def test_a_jax_that_computes_wrong_numbers_is_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(soundness, "installed", lambda package: "0.10.2")
    with pytest.raises(UsageError, match=r"^jaxlib 0\.10\.2 computes wrong sums"):
        ready(dataset={"name": "array", "path": str(tmp_path / "none.npy")})
