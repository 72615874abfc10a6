"""The classifier learns labels well, is trained once for each content, and is kept whole."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gan_cli.component import component
from gan_cli.datasets.base import FiniteDataset, Split, SplitName, scaled
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.fashion_mnist import FashionMnist
from gan_cli.datasets.mnist import Mnist
from gan_cli.datasets.ring import Ring
from gan_cli.errors import DataError
from gan_cli.features import classifier, network
from gan_cli.metrics.base import Reference
from gan_cli.metrics.precision_recall import PrecisionRecall

needs_files = pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set")


@component
class Stripes(FiniteDataset):
    """Images whose upper or lower half is bright."""

    colours: int = 1
    changed: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        return (5, 6, self.colours)

    @property
    def classes(self) -> int:
        return 2

    def split(self, name: SplitName) -> Split:
        rng = np.random.default_rng(0 if name == "train" else 1)
        images = rng.integers(0, 100, (60, *self.shape), np.uint8)
        labels = np.arange(60) % 2
        images[labels == 0, :2] += 150
        images[labels == 1, 3:] += 150
        if name == "train":
            images[0, 0, 0] = self.changed
        return Split(images, labels)


Stripes.name = "stripes"  # which is told, and not registered


@pytest.fixture
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Short trainings, and an empty cache; returns the folder of the classifiers."""
    monkeypatch.setattr(network, "STEPS", 60)
    monkeypatch.setattr(network, "CHUNK", 30)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "gan" / "classifiers"


def train(dataset: FiniteDataset) -> tuple[classifier.Classifier, list[str]]:
    notes: list[str] = []
    return classifier.trained(dataset, notes.append), notes


@pytest.mark.slow
def test_it_tells_digits_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made, notes = train(Digits())
    assert made.accuracy >= 0.97
    assert notes[-1] == f"it tells the class of {made.accuracy:.1%} of the test examples"


@needs_files
@pytest.mark.long
@pytest.mark.parametrize(
    ("dataset", "least"),
    [(Mnist(), 0.99), (FashionMnist(), 0.90)],
    ids=["mnist", "fashion_mnist"],
)
def test_it_tells_larger_data_sets_apart_and_noise_from_them(
    dataset: FiniteDataset, least: float
) -> None:
    made, _ = train(dataset)
    assert made.accuracy >= least
    real = Reference(
        dataset,
        *(
            made(scaled(dataset.split(name).examples[:1000], dataset.levels)).features
            for name in ("train", "validation", "test")
        ),
    )
    metric, rng, shape = PrecisionRecall(samples=1000), np.random.default_rng(0), (200, 28, 28, 1)
    noises = {
        "uniform": rng.uniform(-1, 1, shape),
        "normal": rng.normal(size=shape).clip(-1, 1),
        "dots": rng.choice([-1, 1], shape, p=[0.8, 0.2]),
    }
    for name, noise in noises.items():
        looks = made(noise.astype(np.float32)).features
        assert metric.measure(looks, real)["precision"] < 0.05, name


def test_features_and_probabilities(quick: Path) -> None:
    made, _ = train(Stripes(colours=3))
    images = np.zeros((7, 5, 6, 3), np.float32)
    features, probabilities = made(images)
    assert features.shape == (7, network.WIDTH)
    assert probabilities.shape == (7, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


def test_blocks_change_nothing(quick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = train(Stripes())
    images = np.random.default_rng(0).uniform(-1, 1, (11, 5, 6, 1)).astype(np.float32)
    whole = made(images).features
    monkeypatch.setattr(classifier, "BLOCK", 4)
    np.testing.assert_allclose(made(images).features, whole, rtol=1e-5, atol=1e-6)


def test_it_is_trained_once(quick: Path) -> None:
    assert classifier.cached(Stripes()) is None
    made, notes = train(Stripes())
    assert notes[0] == "training the classifier of dataset=stripes, once (about a minute)"
    again, notes = train(Stripes())
    found = classifier.cached(Stripes())
    assert notes == []
    assert found is not None
    assert made.accuracy == again.accuracy == found.accuracy == 1
    images = np.linspace(-1, 1, 60, dtype=np.float32).reshape(2, 5, 6, 1)
    np.testing.assert_array_equal(found(images).features, made(images).features)


def test_a_changed_example_is_another_content(quick: Path) -> None:
    train(Stripes())
    assert classifier.cached(Stripes(changed=1)) is None
    _, notes = train(Stripes(changed=1))
    assert notes
    assert len(list(quick.iterdir())) == 2


@pytest.mark.parametrize("damage", ["half of it", "other content", "other shapes"])
def test_a_damaged_file_is_made_again(quick: Path, damage: str) -> None:
    made, _ = train(Stripes())
    [path] = quick.iterdir()
    if damage == "half of it":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif damage == "other content":
        path.write_bytes(b"nothing of the kind")
    else:
        np.savez(path, *[np.zeros(3)] * 9, accuracy=1.0)
    assert classifier.cached(Stripes()) is None
    again, notes = train(Stripes())
    assert notes[0] == f"{path} is damaged, so it is made again"
    assert again.accuracy == made.accuracy
    assert classifier.cached(Stripes()) is not None


def test_a_cache_that_cannot_be_written(quick: Path) -> None:
    quick.parent.write_text("a file where a folder should be")
    with pytest.raises(DataError) as error:
        train(Stripes())
    assert str(error.value) == (
        f"{quick} cannot be made: {quick.parent} is not a folder. "
        "XDG_CACHE_HOME names another cache."
    )


@pytest.mark.slow
def test_two_processes_train_one(tmp_path: Path) -> None:
    program = (
        "from gan_cli.datasets.digits import Digits\n"
        "from gan_cli.features import classifier, network\n"
        "network.STEPS = network.CHUNK = 300\n"
        "print(classifier.trained(Digits(), classifier.to_stderr).accuracy)\n"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | {"XDG_CACHE_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sum("training the classifier" in err for _, err in told) == 1
    assert told[0][0] == told[1][0]


def test_data_that_no_classifier_can_learn() -> None:
    assert classifier.misfit(Ring()) == "there are no labels to learn"
    assert classifier.misfit(Digits()) is None
