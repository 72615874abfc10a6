"""What judgements say, and which samples cannot be judged."""

import math

import numpy as np
import pytest

from gan_cli import evaluation, standard
from gan_cli.component import REGISTRY
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.evaluation import Judgement
from gan_cli.features import extractors
from gan_cli.features.base import Pixels
from gan_cli.metrics import choice
from gan_cli.metrics.base import Interval


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
    real = standard.reference(Ring(), "test")
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
    real = standard.reference(Digits(), "test")
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


def test_all_in_one_sentence() -> None:
    modes = REGISTRY["metric"]["modes"]()

    def judged(**values: tuple[float, float]) -> Judgement:
        """Values with the halves of their intervals; real data have .9 and 8 modes."""
        found = {name: Interval(v, v - half, v + half) for name, (v, half) in values.items()}
        perfect = {"captured": 8.0, "captured_fairly": 8.0, "high_quality": 0.9, "reverse_kl": 0.1}
        return Judgement(modes, found, perfect, 100, "test", None, None)

    as_good = {"captured": (8.0, 0.0), "captured_fairly": (8.0, 0.0), "high_quality": (0.8, 0.1)}
    assert evaluation.overall([judged(**as_good, reverse_kl=(0.1, 0.0))]) == (
        "By none of these numbers can the samples be told from real data."
    )
    worse = as_good | {"captured": (3.0, 0.0), "high_quality": (0.3, 0.1)}
    assert evaluation.overall([judged(**worse, reverse_kl=(0.0, 0.0))]) == (
        "The samples are behind real data in 2 of 4 numbers, most of all: modes/captured is 3 and "
        "not 8; modes/high_quality is 0.3 and not 0.9."
    )
    [first, second, *_] = evaluation.shortfalls([judged(**worse, reverse_kl=(0.0, 0.0))])
    assert first.errors == math.inf
    assert second.errors == pytest.approx(0.6 / (math.sqrt(2) * 0.1 / 1.96))
