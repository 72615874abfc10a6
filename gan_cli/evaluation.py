"""Samples judged by metrics, beside what a perfect sampler scores by the same protocol."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gan_cli.datasets.base import Dataset
from gan_cli.errors import UsageError
from gan_cli.features import extractors
from gan_cli.features.base import Extractor, ExtractorName, Pixels
from gan_cli.metrics.base import Interval, Metric, Points, Reference
from gan_cli.metrics.choice import directions
from gan_cli.runs.evaluations import PERFECT
from gan_cli.standard import Standard, Views

FEWEST = 100
"""With fewer samples nothing can be said."""


SURE = 3
"""From so many standard errors on, a number is behind that of real data."""


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


class Shortfall(NamedTuple):
    """By how much a number is worse than that of real data.

    tag: the number, such as modes/captured.
    errors: the difference in standard errors; at most 0 where the number is as good or better.
    value: the number itself.
    perfect: what real examples score.
    """

    tag: str
    errors: float
    value: float
    perfect: float


def shortfalls(judgements: Iterable[Judgement]) -> list[Shortfall]:
    """How far every number that says how good samples are is behind real data, worst first.

    The error of a difference is sqrt 2 times that of the number, since real examples that are as
    many have one too. A number without an error, such as a count of modes, is behind for sure.
    """
    found = []
    for judgement in judgements:
        for name, direction in judgement.metric.better.items():
            value, low, high = judgement.values[name]
            perfect = judgement.perfect[name]
            worse = perfect - value if direction == "higher" else value - perfect
            error = math.sqrt(2) * (high - low) / (2 * 1.96)
            errors = worse / error if error > 0 else math.copysign(math.inf, worse) if worse else 0
            found.append(Shortfall(f"{judgement.metric.name}/{name}", errors, value, perfect))
    return sorted(found, key=lambda each: -each.errors)


def overall(judgements: Iterable[Judgement]) -> str:
    """All that the metrics found, in one sentence."""
    found = shortfalls(judgements)
    behind = [each for each in found if each.errors >= SURE]
    if not behind:
        return "By none of these numbers can the samples be told from real data."
    told = "; ".join(f"{e.tag} is {e.value:.3g} and not {e.perfect:.3g}" for e in behind[:3])
    return (
        f"The samples are behind real data in {len(behind)} of {len(found)} numbers, "
        f"most of all: {told}."
    )


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
            f"have ({wanted}). A data set of examples of their own shape can judge them."
        )
    if samples.dtype.kind not in "fiu":
        raise UsageError(f"The samples are no numbers: their type is {samples.dtype}.")
    if len(samples) < FEWEST:
        raise UsageError(f"There are {len(samples)} samples, and {FEWEST} are the fewest to judge.")
    rows = samples.reshape(len(samples), -1)
    if broken := int((~np.isfinite(rows)).any(axis=1).sum()):
        raise UsageError(f"{broken:,} of the {len(samples):,} samples hold NaN or infinity.")
    largest = float(np.abs(rows).max())
    if len(shape) == 3 and largest > 1.001:
        raise UsageError(
            f"The samples reach {largest:.4g}, and images lie in [-1, 1]. "
            "Levels of 0 to 255 are brought there by samples / 127.5 - 1."
        )
    if len(shape) == 3 and rows.min() >= 0:
        raise UsageError(
            f"The samples lie in [{rows.min():.3g}, {largest:.3g}], and images in [-1, 1]. "
            "Values of 0 to 1 are brought there by samples * 2 - 1."
        )
    return np.asarray(samples, np.float32)


def shuffled(samples: Points) -> Points:
    """The same samples in a random order, always the same one: metrics take the first ones."""
    return samples[np.random.default_rng(0).permutation(len(samples))]


def evaluate(
    samples: Points,
    real: Reference,
    metrics: Sequence[Metric],
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
    views = _views(samples, standard, metrics)
    for metric in metrics:
        seen = standard.of(metric)
        judged = views[metric.compares][: len(standard.perfect(metric))]
        values = metric.bounded(metric.intervals(judged, seen, np.random.default_rng(seed)))
        ideal = standard.perfect_numbers(metric, len(judged))
        plain = metric.compares == "examples"
        by = (None, None) if plain else (extractor.name, extractor.accuracy)
        found.append(Judgement(metric, values, ideal, len(judged), split, *by))
    return found


def scalars(samples: Points, standard: Standard, metrics: Sequence[Metric]) -> dict[str, float]:
    """The numbers by tag that say how good samples are; nan where samples are not finite."""
    if not np.isfinite(samples).all():
        return dict.fromkeys(directions(metrics), math.nan)
    views = _views(samples, standard, metrics)
    found: dict[str, float] = {}
    for metric in metrics:
        judged = views[metric.compares][: len(standard.perfect(metric))]
        values = metric.measure(judged, standard.of(metric))
        found |= {f"{metric.name}/{name}": values[name] for name in metric.better}
    return found


def perfect_scalars(standard: Standard, metrics: Iterable[Metric]) -> dict[str, float]:
    """What as many real examples score, by tag, such as modes/captured_perfect."""
    found: dict[str, float] = {}
    for metric in metrics:
        values = standard.perfect_numbers(metric, len(standard.perfect(metric)))
        found |= {f"{metric.name}/{name}{PERFECT}": values[name] for name in metric.better}
    return found


def _views(samples: Points, standard: Standard, metrics: Sequence[Metric]) -> Views:
    """As many samples as the metrics take, which are looked at once for all of them."""
    return Views(samples[: max(metric.samples for metric in metrics)], standard.extractor)


def document(judgements: Iterable[Judgement]) -> dict[str, Any]:
    """Judgements as one JSON object: {metric: {name: value}}.

    Beside each number stands its interval, if it has an error, and beside those that say how good
    samples are what a perfect sampler scores: `<name>_low`, `<name>_high`, `<name>_perfect`.
    """
    found: dict[str, Any] = {}
    for judgement in judgements:
        values: dict[str, Any] = {}
        for name, interval in judgement.values.items():
            values[name] = interval.value
            if name in judgement.metric.better:
                values[f"{name}{PERFECT}"] = judgement.perfect[name]
            if name in judgement.metric.better or interval.low < interval.high:
                values[f"{name}_low"], values[f"{name}_high"] = interval.low, interval.high
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
