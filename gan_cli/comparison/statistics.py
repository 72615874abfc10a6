"""Means over the seeds of a group of runs, their intervals, and differences of two groups."""

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
from scipy import stats

from gan_cli import estimates
from gan_cli.comparison.run import Run

Bound = Literal["lower", "upper"]

FEW = 5
"""Around the mean of fewer seeds their range is drawn, and no interval.

Student's interval is 12.7 times as wide as the range of two values, so that it reaches far below 0
for numbers that never do; it is 2.6 times as wide for three, 1.4 for four, and as wide for five.
"""


class Estimate(NamedTuple):
    """A mean over n values with its 95 % interval by Student's t; none for a single value.

    bound: where the mean is only a lower or an upper bound of what is meant, which. The interval
        then has no end on the other side.
    """

    mean: float
    low: float | None
    high: float | None
    n: int
    bound: Bound | None = None


def means(runs: Sequence[Run]) -> dict[str, Estimate]:
    """The mean over runs of every tag that all of them have a finite value of."""
    return {
        tag: _estimate([run.metrics[tag] for run in runs], _bound(runs, tag)) for tag in _tags(runs)
    }


def differences(runs: Sequence[Run], first: Sequence[Run]) -> dict[str, Estimate]:
    """What every tag is beyond that of the first group, over the seeds that both have."""
    beside = {run.seed: run for run in first}
    pairs = [(run, beside[run.seed]) for run in runs if run.seed in beside]
    if not pairs:
        return {}
    found = {}
    for tag in (tag for tag in _tags(runs) if all(tag in other.metrics for _, other in pairs)):
        own, others = (_bound(each, tag) for each in zip(*pairs, strict=True))
        if not (own and others):
            values = [run.metrics[tag] - other.metrics[tag] for run, other in pairs]
            found[tag] = _estimate(values, "upper" if others else own)
    return found


def band(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of the mean at each step by Student's t, from (R, S) values with R > 1."""
    n = len(values)
    error = stats.t.ppf(0.975, n - 1) * values.std(axis=0, ddof=1) / math.sqrt(n)
    return values.mean(axis=0) - error, values.mean(axis=0) + error


def spread(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is drawn around the mean at each step, from (R, S) values: see `FEW`."""
    if len(values) < FEW:
        return values.min(axis=0), values.max(axis=0)
    return band(values)


def _estimate(values: Sequence[float], bound: Bound | None) -> Estimate:
    mean, n = float(np.mean(values)), len(values)
    if n == 1:
        return Estimate(mean, None, None, 1, bound)
    low, high = (float(end[0]) for end in band(np.array(values, float)[:, None]))
    return Estimate(
        mean, None if bound == "upper" else low, None if bound == "lower" else high, n, bound
    )


def _bound(runs: Iterable[Run], tag: str) -> Bound | None:
    """Whether a number is a lower bound alone in any of some runs, and so in their mean."""
    return "lower" if any(estimates.is_lower_bound(tag, run.metrics) for run in runs) else None


def _tags(runs: Sequence[Run]) -> list[str]:
    """The tags that all runs have a finite value of."""
    return [
        tag
        for tag in runs[0].metrics
        if all(math.isfinite(run.metrics.get(tag, math.nan)) for run in runs)
    ]
