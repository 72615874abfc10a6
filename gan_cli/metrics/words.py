"""Sentences that several metrics say of their numbers."""

from gan_cli.metrics.base import Interval


def beside(what: str, found: Interval, perfect: float) -> str:
    """A distance beside that of real data, and whether the error lets them be told apart."""
    same = found.low <= perfect
    told = "which is as near as real data come" if same else "where real data have"
    return f"{what} is {found.value:.3g}, {told}{'' if same else f' {perfect:.3g}'}."
