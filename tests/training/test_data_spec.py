"""The shape and the mean of the data, and too few examples for a minibatch."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.datasets.array import Array
from gan_cli.datasets.base import Split
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.datasets.scale import SOME
from gan_cli.errors import UsageError
from gan_cli.training.data_spec import data_spec


def test_the_mean_is_that_of_the_examples_as_the_networks_see_them() -> None:
    examples = Digits().split("train").examples
    spec = data_spec(Digits(), Split(examples), 16)
    assert spec.shape == (8, 8, 1)
    np.testing.assert_allclose(spec.mean, (examples / 8.0 - 1.0).mean(axis=0).ravel(), atol=1e-6)
    assert data_spec(Ring(), None, 16) == DataSpec((2,))


def test_the_mean_of_many_examples_is_taken_over_some_of_all_parts(tmp_path: Path) -> None:
    many = np.zeros((3 * SOME, 1), np.float32)
    many[2 * SOME :] = 1.0
    np.save(tmp_path / "x.npy", many)
    [mean] = data_spec(Array(path=str(tmp_path / "x.npy")), Split(many), 16).mean or ()
    assert mean == pytest.approx(1 / 3, abs=1e-3)


@pytest.mark.parametrize(
    ("count", "unit", "mend"),
    [
        (50, 4, "Set batch_size=48 or a smaller multiple of 4."),
        (7, 4, "Set batch_size=4."),
        (3, 4, "Choose a smaller architecture.packing, or fewer devices."),
    ],
)
def test_a_minibatch_of_few_examples_has_whole_packs(count: int, unit: int, mend: str) -> None:
    examples = Split(np.zeros((count, 2), np.float32))
    with pytest.raises(UsageError) as error:
        data_spec(Array(path="x.npy"), examples, 128, unit)
    assert str(error.value) == (
        f"batch_size=128: dataset 'array' has only {count} training examples. {mend}"
    )


def test_a_single_example_is_no_plural() -> None:
    with pytest.raises(UsageError, match=r"has only 1 training example\. Set batch_size=1\."):
        data_spec(Array(path="x.npy"), Split(np.zeros((1, 2), np.float32)), 2)
