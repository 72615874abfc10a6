"""Runs grouped by what they were configured with; statistics over the seeds of each group."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy import stats

from gan_cli import estimates
from gan_cli.compared import Run, Settings
from gan_cli.players import PLAYERS, for_both
from gan_cli.runs.settings import written

Bound = Literal["lower", "upper"]

FEW = 5
"""Around the mean of fewer seeds their range is drawn, and no interval.

Student's interval is 12.7 times as wide as the range of two values, so that it reaches far below 0
for numbers that never do; it is 2.6 times as wide for three, 1.4 for four, and as wide for five.
"""

MANY = 4
"""Of more settings than this only the first ones are named in a sentence."""

LEFT_OUT = (
    *("seed", "device", "devices", "compile_cache", "resident_mib"),
    *("optimized_metric", "members_per_job"),
    *(f"distributed.{key}" for key in ("processes", "process", "coordinator", "timeout")),
)
"""Settings that make no group: the seed, and what changes nothing that is compared."""


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


class Group(NamedTuple):
    """Runs that differ in their seeds alone.

    settings: what tells the group apart from the others.
    runs: its runs, in the order of their seeds.
    metrics: the mean of every tag over the runs.
    differences: the mean of what every tag is beyond that of the first group, over equal seeds;
        none of a tag of which both groups have a lower bound alone.
    """

    settings: Settings
    runs: Sequence[Run]
    metrics: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]

    @property
    def name(self) -> str:
        """What tells the group apart, as the command line writes it."""
        told = (f"{key.removesuffix('.name')}={written(v)}" for key, v in self.settings.items())
        alone = str(self.runs[0].path) if len(self.runs) == 1 else "all runs"
        return " ".join(told) or alone


def grouped(runs: Sequence[Run]) -> list[Group]:
    """Groups runs by what tells them apart; the first group is what the others are compared with.

    Args:
        runs: at least one run; the groups have the order of their first runs.
    """
    runs = _of_both(runs)
    keys = _telling(runs)
    members: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        members.setdefault(_values(run, keys), []).append(run)
    ordered = [sorted(each, key=lambda run: run.seed) for each in members.values()]
    return [
        Group(
            {key: each[0].settings[key] for key in keys if key in each[0].settings},
            each,
            {
                tag: _estimate([run.metrics[tag] for run in each], _bound(each, tag))
                for tag in _tags(each)
            },
            _differences(each, ordered[0]) if each is not ordered[0] else {},
        )
        for each in ordered
    ]


def untold(runs: Sequence[Run]) -> list[str]:
    """The settings in which runs differ and which the names of their groups leave out.

    Not among them are the settings of a choice that is told, such as objective.clip where the
    objective is, and seeds where a group has several.

    Args:
        runs: at least one run.
    """
    runs = _of_both(runs)
    chosen = _telling(runs)
    choices = tuple(key.removesuffix("name") for key in chosen if key.endswith(".name"))
    others = [key for key in _differing(runs) if key not in chosen and not key.startswith(choices)]
    common = [key for key in others if all(key in run.settings for run in runs)]
    seeds = {run.seed for run in runs}
    alone = len({_values(run, chosen) for run in runs}) == len(runs)
    every = [*common, *(["seed"] if alone and len(seeds) > 1 else [])] if chosen else []
    return [key.removesuffix(".name") for key in every]


def untold_in_words(runs: Sequence[Run]) -> str:
    """Such as "k and seed", or nothing; see `untold`."""
    every = untold(runs)
    more = [f"{len(every) - MANY} others"] if len(every) > MANY else []
    *some, last = [*every[:MANY], *more] or [""]
    return f"{', '.join(some)} and {last}" if some else last


def document(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Groups as JSON."""

    def plain(found: Mapping[str, Estimate]) -> dict[str, Any]:
        return {tag: estimate._asdict() for tag, estimate in found.items()}

    return [
        {
            "group": group.settings,
            "runs": len(group.runs),
            "paths": [str(run.path) for run in group.runs],
            "metrics": plain(group.metrics),
            "differences": plain(group.differences),
        }
        for group in groups
    ]


def curve(runs: Sequence[Run], tag: str) -> tuple[np.ndarray, np.ndarray]:
    """A scalar of runs at the steps that all of them logged: the steps, (S,), and (R, S) values."""
    logged = [
        {row["step"]: row[tag] for row in run.rows if isinstance(row.get(tag), float | int)}
        for run in runs
    ]
    steps = sorted(set.intersection(*(set(each) for each in logged)))
    return np.array(steps), np.array([[each[step] for step in steps] for each in logged], float)


def bounded(runs: Sequence[Run], tag: str, steps: Iterable[int]) -> np.ndarray:
    """Whether a scalar is only a lower bound in any of some runs at each step, (S,)."""
    found = {row["step"] for run in runs for row in run.rows if estimates.is_lower_bound(tag, row)}
    return np.array([step in found for step in steps], bool)


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


def _differences(runs: Sequence[Run], first: Sequence[Run]) -> dict[str, Estimate]:
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


def _tags(runs: Sequence[Run]) -> list[str]:
    """The tags that all runs have a finite value of."""
    return [
        tag
        for tag in runs[0].metrics
        if all(math.isfinite(run.metrics.get(tag, math.nan)) for run in runs)
    ]


def _of_both(runs: Sequence[Run]) -> list[Run]:
    """Runs in which what every run sets alike for both players' optimizers is one setting."""
    every = dict.fromkeys(key for run in runs for key in run.settings)
    partners = defaultdict(list)
    for key in every:
        if (both := for_both(key)) != key:
            partners[both].append(key)
    shared = {
        key: both
        for both, keys in partners.items()
        if len(keys) == len(PLAYERS) and all(len(set(_values(run, keys))) == 1 for run in runs)
        for key in keys
    }
    return [
        run._replace(settings={shared.get(key, key): v for key, v in run.settings.items()})
        for run in runs
    ]


def _telling(runs: Sequence[Run]) -> list[str]:
    """The fewest settings that tell runs apart: choices first, and no setting that they imply."""
    chosen: list[str] = []
    for key in _differing(runs):
        before = len({_values(run, chosen) for run in runs})
        if len({_values(run, [*chosen, key]) for run in runs}) > before:
            chosen.append(key)
    return chosen


def _differing(runs: Sequence[Run]) -> list[str]:
    """The settings in which runs differ, choices first, apart from those that make no group."""
    every = dict.fromkeys(key for run in runs for key in run.settings)
    return [
        key
        for key in sorted(every, key=lambda key: not key.endswith(".name"))
        if key not in LEFT_OUT and len({_values(run, [key]) for run in runs}) > 1
    ]


def _values(run: Run, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(json.dumps(run.settings.get(key)) for key in keys)
