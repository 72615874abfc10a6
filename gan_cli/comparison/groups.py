"""Runs grouped by what they were configured with: what tells the groups apart, and what not."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gan_cli.comparison.run import Run, Settings
from gan_cli.comparison.statistics import Estimate, differences, means
from gan_cli.players import PLAYERS, for_both
from gan_cli.runs.settings import written

MANY = 4
"""Of more settings than this only the first ones are named in a sentence."""

LEFT_OUT = (
    *("seed", "device", "devices", "compile_cache", "resident_mib"),
    *("optimized_metric", "members_per_job"),
    *(f"distributed.{key}" for key in ("processes", "process", "coordinator", "timeout")),
)
"""Settings that make no group: the seed, and what changes nothing that is compared."""


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
            means(each),
            differences(each, ordered[0]) if each is not ordered[0] else {},
        )
        for each in ordered
    ]


def repeated(runs: Sequence[Run]) -> dict[Path, Path]:
    """The runs that are an earlier one again, as auto may be what another member has.

    Such a run has the settings, the seed, the step and the losses of the earlier one, and counted
    twice it would make an interval narrow of which it says nothing.

    Args:
        runs: the runs, of which the first of its like stays.

    Returns:
        The earlier run's path, by that of the run.
    """
    keys, first = _differing(runs), dict[object, Path]()
    again = {}
    for run in runs:
        losses = sorted((tag, v) for tag, v in run.metrics.items() if tag.startswith("loss/"))
        same = (run.seed, run.step, _values(run, keys), tuple(losses))
        if first.setdefault(same, run.path) != run.path:
            again[run.path] = first[same]
    return again


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
    left = len(every) - MANY
    more = [f"{left} other{'s' if left > 1 else ''}"] if left > 0 else []
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
