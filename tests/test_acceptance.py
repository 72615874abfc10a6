"""What the project promises of its trained generators, measured by classifiers of the real data."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Command = Callable[..., Any]


def judged(classifier: Any, samples: np.ndarray) -> tuple[float, int]:
    """A classifier's mean top probability over samples, and how many classes it sees."""
    probabilities = classifier.predict_proba(samples)
    return probabilities.max(axis=1).mean(), len(set(probabilities.argmax(axis=1)))


@pytest.mark.product
@pytest.mark.timeout(600)
def test_gan_train_draws_digits(gan: Command, empty: Path) -> None:
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    assert gan("train").status == 0
    assert gan("sample", "latest", "--count", "1000", "--out", "samples.npz").status == 0
    images, labels = load_digits(return_X_y=True)
    scaler = StandardScaler().fit(images)
    classifier = LogisticRegression(max_iter=2000).fit(scaler.transform(images), labels)
    samples = np.load(empty / "samples.npz")["samples"].reshape(1000, 64)
    confidence, classes = judged(classifier, scaler.transform((samples + 1) * 8))
    assert confidence >= 0.8
    assert classes == 10


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set: no MNIST")
def test_dcgan_draws_mnist(gan: Command, empty: Path) -> None:
    from sklearn.neural_network import MLPClassifier

    from gan_cli.datasets.mnist import Mnist

    assert gan("train", "experiment=mnist_dcgan", "steps=1500").status == 0
    assert gan("sample", "latest", "--count", "1000", "--out", "samples.npz").status == 0
    images, labels = Mnist().split("train")
    flat = images[:10000].reshape(10000, -1) / 255
    classifier = MLPClassifier((128,), early_stopping=True, random_state=0)
    classifier.fit(flat, labels[:10000])
    samples = np.load(empty / "samples.npz")["samples"].reshape(1000, -1)
    confidence, classes = judged(classifier, (samples + 1) / 2)
    assert confidence >= 0.7
    assert classes == 10
