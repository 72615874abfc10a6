"""How far two trainings of the same steps are apart, in their states and in what they logged."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from gan_cli.logs.scalars import Row, plain
from gan_cli.training.loop import SPEED

TIMES = ("step", "wall_seconds", SPEED)
"""What a row says of when and how quickly, which no two trainings have in common."""


def of_arrays(
    saved: Mapping[str, np.ndarray], found: Mapping[str, np.ndarray]
) -> tuple[float, list[str]]:
    """The largest difference in parts of the largest parameter, and what differs, in words."""
    largest = max(np.abs(x).max() for name, x in saved.items() if "/parameters/" in name) or 1.0
    apart = {
        name: _distance(array, found[name]) / float(largest)
        for name, array in saved.items()
        if array.tobytes() != found[name].tobytes()
    }
    if not apart:
        return 0.0, []
    first, *others = apart
    number = len(others)
    more = f" and {number} other array{'s' * (number > 1)} differ" if others else " differs"
    size = max(apart.values())
    return size, [f"{first}{more}, by at most {size:.2g} of the largest parameter"]


def of_rows(
    rows: Sequence[Row], found: Mapping[int, Mapping[str, float]]
) -> tuple[float, list[str]]:
    """The largest difference in parts of the larger of 1 and the value, and what differs."""
    apart, told = 0.0, []
    for row in rows:
        again = found.get(row["step"], {})
        for tag in [tag for tag in row if tag in again and tag not in TIMES]:
            was, now = row[tag], plain(again[tag])
            if was != now:
                numbers = isinstance(was, float) and isinstance(now, float)
                off = abs(was - now) / max(1.0, abs(was)) if numbers else math.inf
                apart = max(apart, off)
                told.append(f"{tag} of step {row['step']:,} was logged as {was} and is now {now}")
    if not told:
        return 0.0, []
    others = len(told) - 1
    more = f" ({others} more differ{'s' * (others == 1)})" if others else ""
    return apart, [told[0] + more]


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    """The largest difference between two arrays; infinite where a number is not finite."""
    apart = np.abs(np.asarray(one, np.float64) - np.asarray(other, np.float64))
    return float(np.nan_to_num(apart, nan=np.inf, posinf=np.inf).max(initial=0.0))
