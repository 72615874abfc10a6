"""V(D, G) for any discriminator between known densities, and the one that maximises it."""

import math
from collections.abc import Callable

import numpy as np

from gan_cli.divergences.densities import common_cells
from gan_cli.divergences.distributions import Density
from gan_cli.divergences.quadrature import Estimate, integrate

LOG_4 = math.log(4)

Logit = Callable[[np.ndarray], np.ndarray]
"""A function from points (N, D) to D's logits, (N,)."""


def log_densities(p: Density, q: Density, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Returns log p and log q in nats at points (N, D), as (N,) each."""
    x = points[:, 0] if p.dimension == 1 else points
    return p.log_prob(x), q.log_prob(x)


def optimum(p: Density, q: Density) -> Logit:
    """Returns the logit of D* = p / (p + q), which is log p - log q, and 0 where both are zero.

    Here p is p_data and q is p_g.

    Source: Goodfellow et al. 2014, Proposition 1.
    """

    def logit(points: np.ndarray) -> np.ndarray:
        log_p, log_q = log_densities(p, q, points)
        somewhere = np.maximum(log_p, log_q) > -math.inf
        return np.asarray(np.subtract(log_p, log_q, out=np.zeros_like(log_p), where=somewhere))

    return logit


def value(p: Density, q: Density, logit: Logit, tolerance: float) -> Estimate:
    """Computes V(D, G) = E_p log D(x) + E_q log(1 - D(x)) in nats, by quadrature.

    Args:
        p: p_data.
        q: p_g.
        logit: the logit of D.
        tolerance: the error to stop at, in nats.

    Source: Goodfellow et al. 2014, equation 3.
    """

    def integrand(points: np.ndarray) -> np.ndarray:
        log_p, log_q = log_densities(p, q, points)
        logits = logit(points)
        on_real = _weighted(log_p, np.logaddexp(0, -logits))
        return np.asarray(on_real + _weighted(log_q, np.logaddexp(0, logits)))

    return integrate(integrand, common_cells(p, q), tolerance)


def _weighted(log_density: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """Returns -density x loss, and 0 where the density is 0, even if the loss is infinite there."""
    density = np.exp(log_density)
    return np.asarray(np.multiply(-density, loss, out=np.zeros_like(density), where=density > 0))
