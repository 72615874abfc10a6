"""Runs grouped by what they were configured with; statistics over the seeds of each group."""

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from gan_cli.keys import flat
from gan_cli.logs import scalars
from gan_cli.players import PLAYERS, for_both
from gan_cli.runs import RunDirectory, evaluations
from gan_cli.runs.settings import TYPES, by_name, read_settings, written

Settings = dict[str, Any]

LEFT_OUT = (
    *("seed", "device", "devices", "compile_cache", "resident_mib"),
    *("optimized_metric", "members_per_job"),
    *(f"distributed.{key}" for key in ("processes", "process", "coordinator", "timeout")),
)
"""Settings that make no group: the seed, and what changes nothing that is compared."""

TOGETHER = "rank_correlation/"
"""How far D's estimate of a divergence rises and falls with the true one during a run."""

FEW = 5
"""Of fewer steps no rank correlation is computed."""


class Run(NamedTuple):
    """What is compared of one run.

    path: its directory.
    seed: its seed.
    settings: its whole configuration, by dotted key.
    metrics: the last value of every scalar, and what its newest evaluation found, by tag.
    perfect: what real examples score, by the tags of the numbers that metrics found.
    rows: the logged scalars of every step.
    step: the step that it has reached.
    """

    path: Path
    seed: int
    settings: Settings
    metrics: Mapping[str, float]
    perfect: Mapping[str, float]
    rows: Sequence[scalars.Row]
    step: int = 0


class Estimate(NamedTuple):
    """A mean over n values with its 95 % interval by Student's t; none for a single value."""

    mean: float
    low: float | None
    high: float | None
    n: int


class Group(NamedTuple):
    """Runs that differ in their seeds alone.

    settings: what tells the group apart from the others.
    runs: its runs, in the order of their seeds.
    metrics: the mean of every tag over the runs.
    differences: the mean of what every tag is beyond that of the first group, over equal seeds.
    """

    settings: Settings
    runs: Sequence[Run]
    metrics: Mapping[str, Estimate]
    differences: Mapping[str, Estimate]

    @property
    def name(self) -> str:
        """What tells the group apart, as the command line writes it."""
        told = (f"{key.removesuffix('.name')}={written(v)}" for key, v in self.settings.items())
        return " ".join(told) or "all runs"


def read(path: Path) -> Run:
    """Reads what is compared of a run.

    Raises:
        DataError: if a file of it is damaged.
    """
    place = RunDirectory(path)
    values = read_settings(place.config, resolve=True, types=TYPES)
    summary = place.read_summary()
    logged = {tag: v for tag, v in summary.get("metrics", {}).items() if isinstance(v, float | int)}
    judged = evaluations.newest(place)
    floors = {
        f"truth/{tag.removeprefix('floor/')}": value
        for tag, value in logged.items()
        if tag.startswith("floor/")
    }
    perfect = evaluations.perfect(logged) | judged.perfect | floors
    found = {tag: v for tag, v in logged.items() if not tag.endswith(evaluations.PERFECT)}
    rows = scalars.read(place.metrics)
    seed, known = values.get("seed", 0), found | judged.values | judged.step
    known |= rank_correlations(rows)
    settings, step = dict(flat(by_name(values))), summary.get("step", 0)
    return Run(path, seed, settings, known, perfect, rows, step)


def rank_correlations(rows: Sequence[scalars.Row]) -> dict[str, float]:
    """Spearman's rank correlation of D's estimate and the true divergence over a run's steps.

    It is 1 where the estimate rises and falls exactly with the truth, and 0 where it says nothing
    about it.

    Args:
        rows: the logged scalars of every step.

    Returns:
        A correlation by tag, such as rank_correlation/wasserstein_1, for each divergence of which
        both were logged, and neither stayed the same.
    """
    found = {}
    for name in sorted(
        {tag.removeprefix("truth/") for row in rows for tag in row if "truth/" in tag}
    ):
        both = [(row.get(f"divergence/{name}"), row.get(f"truth/{name}")) for row in rows]
        pairs = np.array([pair for pair in both if all(isinstance(v, float | int) for v in pair)])
        if len(pairs) >= FEW and np.ptp(pairs, axis=0).all():
            found[f"{TOGETHER}{name}"] = float(stats.spearmanr(*pairs.T).statistic)
    return found


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
            {tag: _estimate([run.metrics[tag] for run in each]) for tag in _tags(each)},
            _differences(each, ordered[0]) if each is not ordered[0] else {},
        )
        for each in ordered
    ]


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


def band(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 95 % interval of the mean at each step by Student's t, from (R, S) values with R > 1."""
    n = len(values)
    error = stats.t.ppf(0.975, n - 1) * values.std(axis=0, ddof=1) / math.sqrt(n)
    return values.mean(axis=0) - error, values.mean(axis=0) + error


def _estimate(values: Sequence[float]) -> Estimate:
    mean, n = float(np.mean(values)), len(values)
    if n == 1:
        return Estimate(mean, None, None, 1)
    low, high = band(np.array(values, float)[:, None])
    return Estimate(mean, float(low[0]), float(high[0]), n)


def _differences(runs: Sequence[Run], first: Sequence[Run]) -> dict[str, Estimate]:
    """What every tag is beyond that of the first group, over the seeds that both have."""
    beside = {run.seed: run for run in first}
    pairs = [(run, beside[run.seed]) for run in runs if run.seed in beside]
    if not pairs:
        return {}
    tags = [tag for tag in _tags(runs) if all(tag in other.metrics for _, other in pairs)]
    return {tag: _estimate([a.metrics[tag] - b.metrics[tag] for a, b in pairs]) for tag in tags}


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
    every = dict.fromkeys(key for run in runs for key in run.settings)
    differing = [
        key
        for key in sorted(every, key=lambda key: not key.endswith(".name"))
        if key not in LEFT_OUT and len({_values(run, [key]) for run in runs}) > 1
    ]
    chosen: list[str] = []
    for key in differing:
        before = len({_values(run, chosen) for run in runs})
        if len({_values(run, [*chosen, key]) for run in runs}) > before:
            chosen.append(key)
    return chosen


def _values(run: Run, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(json.dumps(run.settings.get(key)) for key in keys)
