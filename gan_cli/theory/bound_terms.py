"""Where the terms of F(T*) = E_P T* - E_Q f*(T*) lie, and how great T* and log p / q are there."""

from typing import NamedTuple

import numpy as np

from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import ENDLESS
from gan_cli.divergences.f_functions import FARTHEST, FDivergence
from gan_cli.divergences.log_ratios import log_ratio
from gan_cli.theory.trained_bound import MOST, Nodes

SHARE = 0.99  # of the terms of F(T*), in which the largest T* is looked for


class Terms(NamedTuple):
    """Where the terms of F(T*), p T* and q f*(T*), are.

    steepest, farthest: the largest |T*| and the largest finite |log p / q| where they are, but for
        a hundredth of them.
    held: the |log p / q| up to which float32, in which D computes, holds T* and f*(T*).
    of_p, of_q: the mass of p and of q at the points with the largest |T*| that hold half of them.
    """

    steepest: float
    farthest: float
    held: float
    of_p: float
    of_q: float


def terms(table: FDivergence, p: OnLine, q: OnLine, at: Nodes) -> Terms:
    """Where the terms of F(T*) are, among the points that D is trained on."""
    of_p, of_q = at.p[0], at.q[0]
    ratio = log_ratio(p, q, at.x[0], ENDLESS)
    r = np.clip(ratio, -table.farthest, table.farthest)
    T = np.abs(table.slope(r))
    sizes = of_p * T + of_q * np.abs(table.conjugate_of_slope(r))
    order = np.argsort(T)
    held = np.cumsum(sizes[order]) / sizes.sum()
    upper = order[held > 0.5]
    return Terms(
        steepest=_reached(T, sizes),
        farthest=_reached(np.where(np.abs(ratio) < ENDLESS, np.abs(ratio), 0.0), sizes),
        held=MOST * table.farthest / FARTHEST,
        of_p=float(of_p[upper].sum()),
        of_q=float(of_q[upper].sum()),
    )


def _reached(values: np.ndarray, sizes: np.ndarray) -> float:
    """The largest value where the terms are, but for a hundredth of them."""
    order = np.argsort(values)
    held = np.cumsum(sizes[order])
    return float(values[order][np.searchsorted(held, SHARE * held[-1])])
