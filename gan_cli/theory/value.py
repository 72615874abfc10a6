"""V(D, G) of any discriminator between known densities, and the one at which it is largest."""

import math
from collections.abc import Callable

import numpy as np

from gan_cli.divergences.densities import OUTSIDE, Density, union
from gan_cli.divergences.quadrature import Estimate, cells, integrate

LOG_4 = math.log(4)

Logit = Callable[[np.ndarray], np.ndarray]
"""Points (N, D) to D's logits, (N,)."""


def log_densities(p: Density, q: Density, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log p and log q in nats at points (N, D), (N,) each."""
    x = points[:, 0] if p.dimension == 1 else points
    return p.log_prob(x), q.log_prob(x)


def optimum(p: Density, q: Density) -> Logit:
    """The logit of D* = p / (p + q), which is log p - log q; 0 where both are zero.

    Args:
        p: p_data.
        q: p_g.

    Source: Goodfellow et al. 2014, Proposition 1.
    """

    def logit(points: np.ndarray) -> np.ndarray:
        log_p, log_q = log_densities(p, q, points)
        somewhere = np.maximum(log_p, log_q) > -math.inf
        return np.asarray(np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=somewhere))

    return logit


def value(p: Density, q: Density, logit: Logit, tolerance: float) -> Estimate:
    """V(D, G) = E_p log D(x) + E_q log(1 - D(x)) in nats, by quadrature.

    Args:
        p: p_data.
        q: p_g.
        logit: D before its sigmoid.
        tolerance: the error to stop at, in nats.

    Source: Goodfellow et al. 2014, equation 3.
    """

    def integrand(points: np.ndarray) -> np.ndarray:
        log_p, log_q = log_densities(p, q, points)
        logits = logit(points)
        on_real = _weighted(log_p, np.logaddexp(0, -logits))
        return np.asarray(on_real + _weighted(log_q, np.logaddexp(0, logits)))

    parts = cells(
        union([p.box(OUTSIDE), q.box(OUTSIDE)]),
        [*p.breaks, *q.breaks],
        np.concatenate([p.peaks, q.peaks]),
    )
    return integrate(integrand, parts, tolerance)


def _weighted(log_density: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """-density x loss; what never happens costs nothing, however wrong D is there."""
    density = np.exp(log_density)
    return np.asarray(np.multiply(-density, loss, out=np.zeros_like(density), where=density > 0))
