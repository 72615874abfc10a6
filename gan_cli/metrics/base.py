"""The contract of a metric: numbers for how near samples come to data, by a stated protocol."""

import copy
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal, NamedTuple, Self

import numpy as np
from jaxtyping import Float, Int

from gan_cli.component import Component
from gan_cli.datasets.base import Dataset

Points = Float[np.ndarray, "n *shape"]
Direction = Literal["higher", "lower"]
Compared = Literal["examples", "features", "probabilities"]
Rows = Int[np.ndarray, "rows"]
Numbers = dict[str, float]
Limits = Mapping[str, tuple[float, float | str]]


class Reference(NamedTuple):
    """The real examples that samples are judged against, in the data's own scale.

    dataset: where they come from.
    train: the examples that a generator learns from, (N, *shape).
    validation: examples to choose by, (M, *shape).
    held_out: examples to judge by, (K, *shape).
    """

    dataset: Dataset
    train: Points
    validation: Points
    held_out: Points


class Interval(NamedTuple):
    """A value with the 95 % interval that the number of samples leaves it."""

    value: float
    low: float
    high: float


class Metric(Component):
    """A judgement of samples.

    samples: how many samples, and at most how many examples, its protocol takes.

    better: for each number that says how good the samples are, whether higher or lower is better.
    compares: the examples themselves, or what an extractor says of them: their features, or the
        probabilities of their classes.
    limits: between which values a number can lie; the name of a number stands for its value.
    rounds: how many random halves of the samples tell its error.
    """

    group = "metric"
    better: ClassVar[Mapping[str, Direction]]
    compares: ClassVar[Compared] = "examples"
    limits: ClassVar[Limits] = {}
    rounds: ClassVar[int] = 20

    samples: int

    def taking(self, samples: int) -> Self:
        """The same metric for another number of samples."""
        changed = copy.copy(self)
        changed.samples = samples
        return changed

    def misfit(self, dataset: Dataset) -> str | None:
        """Why this metric cannot judge samples of a data set, as a clause, or None if it can."""
        return None

    def suits(self, dataset: Dataset) -> bool:
        """Whether samples of a data set are judged by this metric where nobody names one."""
        return self.misfit(dataset) is None

    def measure(self, samples: Points, reference: Reference) -> Numbers:
        """The metric's numbers for samples; more than those that say how good they are."""
        raise NotImplementedError

    def among(self, samples: Points, reference: Reference) -> Callable[[Rows], Numbers]:
        """What `measure` says of some of the samples, chosen by their rows.

        A metric that can compute what all choices share only once has a version of its own.
        """
        return lambda rows: self.measure(samples[rows], reference)

    def perfect_samples(self, reference: Reference) -> Points:
        """Real examples that stand for the samples of a perfect generator.

        An extractor may have learnt the training examples, of which it is surer than of any other.
        """
        return reference.train if self.compares == "examples" else reference.validation

    def intervals(
        self, samples: Points, reference: Reference, rng: np.random.Generator
    ) -> dict[str, Interval]:
        """The metric's numbers for samples, each with its 95 % interval where it has an error.

        The error is the standard deviation of the metric over random halves of the samples, drawn
        without replacement. For a mean of N independent samples it is that of the mean itself: the
        variance of a half around the whole is s^2 / N. A bootstrap would draw samples twice,
        which distances to nearest neighbours and the Wasserstein distance take for closeness.

        Source: Politis, Romano and Wolf 1999, "Subsampling", chapter 2; Shao and Wu 1989, "A
            general theory for jackknife variance estimation", for halves.
        """
        n, measure = len(samples), self.among(samples, reference)
        values = measure(np.arange(n))
        halves = [measure(rng.permutation(n)[: n // 2]) for _ in range(self.rounds)]
        found = {}
        for name, value in values.items():
            error = float(np.std([half[name] for half in halves], ddof=1))
            found[name] = Interval(value, value - 1.96 * error, value + 1.96 * error)
        return found

    def bounded(self, found: Mapping[str, Interval]) -> dict[str, Interval]:
        """The same intervals without what lies beyond the limits of their numbers."""
        kept = dict(found)
        for name, (lowest, highest) in self.limits.items():
            most = found[highest].value if isinstance(highest, str) else highest
            value, low, high = found[name]
            kept[name] = Interval(value, max(low, lowest), min(high, most))
        return kept

    def verdict(self, values: Mapping[str, Interval], perfect: Mapping[str, float]) -> str:
        """What the numbers mean, in one sentence that a newcomer understands."""
        raise NotImplementedError

    def published(self, dataset: Dataset) -> list[str]:
        """Published results by this protocol on this data, a line each."""
        return []


def flat(points: Points) -> Float[np.ndarray, "n features"]:
    """Examples as vectors of 64-bit numbers, (N, D)."""
    return np.asarray(points, np.float64).reshape(len(points), -1)
