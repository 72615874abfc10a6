"""The real examples that samples are judged by."""

import dataclasses
import functools
import math

import numpy as np

from gan_cli.datasets import checked, partition
from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName, SyntheticDataset, scaled
from gan_cli.errors import UsageError
from gan_cli.features.base import Extractor, Seen
from gan_cli.metrics.base import Compared, Metric, Numbers, Points, Reference
from gan_cli.training.random import Purpose, key_for

FRESH = {"train": 25_000, "validation": 10_000, "test": 10_000}
"""How many examples of a known distribution stand for each split of a data set."""

PARTS, CHEAP = 10, 2_000_000
"""What real examples score is a mean over so many parts, if they hold fewer numbers than CHEAP."""

MOST = 50_000
"""The most training examples that are taken, chosen at random where there are more."""

SEEN = 26_000
"""Of how many of them the extractor gives features; no protocol takes more."""


@dataclasses.dataclass(eq=False)
class Views:
    """Some examples as metrics see them; an extractor looks at them once, and only if it has to.

    examples: the examples themselves.
    extractor: what gives their features and the probabilities of their classes.
    """

    examples: Points
    extractor: Extractor

    @functools.cached_property
    def _seen(self) -> Seen:
        return self.extractor(self.examples)

    def __getitem__(self, compared: Compared) -> Points:
        """What metrics of one kind compare: the examples, their features, or probabilities."""
        if compared == "examples":
            return self.examples
        return self._seen.features if compared == "features" else self._seen.probabilities


@dataclasses.dataclass(eq=False)
class Standard:
    """What samples are judged by: real examples, and what an extractor says of them.

    real: the examples themselves.
    extractor: gives the features of examples to the metrics that compare features.
    """

    real: Reference
    extractor: Extractor

    @functools.cached_property
    def _parts(self) -> list[Views]:
        return [Views(part[:SEEN], self.extractor) for part in self.real[1:]]

    def of(self, metric: Metric) -> Reference:
        """What a metric compares samples with."""
        if metric.compares == "examples":
            return self.real
        return Reference(self.real.dataset, *(part[metric.compares] for part in self._parts))

    def perfect(self, metric: Metric) -> Points:
        """The real examples that stand for perfect samples, at most as many as a metric takes."""
        return self._pool(metric)[: metric.samples]

    def perfect_numbers(self, metric: Metric, count: int) -> Numbers:
        """What so many real examples score: the mean over several parts of them, where cheap.

        A single part can be a lucky draw. Parts share no examples.
        """
        pool = self._pool(metric)
        cheap = CHEAP // (count * math.prod(pool.shape[1:]))
        parts = max(1, min(PARTS, cheap, len(pool) // count))
        found = [
            metric.measure(pool[i * count : (i + 1) * count], self.of(metric)) for i in range(parts)
        ]
        return {name: float(np.mean([each[name] for each in found])) for name in found[0]}

    def _pool(self, metric: Metric) -> Points:
        """All that stand for perfect samples, in a random order: some data are sorted by writer."""
        pool = metric.perfect_samples(self.of(metric))
        return pool[np.random.default_rng(0).permutation(len(pool))]


def reference(dataset: Dataset, split: SplitName, seed: int = 0) -> Reference:
    """The examples to judge by: those of a data set's splits, or fresh ones of a distribution.

    Where the validation split judges, only half of it does. The other half chooses, as the whole of
    it does where the test split judges.

    Args:
        dataset: a data set, or a distribution.
        split: which examples judge: test, or validation while settings are still being chosen.
        seed: the seed for fresh examples, and for the order of those of a data set.

    Raises:
        DataError: if a file is missing or damaged.
        UsageError: if the data set keeps no examples to judge by.
    """
    if isinstance(dataset, SyntheticDataset):
        purpose = Purpose.VALIDATION if split == "validation" else Purpose.EVALUATION
        fresh = (
            np.asarray(dataset.sample(key_for(seed, purpose, 0, i), count))
            for i, count in enumerate(FRESH.values())
        )
        return Reference(dataset, *fresh)
    assert isinstance(dataset, FiniteDataset)
    order = np.random.default_rng(seed)
    train, validation, held_out = (
        checked.split(dataset, name).examples for name in ("train", "validation", split)
    )
    count = len(train)
    train = train[order.permutation(len(train))[:MOST]]
    held_out = held_out[order.permutation(len(held_out))]
    if split == "validation":
        validation, held_out = held_out[::2], held_out[1::2]
    for name, part in (("validation", validation), (split, held_out)):
        if not len(part):
            raise UsageError(
                f"dataset={dataset.name} keeps no examples in its {name} split, by which samples "
                f"are judged. {partition.keeping(dataset, count)}"
            )
    parts = (scaled(part, dataset.levels) for part in (train, validation, held_out))
    return Reference(dataset, *parts)
