"""Samples judged by metrics, beside what a perfect sampler scores by the same protocol."""

import dataclasses
import functools
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName, SyntheticDataset, scaled
from gan_cli.errors import UsageError
from gan_cli.features import extractors
from gan_cli.features.base import Extractor, ExtractorName, Pixels
from gan_cli.metrics.base import Interval, Metric, Points, Reference
from gan_cli.metrics.choice import directions
from gan_cli.runs.evaluations import PERFECT
from gan_cli.training.random import Purpose, key_for

FRESH = 10_000
"""How many examples of a known distribution stand for each split of a data set."""

MOST = 50_000
"""The most training examples that are taken, chosen at random where there are more."""

SEEN = 26_000
"""Of how many of them the extractor gives features; no protocol takes more."""

FEWEST = 100
"""With fewer samples nothing can be said."""


class Judgement(NamedTuple):
    """What a metric says of samples.

    metric: the metric, with its settings.
    values: its numbers for the samples, with their intervals.
    perfect: its numbers for as many real examples.
    samples: how many samples were judged.
    split: which examples they were judged against.
    extractor: the features that were compared; None where they were the examples themselves.
    accuracy: the share of test examples whose class the extractor tells, if it tells classes.
    """

    metric: Metric
    values: Mapping[str, Interval]
    perfect: Mapping[str, float]
    samples: int
    split: str
    extractor: str | None
    accuracy: float | None

    @property
    def verdict(self) -> str:
        return self.metric.verdict(self.values, self.perfect)


@dataclasses.dataclass(eq=False)
class Standard:
    """What samples are judged by: real examples, and their features, which are computed once.

    real: the examples themselves.
    extractor: gives the features of examples to the metrics that compare features.
    """

    real: Reference
    extractor: Extractor

    @functools.cached_property
    def features(self) -> Reference:
        """The features of the examples."""
        return self._through(self.extractor)

    @functools.cached_property
    def probabilities(self) -> Reference:
        """The probabilities of the examples' classes."""
        return self._through(self.extractor.probabilities)

    def of(self, metric: Metric) -> Reference:
        """What a metric compares samples with."""
        if metric.compares == "features":
            return self.features
        return self.probabilities if metric.compares == "probabilities" else self.real

    def compared(self, samples: Points, metric: Metric) -> tuple[Points, Points]:
        """The samples that a metric judges, as it sees them, and as many perfect ones."""
        perfect = metric.perfect_samples(self.of(metric))
        count = min(metric.samples, len(samples), len(perfect))
        judged = samples[:count]
        if metric.compares == "features":
            judged = self.extractor(judged)
        elif metric.compares == "probabilities":
            judged = self.extractor.probabilities(judged)
        return judged, perfect[:count]

    def _through(self, look: Callable[[Points], Points]) -> Reference:
        return Reference(self.real.dataset, *(look(part[:SEEN]) for part in self.real[1:]))


def extractor_for(
    metrics: Iterable[Metric],
    dataset: Dataset,
    note: Callable[[str], None],
    name: ExtractorName | None = None,
) -> Extractor:
    """The extractor whose features metrics compare; pixels where none compares any.

    Args:
        metrics: what judges.
        dataset: what is judged.
        note: is told, in one line each, what one waits for where it has to be trained first.
        name: which one, in place of the one that suits the data set.
    """
    if all(metric.compares == "examples" for metric in metrics):
        return Pixels()
    return extractors.extractor(name or extractors.suiting(dataset), dataset, note)


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
        fresh = (np.asarray(dataset.sample(key_for(seed, purpose, 0, i), FRESH)) for i in range(3))
        return Reference(dataset, *fresh)
    assert isinstance(dataset, FiniteDataset)
    order = np.random.default_rng(seed)
    train, validation, held_out = (
        dataset.split(name).examples for name in ("train", "validation", split)
    )
    train = train[order.permutation(len(train))[:MOST]]
    held_out = held_out[order.permutation(len(held_out))]
    if split == "validation":
        validation, held_out = held_out[::2], held_out[1::2]
    for name, part in (("validation", validation), (split, held_out)):
        if not len(part):
            raise UsageError(
                f"dataset={dataset.name} keeps no examples in its {name} split, by which samples "
                f"are judged. dataset.{name}=1000 keeps some."
            )
    parts = (scaled(part, dataset.levels) for part in (train, validation, held_out))
    return Reference(dataset, *parts)


