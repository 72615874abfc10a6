"""What is compared of one run: its settings, its last numbers, and what it logged."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from gan_cli import estimates
from gan_cli.keys import flat
from gan_cli.logs import scalars
from gan_cli.runs import RunDirectory, evaluations
from gan_cli.runs.settings import TYPES, by_name, read_settings

Settings = dict[str, Any]

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
    real = evaluations.perfect(logged) | judged.perfect | floors
    found = {tag: v for tag, v in logged.items() if not tag.endswith(evaluations.PERFECT)}
    rows = scalars.read(place.metrics)
    seed, known = values.get("seed", 0), found | judged.values | judged.step
    known |= rank_correlations(rows)
    settings, step = dict(flat(by_name(values))), summary.get("step", 0)
    return Run(path, seed, settings, known, real, rows, step)


def rank_correlations(rows: Sequence[scalars.Row]) -> dict[str, float]:
    """Spearman's rank correlation of D's estimate and the true divergence over a run's steps.

    It is 1 where the estimate rises and falls exactly with the truth, and 0 where it says nothing
    about it. Steps of which a lower bound of the truth alone is known are left out.

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
        known = (row for row in rows if not estimates.is_lower_bound(f"truth/{name}", row))
        both = [(row.get(f"divergence/{name}"), row.get(f"truth/{name}")) for row in known]
        pairs = np.array([pair for pair in both if all(isinstance(v, float | int) for v in pair)])
        if len(pairs) >= FEW and np.ptp(pairs, axis=0).all():
            found[f"{TOGETHER}{name}"] = float(stats.spearmanr(*pairs.T).statistic)
    return found


def perfect(runs: Iterable[Run]) -> dict[str, float]:
    """What real examples score, by tag; of runs on the same data they are nearly the same."""
    return {tag: value for run in runs for tag, value in run.perfect.items()}
