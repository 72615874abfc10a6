"""C(G), which G minimises if D is optimal, along families of p_g that contain p_data.

C(G) = max_D V(D, G) = -log 4 + 2 JS(p_data, p_g). Its minimum is -log 4, only at p_g = p_data.

Source: Goodfellow et al. 2014, Theorem 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Normal, densities
from gan_cli.theory.value import LOG_4, optimum, value

P_DATA = Normal(0.0, 1.0)

AWAY = np.geomspace(0.01, 10.0, 100)
MEANS = np.concatenate([-AWAY[::-1], [0.0], AWAY])
STDS = 2.0**MEANS
TOLERANCE = 1e-10  # the error of V(D*, G) to stop at, in nats


class Curve(NamedTuple):
    """C(G) along one family of p_g.

    name: p_g as text, with the name of its parameter.
    truth: the parameter at which p_g = p_data.
    parameters: increasing values of the parameter, `truth` among them, (N,).
    costs: C(G) = -log 4 + 2 JS in nats, (N,).
    error: the largest error that the quadrature of C(G) may have, in nats.
    disagreement: the largest difference between C(G) and V(D*, G), which is integrated separately.
    """

    name: str
    truth: float
    parameters: np.ndarray
    costs: np.ndarray
    error: float
    disagreement: float

    @property
    def gap(self) -> float:
        """C(G) + log 4 at p_g = p_data."""
        return float(self.costs[self.parameters == self.truth][0] + LOG_4)

    @property
    def elsewhere(self) -> float:
        """The smallest C(G) + log 4 at any other p_g of the family."""
        return float(self.costs[self.parameters != self.truth].min() + LOG_4)

    @property
    def falls_then_rises(self) -> bool:
        """Whether C always falls up to p_g = p_data and always rises after it."""
        changes = np.diff(self.costs)
        before = self.parameters[1:] <= self.truth
        return bool((changes[before] < 0).all() and (changes[~before] > 0).all())


def global_optimum() -> tuple[Curve, Curve]:
    """Computes C(G) for p_data = normal(0, 1), with p_g = normal(mu, 1) and p_g = normal(0, s)."""
    return (
        curve("normal(mu, 1)", 0.0, MEANS, lambda mu: Normal(mu, 1.0)),
        curve("normal(0, s)", 1.0, STDS, lambda s: Normal(0.0, s)),
    )


def curve(name: str, truth: float, parameters: np.ndarray, p_g: Callable[[float], Normal]) -> Curve:
    """Computes C(G) at each parameter of a family; the arguments are the fields of Curve."""
    members = [p_g(float(parameter)) for parameter in parameters]
    js = [densities.js(P_DATA, member) for member in members]
    costs = 2 * np.array([estimate.value for estimate in js]) - LOG_4
    values = [value(P_DATA, q, optimum(P_DATA, q), TOLERANCE).value for q in members]
    return Curve(
        name,
        truth,
        parameters,
        costs,
        error=2 * max(estimate.error for estimate in js),
        disagreement=float(np.abs(costs - values).max()),
    )
