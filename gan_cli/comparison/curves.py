"""A scalar of several runs over the steps that all of them logged."""

from collections.abc import Iterable, Sequence

import numpy as np

from gan_cli import estimates
from gan_cli.comparison.run import Run


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
