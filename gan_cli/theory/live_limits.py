"""Which of the true divergences of a training are lower bounds that may lie far too low."""

import math

import numpy as np

from gan_cli.divergences.f_functions import ROWS
from gan_cli.theory.live_distances import LARGEST, RARE, pooled

ENDLESS = tuple(name for name, row in ROWS.items() if math.inf in (row.at_zero, row.at_infinity))
"""The f-divergences that can be of any size; the others end where p_data and p_g are apart."""

UNSEEN = math.log(500)
"""log p_data / p_g from which p_g is known by what was mixed in more than by samples."""

ENOUGH = 0.1
"""The part of a divergence that must hang on what the samples do not tell."""

NOISE = 2.0
"""How many times what is unsure of samples of the data themselves may be so of G's by chance."""


def unsure(name: str, log_p: np.ndarray, log_q: np.ndarray, grid: int) -> float:
    """How much of one of ENDLESS comes from bins of which samples of p_g do not tell enough.

    Where f has no end for large p / q, these are bins with too few samples for p_data's mass there,
    or those that are `pooled` for Pearson's chi^2; where it has none for small p / q, those around
    the grid and those in which a few samples are more than p_data's mass.

    Args:
        name: the divergence.
        log_p, log_q: the logarithms of p_data's masses of bins and of p_g's.
        grid: how many of the bins are in the grid.
    """
    row = ROWS[name]
    chosen = np.zeros(len(log_p), bool)
    if math.isinf(row.at_infinity):
        chosen |= log_p - log_q > UNSEEN
    if math.isinf(row.at_zero):
        chosen |= (np.arange(len(log_p)) >= grid) | ((log_q < RARE) & (log_q > log_p))
    if name == "pearson":
        log_p, log_q = pooled(log_p, log_q)
        chosen = np.arange(len(log_p)) == len(log_p) - 1
    with np.errstate(over="ignore"):
        return float(row.terms(log_p[chosen], log_q[chosen]).sum())


def is_lower_bound(name: str, found: float, part: float, usual: float, *, too_wide: bool) -> bool:
    """Whether one of ENDLESS may be far more than what is found of it.

    Args:
        name: the divergence.
        found: its value.
        part: the part of it that is `unsure`.
        usual: what is unsure of samples of the data.
        too_wide: whether bins are too wide for p_g, so that they hide where it is far too large.
    """
    hidden = too_wide and math.isinf(ROWS[name].at_zero)
    return hidden or found >= LARGEST or part - NOISE * usual > ENOUGH * found
