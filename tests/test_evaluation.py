"""Which metrics judge what, which examples they judge by, and samples that cannot be judged."""

from pathlib import Path

import numpy as np
import pytest

from gan_cli import evaluation
from gan_cli.datasets.array import Array
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.features import extractors
from gan_cli.features.base import Pixels
from gan_cli.metrics import choice


def test_examples_of_a_distribution_are_fresh() -> None:
    real = evaluation.reference(Ring(), "test")
    assert real.train.shape == real.validation.shape == real.held_out.shape == (10_000, 2)
    assert not {*map(tuple, real.train)} & {*map(tuple, real.held_out)}
    again = evaluation.reference(Ring(), "test")
    np.testing.assert_array_equal(real.held_out, again.held_out)


def test_examples_of_a_data_set_are_those_of_its_splits() -> None:
    real = evaluation.reference(Digits(), "test")
    assert real.train.min() == -1
    assert real.train.max() == 1
    expected = Digits().split("test").examples / 8 - 1
    rows = [sorted(map(tuple, x.reshape(len(x), -1))) for x in (real.held_out, expected)]
    np.testing.assert_allclose(*rows)


def test_one_half_of_the_validation_split_judges_and_the_other_chooses() -> None:
    real = evaluation.reference(Digits(), "validation")
    assert len(real.validation) == len(real.held_out) == 100
    parts = np.concatenate([real.validation, real.held_out])
    expected = Digits().split("validation").examples / 8 - 1
    np.testing.assert_allclose(*[sorted(map(tuple, x.reshape(200, -1))) for x in (parts, expected)])


def test_other_points_judge_while_a_run_is_trained() -> None:
    real, chooses = (evaluation.reference(Ring(), split) for split in ("test", "validation"))
    assert not {*map(tuple, real.held_out)} & {*map(tuple, chooses.held_out)}


def test_a_data_set_that_keeps_nothing_to_judge_by(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((300, 2), np.float32))
    data = Array(path=str(tmp_path / "x.npy"), validation=0, test=0)
    with pytest.raises(UsageError, match="keeps no examples in its validation split"):
        evaluation.reference(data, "test")


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        (np.zeros((200, 3)), r"The samples have the shape \(200, 3\), and those of dataset=ring"),
        (np.zeros(200), r"The samples have the shape \(200,\)"),
        (np.zeros((200, 2), complex), "The samples are no numbers: their type is complex128."),
        (np.zeros((99, 2)), "There are 99 samples, and 100 are the fewest to judge."),
        (
            np.where(np.arange(400).reshape(200, 2) < 3, np.nan, 0),
            "2 of the 200 samples hold NaN or infinity.",
        ),
    ],
)
def test_samples_that_cannot_be_judged(samples: np.ndarray, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        evaluation.checked(samples, Ring())


def test_images_of_another_range() -> None:
    levels = np.full((100, 8, 8, 1), 255, np.uint8)
    with pytest.raises(UsageError) as error:
        evaluation.checked(levels, Digits())
    assert str(error.value) == (
        "The samples reach 255, and images lie in [-1, 1]. Levels of 0 to 255 are brought there by "
        "samples / 127.5 - 1."
    )


def test_the_document() -> None:
    real = evaluation.reference(Ring(), "test")
    metrics = choice.named(["modes", "fid"], Ring())
    judgements = evaluation.evaluate(real.validation, real, metrics, Pixels(), "test")
    found = evaluation.document(judgements)
    assert found["modes"]["captured"] == found["modes"]["captured_perfect"] == 8
    assert found["modes"]["reverse_kl_low"] < found["modes"]["reverse_kl_high"]
    assert "of_low" not in found["modes"]
    assert found["modes"]["protocol"] == {"samples": 2500, "split": "test", "extractor": None}
    assert found["fid"]["extractor"] == "pixels"
    assert found["fid"]["protocol"]["samples"] == 10_000


def test_the_document_says_how_good_a_classifier_is() -> None:
    seen = extractors.extractor("classifier", Digits(), lambda line: None)
    real = evaluation.reference(Digits(), "test")
    metrics = choice.named(["inception_score", "memorisation"], Digits())
    judgements = evaluation.evaluate(real.validation, real, metrics, seen, "test")
    found = evaluation.document(judgements)
    assert found["inception_score"]["protocol"] == {
        "samples": 200,
        "split": "test",
        "extractor": "classifier",
        "extractor_accuracy": seen.accuracy,
    }
    assert "extractor_accuracy" not in found["memorisation"]["protocol"]


def test_at_most_so_many_training_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = evaluation.reference(Digits(), "test")
    monkeypatch.setattr(evaluation, "MOST", 300)
    some = evaluation.reference(Digits(), "test")
    np.testing.assert_array_equal(some.train, whole.train[:300])
    np.testing.assert_array_equal(some.held_out, whole.held_out)
