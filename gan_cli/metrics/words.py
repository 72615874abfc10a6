"""Sentences that several metrics say of their numbers."""

import math

from gan_cli.metrics.base import Interval


def beside(what: str, found: Interval, perfect: float) -> str:
    """A distance beside that of real data, and whether the error lets them be told apart.

    Real data have an error of their own, so the difference has sqrt 2 times that of one of them.
    """
    same = found.value - perfect <= math.sqrt(2) * (found.high - found.value)
    told = "which is as near as real data come" if same else "where real data have"
    return f"{what} is {found.value:.3g}, {told}{'' if same else f' {perfect:.3g}'}."