def checked(samples: np.ndarray, dataset: Dataset) -> Points:
    """The same samples, if they can be samples of this data set.

    Raises:
        UsageError: for another shape, a value that is not finite, an image beyond [-1, 1], or too
            few samples.
    """
    shape = dataset.shape
    if samples.ndim != len(shape) + 1 or samples.shape[1:] != shape:
        wanted = ", ".join(["N", *map(str, shape)])
        raise UsageError(
            f"The samples have the shape {samples.shape}, and those of dataset={dataset.name} "
            f"have ({wanted}). --dataset names another data set."
        )
    if samples.dtype.kind not in "fiu":
        raise UsageError(f"The samples are no numbers: their type is {samples.dtype}.")
    if len(samples) < FEWEST:
        raise UsageError(f"There are {len(samples)} samples, and {FEWEST} are the fewest to judge.")
    rows = samples.reshape(len(samples), -1)
    if broken := int((~np.isfinite(rows)).any(axis=1).sum()):
        raise UsageError(f"{broken:,} of the {len(samples):,} samples hold NaN or infinity.")
    if len(shape) == 3 and (largest := float(np.abs(rows).max())) > 1.001:
        raise UsageError(
            f"The samples reach {largest:.4g}, and images lie in [-1, 1]. "
            "Levels of 0 to 255 are brought there by samples / 127.5 - 1."
        )
    return np.asarray(samples, np.float32)


def evaluate(
    samples: Points,
    real: Reference,
    metrics: Iterable[Metric],
    extractor: Extractor,
    split: str,
    seed: int = 0,
) -> list[Judgement]:
    """Judges samples by metrics.

    Args:
        samples: checked samples.
        real: what they are judged against.
        metrics: the metrics.
        extractor: gives the features of examples to the metrics that compare features.
        split: the name of the examples that judge.
        seed: the seed of the random halves that tell the errors.
    """
    found, standard = [], Standard(real, extractor)
    for metric in metrics:
        seen, (judged, perfect) = standard.of(metric), standard.compared(samples, metric)
        values = metric.intervals(judged, seen, np.random.default_rng(seed))
        ideal = metric.measure(perfect, seen)
        plain = metric.compares == "examples"
        by = (None, None) if plain else (extractor.name, extractor.accuracy)
        found.append(Judgement(metric, values, ideal, len(judged), split, *by))
    return found


def scalars(samples: Points, standard: Standard, metrics: Iterable[Metric]) -> dict[str, float]:
    """The numbers by tag that say how good samples are; nan where samples are not finite."""
    if not np.isfinite(samples).all():
        return dict.fromkeys(directions(metrics), math.nan)
    found: dict[str, float] = {}
    for metric in metrics:
        judged, _ = standard.compared(samples, metric)
        values = metric.measure(judged, standard.of(metric))
        found |= {f"{metric.name}/{name}": values[name] for name in metric.better}
    return found


def perfect_scalars(standard: Standard, metrics: Iterable[Metric]) -> dict[str, float]:
    """What as many real examples score, by tag, such as modes/captured_perfect."""
    found: dict[str, float] = {}
    for metric in metrics:
        _, perfect = standard.compared(metric.perfect_samples(standard.real), metric)
        values = metric.measure(perfect, standard.of(metric))
        found |= {f"{metric.name}/{name}{PERFECT}": values[name] for name in metric.better}
    return found


def document(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """Judgements as one JSON object: {metric: {name: value}}.

    Beside each number that says how good samples are stand its interval and what a perfect sampler
    scores: `<name>_low`, `<name>_high`, `<name>_perfect`.
    """
    found: dict[str, Any] = {}
    for judgement in judgements:
        values: dict[str, Any] = {}
        for name, interval in judgement.values.items():
            values[name] = interval.value
            if name in judgement.metric.better:
                values[f"{name}_low"], values[f"{name}_high"] = interval.low, interval.high
                values[f"{name}{PERFECT}"] = judgement.perfect[name]
        values["extractor"] = judgement.extractor
        values["protocol"] = {
            "samples": judgement.samples,
            "split": judgement.split,
            "extractor": judgement.extractor,
        }
        if judgement.accuracy is not None:
            values["protocol"]["extractor_accuracy"] = judgement.accuracy
        found[judgement.metric.name] = values
    return found
