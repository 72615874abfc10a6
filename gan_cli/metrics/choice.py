"""Which metrics judge: those that the user named, or those that suit the data."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gan_cli.component import REGISTRY
from gan_cli.datasets.base import Dataset
from gan_cli.errors import UsageError, nearest
from gan_cli.features.base import ExtractorName
from gan_cli.features.extractors import suiting
from gan_cli.metrics import register
from gan_cli.metrics.base import Direction, Metric


def named(
    names: Sequence[str], dataset: Dataset, extractor: ExtractorName | None = None
) -> list[Metric]:
    """The metrics of these names or, without names, those that suit a data set.

    Args:
        names: names of metrics.
        dataset: what is to be judged.
        extractor: whose features are compared; None for the one that suits the data set.

    Raises:
        UsageError: for a name that no metric has, or a metric that cannot judge this data set.
    """
    known: Mapping[str, Any] = _known()
    for name in names:
        if name not in known:
            raise UsageError(f"--metric {name}: not a metric. {nearest(name, sorted(known))}")
    return chosen([known[name]() for name in dict.fromkeys(names)], dataset, extractor, "--metric ")


def chosen(
    metrics: Sequence[Metric],
    dataset: Dataset,
    extractor: ExtractorName | None = None,
    option: str = "metric=",
) -> list[Metric]:
    """The same metrics or, where there are none, all that suit a data set.

    Args:
        metrics: what the user chose.
        dataset: what is to be judged.
        extractor: whose features are compared; None for the one that suits the data set.
        option: how the user chose it, for the error.

    Raises:
        UsageError: for a metric that cannot judge this data set, or not by these features.
    """
    hidden = (extractor or suiting(dataset)) == "pixels"
    every: list[Any] = [made() for made in _known().values()]
    able = [metric for metric in every if metric.misfit(dataset) is None]
    for metric in metrics:
        if reason := metric.misfit(dataset):
            raise UsageError(
                f"{option}{metric.name}: {reason}, so it cannot judge dataset={dataset.name}. "
                f"These can: {', '.join(each.name for each in able)}."
            )
        if hidden and metric.compares == "probabilities":
            raise UsageError(
                f"{option}{metric.name}: pixels tell no classes. "
                "`gan evaluate --extractor classifier` trains what does."
            )
    suitable = [metric for metric in able if metric.suits(dataset)]
    return list(metrics) or [
        metric for metric in suitable if not (hidden and metric.compares == "probabilities")
    ]


def directions(metrics: Iterable[Metric]) -> dict[str, Direction]:
    """The tags under which metrics are logged, such as modes/captured, and what is better."""
    return {
        f"{metric.name}/{name}": direction
        for metric in metrics
        for name, direction in metric.better.items()
    }


def _known() -> dict[str, Any]:
    """The class of every metric, by its name."""
    register()
    return dict(sorted(REGISTRY["metric"].items()))
