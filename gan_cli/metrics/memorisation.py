"""Whether samples are copies of training examples."""

from collections.abc import Callable, Mapping
from typing import ClassVar

import numpy as np

from gan_cli.bounds import Size
from gan_cli.component import component
from gan_cli.datasets.base import Dataset, FiniteDataset
from gan_cli.metrics.base import (
    Direction,
    Interval,
    Limits,
    Metric,
    Numbers,
    Points,
    Reference,
    Rows,
)
from gan_cli.metrics.distances import nearest


@component
class Memorisation(Metric):
    """The share of samples that are nearer to the training data than to held-out data.

    For each sample the distances to its nearest training example and to its nearest held-out
    example, from equally many of both, are compared: half of perfect samples are nearer to a
    training example. `copies` is the share whose distance to the training data is less than a tenth
    of that to held-out data.

    A trap: the share depends on the few held-out examples too. Where there are hundreds of them
    only, it strays from a half by a tenth for samples that copy nothing. With few held-out examples
    it leaves out most of the training data, and hardly sees copies of those; `copies` sees them.

    samples: how many samples are judged, against as many of each kind of examples.

    Source: Meehan, Chaudhuri and Dasgupta 2020, "A non-parametric test to detect data-copying in
        generative models", section 2, without its cells.
    """

    name = "memorisation"
    better: ClassVar[Mapping[str, Direction]] = {"nearer_to_training": "lower", "copies": "lower"}

    limits: ClassVar[Limits] = {
        "nearer_to_training": (0, 1),
        "copies": (0, 1),
    }
    samples: Size = 2000

    def misfit(self, dataset: Dataset) -> str | None:
        finite = isinstance(dataset, FiniteDataset)
        return None if finite else "there are no training examples to remember"

    def perfect_samples(self, reference: Reference) -> Points:
        return reference.validation

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        return self.among(samples, reference)(np.arange(len(samples)))

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        parts = (samples, reference.train, reference.held_out)
        x, train, held_out = (part.reshape(len(part), -1) for part in parts)
        count = min(len(train), len(held_out))
        evenly = np.linspace(0, len(train) - 1, count).astype(int)
        to_held_out = nearest(x, held_out[:count])
        nearer = nearest(x, train[evenly]) < to_held_out
        copies = nearest(x, train) < 0.1 * to_held_out
        return lambda rows: {
            "nearer_to_training": float(nearer[rows].mean()),
            "copies": float(copies[rows].mean()),
        }

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        copies = values["copies"]
        if copies.low > max(perfect["copies"], 0.01):
            return f"{copies.value:.0%} of the samples are copies of training examples."
        return "The samples are no copies of training examples."
