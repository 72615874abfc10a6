"""Samples judged by metrics, beside what a perfect sampler scores by the same protocol."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

import gan_cli.metrics  # noqa: F401  (registers every metric)
from gan_cli.component import REGISTRY
from gan_cli.datasets.base import Dataset, FiniteDataset, SplitName, SyntheticDataset, scaled
from gan_cli.errors import UsageError, nearest
from gan_cli.features.base import Extractor
from gan_cli.features.choice import ExtractorName, suiting
from gan_cli.metrics.base import Interval, Metric, Points, Reference
from gan_cli.training.random import Purpose, key_for

FRESH = 10_000
"""How many examples of a known distribution stand for each split of a data set."""

MOST = 50_000
"""The most training examples that are taken, chosen at random where there are more."""

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
    accuracy: float | None = None

    @property
    def verdict(self) -> str:
        return self.metric.verdict(self.values, self.perfect)


def chosen(
    names: Sequence[str], dataset: Dataset, extractor: ExtractorName | None = None
) -> list[Metric]:
    """The metrics of these names or, without names, those that suit a data set.

    Args:
        names: names of metrics.
        dataset: what samples are judged by.
        extractor: which features are compared; None for those that suit the data set.

    Raises:
        UsageError: for a name that no metric has, or a metric that cannot judge this data set, or
            not by these features.
    """
    known: Mapping[str, Any] = REGISTRY["metric"]
    tells_classes = (extractor or suiting(dataset)) == "classifier"
    able = [name for name in sorted(known) if known[name]().misfit(dataset) is None]
    for name in names:
        if name not in known:
            raise UsageError(f"--metric {name}: not a metric. {nearest(name, sorted(known))}")
        if reason := known[name]().misfit(dataset):
            raise UsageError(
                f"--metric {name}: {reason}, so it cannot judge dataset={dataset.name}. "
                f"These can: {', '.join(able)}."
            )
        if known[name].compares == "probabilities" and not tells_classes:
            raise UsageError(
                f"--metric {name}: pixels tell no classes. Use --extractor classifier."
            )
    suitable = [
        name
        for name in able
        if known[name]().suits(dataset)
        and (tells_classes or known[name].compares != "probabilities")
    ]
    return [known[name]() for name in dict.fromkeys(names or suitable)]


def reference(dataset: Dataset, split: SplitName, seed: int = 0) -> Reference:
    """The examples to judge by: those of a data set's splits, or fresh ones of a distribution.

    Args:
        dataset: a data set, or a distribution.
        split: which examples judge: test, or validation while settings are still being chosen.
        seed: the seed for fresh examples, and for the order of those of a data set.

    Raises:
        DataError: if a file is missing or damaged.
        UsageError: if the data set keeps no examples to judge by.
    """
    if isinstance(dataset, SyntheticDataset):
        fresh = (
            np.asarray(dataset.sample(key_for(seed, Purpose.EVALUATION, 0, i), FRESH))
            for i in range(3)
        )
        return Reference(dataset, *fresh)
    assert isinstance(dataset, FiniteDataset)
    order = np.random.default_rng(seed)
    train, validation, held_out = (
        dataset.split(name).examples for name in ("train", "validation", split)
    )
    train = train[order.permutation(len(train))[:MOST]]
    held_out = held_out[order.permutation(len(held_out))]
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
    metrics = list(metrics)
    samples = samples[: max(metric.samples for metric in metrics)]
    looks: dict[str, Callable[[Points], Points]]
    looks = {"features": extractor, "probabilities": extractor.probabilities}
    seen: dict[str, tuple[Reference, Points]] = {"examples": (real, samples)}
    found = []
    for metric in metrics:
        kind = metric.compares
        if kind not in seen:
            look, most = looks[kind], max(m.samples for m in metrics if m.compares == kind)
            *examples, judged = (look(part[:most]) for part in (*real[1:], samples))
            seen[kind] = Reference(real.dataset, *examples), judged
        there, here = seen[kind]
        perfect = metric.perfect_samples(there)
        count = min(metric.samples, len(here), len(perfect))
        values = metric.intervals(here[:count], there, np.random.default_rng(seed))
        ideal = metric.measure(perfect[:count], there)
        by = (None, None) if kind == "examples" else (extractor.name, extractor.accuracy)
        found.append(Judgement(metric, values, ideal, count, split, *by))
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
                values[f"{name}_perfect"] = judgement.perfect[name]
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
