"""A data set of the user's own that breaks the contract is told by name, with what is needed."""

from typing import Any

import jax
import numpy as np
import pytest

from gan_cli.component import REGISTRY, component
from gan_cli.datasets import checked
from gan_cli.datasets.base import Dataset, FiniteDataset, Split, SyntheticDataset
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.errors import DataError, UsageError

POINTS = np.ones((30, 2), np.float32)
IMAGES = np.ones((30, 4, 4, 1), np.float32)


def mine(base: type[Dataset] = FiniteDataset, **members: Any) -> Any:
    """A data set of the user's of these members."""
    members = {"name": "mine", "shape": (2,), "levels": None} | members
    made = component(type("Mine", (base,), members))
    REGISTRY["dataset"].pop("mine")  # other tests take all that are registered
    return made()


def giving(found: Any, labels: Any = None, **members: Any) -> Any:
    """A data set of the user's whose every split holds this."""
    return mine(split=lambda self, name: Split(found, labels), **members)


def normal(_: Any, key: Any, n: int) -> jax.Array:
    return jax.random.normal(key, (n, 2))


def raising(*_: Any) -> Any:
    raise ValueError("no such bucket")


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (2, "is 2. It must be a tuple of whole numbers: (D,) for points, such as (2,), "),
        ([2], "is [2]. It must be a tuple of whole numbers"),
        ((0,), "is (0,). It must be a tuple of whole numbers"),
        ((8, 8), "is (8, 8). It must be (D,) for points or (height, width, channels) for images."),
        (Dataset.shape, "shape of dataset 'mine' is not defined."),
    ],
)
def test_a_shape_that_is_none(shape: Any, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked.check(mine(shape=shape))
    start = "" if shape is Dataset.shape else "the shape of dataset 'mine' "
    assert f"{start}{told}" in str(refused.value)


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        (
            lambda self, key, n: jax.random.normal(key, (n, 3)),
            "gave float32 numbers of shape (3, 3) for 3 examples. They must be floats of shape "
            "(3, 2), as the shape of the data set says.",
        ),
        (lambda self, key, n: jax.random.bits(key, (n, 2)), "gave uint32 numbers of shape (3, 2)"),
        (lambda self, key, n: (1.0, 2.0), "gave a tuple. It must be one array."),
        (raising, ": ValueError: no such bucket (test_checked.py, line "),
    ],
)
def test_draws_of_another_shape(sample: Any, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked.check(mine(SyntheticDataset, sample=sample))
    assert str(refused.value).startswith("sample of dataset 'mine'")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "is not defined."),
        (
            {"log_prob": lambda self, x: x},
            "gave the shape (3, 2) for 3 examples. It must be (3,), one number for each.",
        ),
    ],
)
def test_points_without_a_density(more: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked.check(mine(SyntheticDataset, sample=normal, **more))
    assert str(refused.value) == f"log_prob of dataset 'mine' {told}"
    checked.check(
        mine(
            SyntheticDataset,
            shape=(2, 1, 1),
            sample=lambda self, key, n: jax.random.normal(key, (n, 2, 1, 1)),
        )
    )


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        (mine(split=lambda *_: [[1.0, 2.0]]), " gave a list. It must give a Split, such as "),
        (mine(split=lambda *_: None), " gave a NoneType. It must give a Split, such as "),
        (giving([[1.0, 2.0]]), " holds a list. It must hold a NumPy array."),
        (giving(POINTS, shape=(3,)), " holds an array of shape (30, 2). It must be (N, 3), as "),
        (giving(POINTS[:0]), " gave no examples, so there is nothing to train on."),
        (giving(POINTS * np.nan), ": example 0 (counted from 0) has a value that is not a finite "),
        (
            giving(IMAGES * 255, shape=(4, 4, 1)),
            ": example 0 (counted from 0) has values from 255 to 255. Float images must lie in ",
        ),
        (
            giving(IMAGES.astype(np.uint8), shape=(4, 4, 1)),
            " holds uint8 values, and levels is None, which is for floats. ",
        ),
        (giving(POINTS, levels=255), " holds float32 values, and levels=255 is for uint8. "),
        (giving(POINTS.astype(np.uint8) * 9, levels=8), " holds values up to 9, beyond levels=8."),
        (giving(POINTS > 0), " holds bool values, and levels is None, which is for floats. "),
        (
            giving(POINTS, np.arange(3)),
            " has labels of int64 and shape (3,) for 30 examples. They must be whole numbers of "
            "shape (30,), or None.",
        ),
        (giving(POINTS, np.zeros(30)), " has labels of float64 and shape (30,) for 30 examples. "),
    ],
)
def test_a_split_that_is_not_as_it_must_be(dataset: Any, told: str) -> None:
    with pytest.raises(DataError) as refused:
        checked.split(dataset, "train")
    assert str(refused.value).startswith(f"split('train') of dataset 'mine'{told}")


def test_a_split_that_raises() -> None:
    for name, hint in (
        ("train", ""),
        ("test", " Without such examples it gives an array of length 0."),
    ):
        with pytest.raises(DataError) as refused:
            checked.split(mine(split=raising), name)  # type: ignore[arg-type]
        assert str(refused.value) == (
            f"split('{name}') of dataset 'mine' failed: ValueError: no such bucket "
            f"(test_checked.py, line {raising.__code__.co_firstlineno + 1}).{hint}"
        )


def test_what_is_as_it_must_be() -> None:
    drawn = mine(SyntheticDataset, sample=normal, log_prob=lambda self, x: -(x**2).sum(1))
    for dataset in (Digits(), Ring(), mine(), drawn):
        checked.check(dataset)
    found = checked.split(giving(POINTS.astype(np.float64), np.arange(30)), "train")
    assert found.examples.dtype == np.float32
    assert found.labels is not None
    assert found.labels.tolist() == list(range(30))
    assert len(checked.split(giving(POINTS[:0]), "test").examples) == 0
    levels = giving((IMAGES * 9).astype(np.uint8), shape=(4, 4, 1), levels=16)
    assert checked.split(levels, "train").examples.dtype == np.uint8
