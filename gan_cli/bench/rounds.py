"""Rates measured in rounds, each taking its turn, so that a slow moment meets all of them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np


class Spread(NamedTuple):
    """The median of some rounds, and the lowest and highest of them."""

    median: float
    lowest: float
    highest: float


def spread(rates: np.ndarray) -> Spread:
    """The median, the lowest and the highest of some rates."""
    return Spread(float(np.median(rates)), float(rates.min()), float(rates.max()))


def take_turns(
    contenders: Mapping[str, Callable[[], float]], rounds: int, between: Callable[[], None]
) -> dict[str, np.ndarray]:
    """Measures every contender once a round.

    Args:
        contenders: what to measure, by name; each returns its rate over one round.
        rounds: the number of rounds.
        between: called before every measurement.

    Returns:
        The rates by contender, (rounds,).
    """
    rates: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, measure in contenders.items():
            between()
            rates[name].append(measure())
    return {name: np.array(values) for name, values in rates.items()}
