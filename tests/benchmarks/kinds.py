"""Samples that are blurred, lack modes, are copies or noise, to find out what a metric sees."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName, scaled
from gan_cli.datasets.mixture import Mixture
from gan_cli.metrics.base import Points, Reference
from gan_cli.standard import FRESH
from gan_cli.training.random import Purpose, key_for

COPIED = 50
"""How many training examples the copies are copies of, at most: equally many of each class."""

CHANGE = 0.01
"""The standard deviation of what is added to near copies: in pixels' own scale, or in modes."""


class Labelled(NamedTuple):
    """Examples of one split in random order, (N, *shape), and the class or mode of each, (N,)."""

    examples: Points
    classes: np.ndarray


class Kinds(NamedTuple):
    """Samples of every kind, equally many of each, and what they are judged by.

    real: what they are judged by; its validation examples stand for a perfect sampler.
    chooses: training examples that are kept apart, by which Parzen's sigma is chosen.
    samples: the samples of each kind, under its name.
    """

    real: Reference
    chooses: Points
    samples: dict[str, Points]


def kinds(dataset: Dataset, count: int, seed: int = 0) -> Kinds:
    """Makes samples of every kind for a data set.

    The held-out real data are half of the validation examples, and the other half stands for a
    perfect sampler. Samples of every second class come from both, so Parzen needs other examples to
    choose its sigma by.

    Args:
        dataset: a mixture of points, or labelled images.
        count: the most samples of each kind; small data sets give fewer.
        seed: the seed of what is random in them.
    """
    rng = np.random.default_rng(seed)
    train, validation, test = (
        _split(dataset, name, rng) for name in ("train", "validation", "test")
    )
    apart = min(1000, len(train.examples) // 5)
    learnt = Labelled(train.examples[apart:], train.classes[apart:])
    half = validation.examples[validation.classes % 2 == 0]
    count = min(count, len(validation.examples) // 2, len(half))
    ours, others = validation.examples[:count], validation.examples[-count:]
    copies = rng.choice(_few_of_each_class(learnt), count)
    near = copies + CHANGE * _scale(dataset) * rng.normal(size=copies.shape)
    made = {
        "real": ours,
        "blurred": _blurred(ours, dataset, rng),
        "half": rng.permutation(half)[:count],
        "copies": copies,
        "near copies": near if isinstance(dataset, Mixture) else near.clip(-1, 1),
        "noise": rng.uniform(copies.min(), copies.max(), ours.shape),
    }
    samples = {kind: np.asarray(points, np.float32) for kind, points in made.items()}
    real = Reference(dataset, learnt.examples, others, test.examples)
    return Kinds(real, train.examples[:apart], samples)


def _split(dataset: Dataset, name: SplitName, rng: np.random.Generator) -> Labelled:
    """The examples of a split, shuffled: those of MNIST are sorted by writers."""
    if isinstance(dataset, Mixture):
        key = key_for(int(rng.integers(2**31)), Purpose.EVALUATION)
        examples = np.asarray(dataset.sample(key, FRESH[name]))
        offsets = examples[:, None] - np.asarray(dataset.modes().centres)
        return Labelled(examples, np.linalg.norm(offsets, axis=2).argmin(axis=1))
    assert isinstance(dataset, FiniteDataset)
    stored, labels = dataset.split(name)
    assert labels is not None
    order = rng.permutation(len(labels))
    return Labelled(scaled(stored[order], dataset.levels), labels[order])


def _few_of_each_class(learnt: Labelled) -> Points:
    """At most COPIED examples, equally many of each class."""
    classes = np.unique(learnt.classes)
    each = COPIED // len(classes)
    rows = [np.flatnonzero(learnt.classes == i)[:each] for i in classes]
    return learnt.examples[np.concatenate(rows)]


def _scale(dataset: Dataset) -> float:
    return float(np.mean(dataset.modes().std)) if isinstance(dataset, Mixture) else 1.0


def _blurred(samples: Points, dataset: Dataset, rng: np.random.Generator) -> Points:
    """Points with a normal added that is as wide as a mode, or images behind a Gaussian filter.

    The filter is 1 pixel wide for images of 28 x 28 pixels.
    """
    if samples.ndim == 2:
        return samples + _scale(dataset) * rng.normal(size=samples.shape)
    width = max(0.5, samples.shape[1] / 28)
    blurred: np.ndarray = gaussian_filter(samples, (0, width, width, 0), mode="nearest")
    return blurred
