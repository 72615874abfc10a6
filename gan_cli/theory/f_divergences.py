"""Nine f-divergences of two distributions, each found in three ways, and what falls short of them.

Directly, as E_Q f(p / q); as F(T*) = E_P T* - E_Q f*(T*) at T* = f'(p / q); and as F(T) of a D that
was trained to raise it. Every other T gives less.

Source: Nowozin et al. 2016, "f-GAN", section 2 and Tables 1, 2 and 6.
"""

import logging
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import ENDLESS, attained, f_divergence, lower_bound, reason
from gan_cli.divergences.f_functions import FARTHEST, ROWS, FDivergence
from gan_cli.divergences.log_ratios import log_ratio
from gan_cli.theory.divergences import Series, interval, weights
from gan_cli.theory.sight import Sight
from gan_cli.theory.trained_bound import MOST, Nodes, nodes, seen, train

log = logging.getLogger(__name__)

UPDATES = 4000
POINTS = 601  # of T in a picture
SURE = 20.0  # nats of |log p / q| that no other T exceeds, so that it differs from an infinite T*
STEP = 0.9  # what the T of total variation is multiplied by to be another one: T* is a step
ACCURACY = 1e-6  # of the value of a trained D, which computes in float32
ENOUGH = {"total_variation": 0.03}  # the acceptable gap of a trained D; .01 for all others
SHARE = 0.99  # of the terms of F(T*), in which the largest T* is looked for

OTHERS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "log p/q + .1": lambda _, r: r + 0.1,
    "log p/q - .1": lambda _, r: r - 0.1,
    ".9 log p/q": lambda _, r: 0.9 * r,
    "log p/q + .3 sin(3 y)": lambda y, r: r + 0.3 * np.sin(3 * y),
    "0": lambda _, r: 0 * r,
}
"""Other T = f'(e^s) by their s, which depends on log p/q and on y, x in units of its spread."""


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


class Row(NamedTuple):
    """What was found of one divergence.

    label: its name for people.
    direct: its value by definition.
    why: why it is infinite, or nothing.
    variational: F(T*).
    others: F(T) for every other T, by its name; none where the divergence is infinite.
    trained: F(T) of a trained D.
    enough: the acceptable gap of `trained`, as a part of the value.
    terms: where the terms of F(T*) are.
    optimum, said: T* and the trained D's T, at the points of a picture.
    """

    label: str
    direct: Estimate
    why: str
    variational: Estimate
    others: dict[str, float]
    trained: Estimate
    enough: float
    terms: Terms
    optimum: Series
    said: Series

    @property
    def gap(self) -> float:
        """What the trained D falls short by, as a part of the value; infinite with the value."""
        if math.isinf(self.direct.value):
            return math.inf
        return (self.direct.value - self.trained.value) / (abs(self.direct.value) or 1.0)

    @property
    def others_give_less(self) -> bool:
        """Whether each other T gives less than T*."""
        return all(value < self.variational.value for value in self.others.values())


class FDivergences(NamedTuple):
    """Two distributions compared.

    ends: the ends of an interval that shows both.
    pair: their densities or masses.
    rows: what was found, by the name of the divergence.
    updates: how often each D was updated.
    """

    ends: tuple[float, float]
    pair: tuple[Series, Series]
    rows: dict[str, Row]
    updates: int


def f_divergences(p: OnLine, q: OnLine, seed: int, updates: int = UPDATES) -> FDivergences:
    """Finds every divergence in the three ways.

    Args:
        p: the distribution P, of the data.
        q: the distribution Q, of the model.
        seed: the seed for the networks and for the points that they are trained on.
        updates: how often each network is updated.
    """
    rng = np.random.default_rng(seed)
    at = {name: nodes(name, p, q, rng) for name in ROWS}
    log.info("training a D for each of %d divergences", len(at))
    sights = {name: seen(p, q, each) for name, each in at.items()}
    trained = train(at, sights, seed, updates)
    ends = interval(p, q)
    pair = weights(p, ends), weights(q, ends)
    found = {}
    for number, name in enumerate(ROWS):
        log.info("computing the bounds of %s, %d of %d", name, number + 1, len(ROWS))
        found[name] = _row(name, p, q, at[name], sights[name], trained[name], _places(p, q, ends))
    return FDivergences(ends, pair, found, updates)


def _row(
    name: str,
    p: OnLine,
    q: OnLine,
    at: Nodes,
    sight: Sight,
    trained: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    x: np.ndarray,
) -> Row:
    table = ROWS[name]
    direct = f_divergence(name, p, q)
    infinite = math.isinf(direct.value)
    why = reason(name, p, q) or ("it is too large for float64" if infinite else "")
    best = Estimate(math.inf) if infinite else attained(name, p, q)
    others = {
        text: lower_bound(name, p, q, _elsewhere(table, change, sight.centre, sight.unit)).value
        for text, change in OTHERS.items()
        if not infinite
    }
    value = lower_bound(name, p, q, lambda x, _: trained(x), ACCURACY)
    discrete = isinstance(p, Discrete) and isinstance(q, Discrete)
    optimum = table.slope(log_ratio(p, q, x, table.farthest))
    return Row(
        table.label,
        direct,
        why,
        best,
        others,
        value,
        ENOUGH.get(name, 0.01),
        _terms(table, p, q, at),
        Series(x, optimum, discrete),
        Series(x, trained(x)[0], discrete),
    )


def _elsewhere(
    table: FDivergence,
    change: Callable[[np.ndarray, np.ndarray], np.ndarray],
    centre: np.ndarray,
    unit: np.ndarray,
) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    def said(x: np.ndarray, r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        s = change((x - centre) / unit, np.clip(r, -SURE, SURE))
        T, conjugate = table.slope(s), table.conjugate_of_slope(s)
        return (STEP * T, STEP * conjugate) if table.jumps else (T, conjugate)

    return said


def _terms(table: FDivergence, p: OnLine, q: OnLine, at: Nodes) -> Terms:
    """Where the terms of F(T*) are, among the points that D is trained on."""
    of_p, of_q = at.p[0], at.q[0]
    ratio = log_ratio(p, q, at.x[0], ENDLESS)
    r = np.clip(ratio, -table.farthest, table.farthest)
    T = np.abs(table.slope(r))
    terms = of_p * T + of_q * np.abs(table.conjugate_of_slope(r))
    order = np.argsort(T)
    held = np.cumsum(terms[order]) / terms.sum()
    upper = order[held > 0.5]
    return Terms(
        steepest=_reached(T, terms),
        farthest=_reached(np.where(np.abs(ratio) < ENDLESS, np.abs(ratio), 0.0), terms),
        held=MOST * table.farthest / FARTHEST,
        of_p=float(of_p[upper].sum()),
        of_q=float(of_q[upper].sum()),
    )


def _reached(values: np.ndarray, terms: np.ndarray) -> float:
    """The largest value where the terms are, but for a hundredth of them."""
    order = np.argsort(values)
    held = np.cumsum(terms[order])
    return float(values[order][np.searchsorted(held, SHARE * held[-1])])


def _places(p: OnLine, q: OnLine, ends: tuple[float, float]) -> np.ndarray:
    """Points of a picture: all that have mass, and evenly spaced ones where there is a density."""
    atoms = [each.atoms[0] for each in (p, q) if isinstance(each, Discrete)]
    line = [] if len(atoms) == 2 else [np.linspace(*ends, POINTS)]
    return np.unique(np.concatenate([*atoms, *line]))
