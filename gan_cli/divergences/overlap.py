"""Where two distributions on the line have mass in common, and where one of them is alone."""

import math

from gan_cli.divergences import densities
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import LineDensity, OnLine
from gan_cli.divergences.log_ratios import on_atoms


def alone(p: OnLine, q: OnLine) -> bool:
    """Whether p has mass where q has none."""
    if isinstance(p, Discrete) or isinstance(q, Discrete):
        _, log_p, log_q = on_atoms(p, q)
        spread = not isinstance(p, Discrete)
        return spread or bool((log_q[log_p > -math.inf] == -math.inf).any())
    return not densities.covers(q.support, p.support)


def mutually_singular(p: OnLine, q: OnLine) -> bool:
    """Whether some set holds all the mass of p and none of q's, as for a density and masses.

    Source: Rudin 1987, "Real and complex analysis", section 6.7.
    """
    if isinstance(p, Discrete) and isinstance(q, Discrete):
        return not {*p.breaks} & {*q.breaks}
    if isinstance(p, Discrete) or isinstance(q, Discrete):
        return True
    return not _overlap(p, q)


def _overlap(p: LineDensity, q: LineDensity) -> bool:
    """Whether both densities are positive on some interval."""
    return any(max(a, c) < min(b, d) for a, b in p.support for c, d in q.support)
