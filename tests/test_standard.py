"""Which real examples judge samples, and how often an extractor looks at them."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli import evaluation, standard
from gan_cli.datasets.array import Array
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.features.base import Pixels, Seen
from gan_cli.metrics.fid import FrechetDistance
from gan_cli.metrics.inception_score import InceptionScore
from gan_cli.metrics.kid import KernelDistance
from gan_cli.metrics.mmd import MaximumMeanDiscrepancy
from gan_cli.standard import Standard


def test_examples_of_a_distribution_are_fresh() -> None:
    real = standard.reference(Ring(), "test")
    assert real.train.shape == (25_000, 2)
    assert real.validation.shape == real.held_out.shape == (10_000, 2)
    assert not {*map(tuple, real.train)} & {*map(tuple, real.held_out)}
    again = standard.reference(Ring(), "test")
    np.testing.assert_array_equal(real.held_out, again.held_out)


def test_examples_of_a_data_set_are_those_of_its_splits() -> None:
    real = standard.reference(Digits(), "test")
    assert real.train.min() == -1
    assert real.train.max() == 1
    expected = Digits().split("test").examples / 8 - 1
    rows = [sorted(map(tuple, x.reshape(len(x), -1))) for x in (real.held_out, expected)]
    np.testing.assert_allclose(*rows)


def test_one_half_of_the_validation_split_judges_and_the_other_chooses() -> None:
    real = standard.reference(Digits(), "validation")
    assert len(real.validation) == len(real.held_out) == 100
    parts = np.concatenate([real.validation, real.held_out])
    expected = Digits().split("validation").examples / 8 - 1
    np.testing.assert_allclose(*[sorted(map(tuple, x.reshape(200, -1))) for x in (parts, expected)])


def test_other_points_judge_while_a_run_is_trained() -> None:
    real, chooses = (standard.reference(Ring(), split) for split in ("test", "validation"))
    assert not {*map(tuple, real.held_out)} & {*map(tuple, chooses.held_out)}


def test_a_data_set_that_keeps_nothing_to_judge_by(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((300, 2), np.float32))
    data = Array(path=str(tmp_path / "x.npy"), validation=0, test=0)
    with pytest.raises(UsageError, match="keeps no examples in its validation split") as error:
        standard.reference(data, "test")
    assert "dataset.validation=30 dataset.test=30 keeps some" in str(error.value)


def test_at_most_so_many_training_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = standard.reference(Digits(), "test")
    monkeypatch.setattr(standard, "MOST", 300)
    some = standard.reference(Digits(), "test")
    np.testing.assert_array_equal(some.train, whole.train[:300])
    np.testing.assert_array_equal(some.held_out, whole.held_out)


class Counting(Pixels):
    """Pixels and two classes, and how many examples were looked at."""

    looked_at = 0

    def __call__(self, examples: np.ndarray) -> Seen:
        self.looked_at += len(examples)
        return Seen(examples.reshape(len(examples), -1), np.full((len(examples), 2), 0.5))


def test_examples_are_looked_at_once_for_all_metrics() -> None:
    extractor = Counting()
    real = standard.reference(Digits(), "validation")
    whole = Standard(real, extractor)
    metrics = [FrechetDistance(), KernelDistance(), InceptionScore(), MaximumMeanDiscrepancy()]
    samples = real.train[:300]
    evaluation.scalars(samples, whole, metrics)
    once = len(samples) + sum(len(part) for part in real[1:])
    assert extractor.looked_at == once
    evaluation.perfect_scalars(whole, metrics)
    assert extractor.looked_at == once
    evaluation.evaluate(samples, real, metrics, extractor, "validation")
    assert extractor.looked_at == 2 * once


def test_nothing_is_looked_at_for_metrics_of_examples() -> None:
    extractor = Counting()
    real = standard.reference(Digits(), "validation")
    evaluation.evaluate(real.train[:300], real, [MaximumMeanDiscrepancy()], extractor, "validation")
    assert extractor.looked_at == 0
