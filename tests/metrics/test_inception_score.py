"""The inception score equals plain NumPy, and a classifier of digits sees what is wrong."""

import math

import numpy as np
import pytest

from gan_cli import evaluation, standard
from gan_cli.datasets.digits import Digits
from gan_cli.features import extractors
from gan_cli.features.base import Extractor
from gan_cli.metrics.base import Metric, Points, Reference
from gan_cli.metrics.fid import FrechetDistance
from gan_cli.metrics.inception_score import InceptionScore


@pytest.fixture(scope="module")
def digits() -> Reference:
    return standard.reference(Digits(), "test")


@pytest.fixture(scope="module")
def classifier() -> Extractor:
    return extractors.extractor("classifier", Digits(), lambda line: None)


def test_it_equals_plain_numpy(rng: np.random.Generator, images: Reference) -> None:
    answers = rng.dirichlet(np.full(4, 0.3), 50)
    answers[0] = [0, 0, 1, 0]
    marginal = answers.mean(axis=0)
    divergences = [
        sum(p * math.log(p / q) for p, q in zip(row, marginal, strict=True) if p) for row in answers
    ]
    found = InceptionScore().measure(answers, images)
    assert found["value"] == pytest.approx(math.exp(np.mean(divergences)), rel=1e-6)
    assert found["of"] == 4


def test_the_best_and_the_worst(images: Reference) -> None:
    assert InceptionScore().measure(np.eye(10), images)["value"] == pytest.approx(10)
    assert InceptionScore().measure(np.full((9, 10), 0.1), images)["value"] == pytest.approx(1)


@pytest.mark.parametrize("metric", [InceptionScore(), FrechetDistance()], ids=lambda m: m.name)
@pytest.mark.parametrize("fault", ["blur", "noise", "half of the classes"])
def test_it_sees(
    metric: Metric, fault: str, digits: Reference, classifier: Extractor, rng: np.random.Generator
) -> None:
    real = digits.train[:1000]
    labels = classifier(real).probabilities.argmax(axis=1)

    def blurred(x: Points) -> Points:
        for axis in (1, 2):
            x = (np.roll(x, 1, axis) + x + np.roll(x, -1, axis)) / 3
        return x

    samples = {
        "blur": blurred(real),
        "noise": rng.uniform(-1, 1, real.shape).astype(np.float32),
        "half of the classes": np.concatenate([real[labels < 5]] * 2),
    }[fault]
    [found] = evaluation.evaluate(samples, digits, [metric], classifier, "test")
    seen, perfect = found.values["value"], found.perfect["value"]
    if metric.better["value"] == "higher":
        assert seen.high < perfect
    else:
        assert seen.low > perfect
