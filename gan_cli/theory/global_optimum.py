"""C(G), what G minimises at D's optimum, along families of p_g that pass through p_data.

C(G) = max_D V(D, G) = -log 4 + 2 JS(p_data, p_g). Its least value is -log 4, at p_g = p_data alone.

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
TOLERANCE = 1e-10  # of V(D*, G), in nats


class Curve(NamedTuple):
    """C(G) along one family of p_g.

    name: what p_g is, by its parameter.
    truth: the parameter at which p_g = p_data.
    parameters: (N,), increasing, with `truth` among them.
    costs: C(G) = -log 4 + 2 JS in nats, (N,).
    error: how far the quadrature may be off at the worst of them, in nats.
    disagreement: the farthest that -log 4 + 2 JS is from V(D*, G), integrated apart from it.
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
        """The least C(G) + log 4 at any other p_g of the family."""
        return float(self.costs[self.parameters != self.truth].min() + LOG_4)

    @property
    def falls_then_rises(self) -> bool:
        """Whether C falls up to p_g = p_data and rises after it, at every step along the curve."""
        changes = np.diff(self.costs)
        before = self.parameters[1:] <= self.truth
        return bool((changes[before] < 0).all() and (changes[~before] > 0).all())


def global_optimum() -> tuple[Curve, Curve]:
    """C(G) for p_data = normal(0, 1) and p_g = normal(mu, 1), then p_g = normal(0, s)."""
    return (
        curve("normal(mu, 1)", 0.0, MEANS, lambda mu: Normal(mu, 1.0)),
        curve("normal(0, s)", 1.0, STDS, lambda s: Normal(0.0, s)),
    )


def curve(name: str, truth: float, parameters: np.ndarray, p_g: Callable[[float], Normal]) -> Curve:
    """C(G) at each parameter of a family; the arguments are as in Curve."""
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
