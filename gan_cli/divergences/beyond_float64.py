"""The logarithm of chi^2 where it is finite, and float64 neither holds it nor can sum its terms.

chi^2 of two normal distributions of width 1 is e^(d^2) - 1 at the distance d, so it is beyond
1.8e308 from d = 27 on.
"""

import math

import numpy as np
from scipy.special import logsumexp

from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import line_cells, reason
from gan_cli.divergences.log_ratios import log_density, on_atoms
from gan_cli.divergences.quadrature import halved, nodes

CHI_SQUARED = ("pearson", "neyman")
TOLERANCE = 1e-9  # of the logarithm, as a part of it, at which no cells are halved any more
HALVINGS = 12


def log_chi_squared(name: str, p: OnLine, q: OnLine) -> float:
    """The logarithm of a chi^2 that float64 does not hold, to within 1e-9 of itself.

    log integral p^2 / q for Pearson's, and log integral q^2 / p for Neyman's; 1 + chi^2 is that
    integral, and the 1 does not count here.

    Args:
        name: one of CHI_SQUARED.
        p, q: the distributions.

    Returns:
        The logarithm, infinite where chi^2 is.

    Source: Nowozin et al. 2016, "f-GAN", Table 1.
    """
    if reason(name, p, q):
        return math.inf
    first, second = (p, q) if name == "pearson" else (q, p)
    _, *logs = on_atoms(first, second)
    on_points = _log_terms(*logs)
    parts = line_cells(name, p, q)

    def total() -> float:
        points, weights = (each.reshape(-1) for each in nodes(parts))
        between = _log_terms(*(log_density(each, points) for each in (first, second)))
        return float(logsumexp(np.concatenate([on_points, between + np.log(weights)])))

    if not len(parts):
        return float(logsumexp(on_points))
    found = total()
    for _ in range(HALVINGS):
        parts, before = halved(parts), found
        found = total()
        if abs(found - before) <= TOLERANCE * abs(found):
            break
    return found


def _log_terms(log_p: np.ndarray, log_q: np.ndarray) -> np.ndarray:
    """log(p^2 / q), which is -inf where p is 0."""
    never = np.full_like(log_p, -math.inf)
    return np.asarray(np.subtract(2 * log_p, log_q, out=never, where=log_p > -math.inf))
