"""Nine f-divergences of two distributions, each found in three ways, and what falls short of them.

Directly, as E_Q f(p / q); as F(T*) = E_P T* - E_Q f*(T*) at T* = f'(p / q); and as F(T) of a D that
was trained to raise it. Every other T gives less.

Of a density and masses no D is trained. The masses lie at points to which the density gives none,
so T* has one value there and another one everywhere else. The narrower the peaks of a continuous T
at these points, the more F(T) is, without an optimum: what a trained D finds would tell when its
training ended, and nothing of p and q.

Source: Nowozin et al. 2016, "f-GAN", section 2 and Tables 1, 2 and 6.
"""

import logging
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from gan_cli.divergences import Estimate
from gan_cli.divergences.beyond_float64 import CHI_SQUARED, log_chi_squared
from gan_cli.divergences.discrete import Discrete
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.f_divergences import attained, f_divergence, lower_bound, reason
from gan_cli.divergences.f_functions import ROWS, FDivergence
from gan_cli.divergences.log_ratios import log_ratio
from gan_cli.divergences.overlap import mutually_singular
from gan_cli.theory.bound_terms import Terms, terms
from gan_cli.theory.divergences import Series, interval, weights
from gan_cli.theory.sight import Sight
from gan_cli.theory.trained_bound import Nodes, Said, nodes, seen, train

log = logging.getLogger(__name__)

UPDATES = 4000
POINTS = 601  # of T in a picture
SURE = 20.0  # nats of |log p / q| that no other T exceeds, so that it differs from an infinite T*
STEP = 0.9  # what the T of total variation is multiplied by to be another one: T* is a step
ACCURACY = 1e-6  # of the value of a trained D, which computes in float32
SAME = 1e-13  # relative: what float64 does not tell apart of two values of F
ENOUGH = {"total_variation": 0.03}  # the acceptable gap of a trained D; .01 for all others

OTHERS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "log p/q + .1": lambda _, r: r + 0.1,
    "log p/q - .1": lambda _, r: r - 0.1,
    ".9 log p/q": lambda _, r: 0.9 * r,
    "log p/q + .3 sin(3 y)": lambda y, r: r + 0.3 * np.sin(3 * y),
    "0": lambda _, r: 0 * r,
}
"""Other T = f'(e^s) by their s, which depends on log p/q and on y, x in units of its spread."""


class Row(NamedTuple):
    """What was found of one divergence.

    label: its name for people.
    direct: its value by definition.
    log_direct: the logarithm of the value, where it is finite and float64 does not hold it.
    why: why it is infinite, or nothing.
    least: f(1), which is its least value, and F(T) of the constant T = f'(1).
    variational: F(T*).
    others: F(T) for every other T, by its name; none where float64 does not hold the divergence.
    trained: F(T) of a trained D, where one was trained.
    enough: the acceptable gap of `trained`, as a part of the value.
    terms: where the terms of F(T*) are.
    optimum, said: T* and the trained D's T, at the points of a picture.
    """

    label: str
    direct: Estimate
    log_direct: float | None
    why: str
    least: float
    variational: Estimate
    others: dict[str, float]
    trained: Estimate | None
    enough: float
    terms: Terms
    optimum: Series
    said: Series | None

    @property
    def short_by(self) -> float | None:
        """By how much the trained D is below the value; None where it is not, or infinite."""
        if self.trained is None or math.isinf(self.direct.value):
            return None
        return self.direct.value - self.trained.value

    @property
    def gap(self) -> float | None:
        """The same as a part of the value; None where the value is too near 0 for that."""
        size = abs(self.direct.value)
        if self.short_by is None or self.enough * size <= ACCURACY:
            return None
        return self.short_by / size

    @property
    def allowed(self) -> float:
        """How far below the value a trained D may be, in its unit."""
        return max(ACCURACY, self.enough * abs(self.direct.value))

    @property
    def within(self) -> bool | None:
        """Whether the trained D is as near as it should be; None where that cannot be said."""
        return None if self.short_by is None else self.short_by <= self.allowed

    @property
    def as_good(self) -> list[str]:
        """The other T that give as much as T* does, to within what float64 tells apart."""
        best, error = self.variational
        same = 2 * error + SAME * (1 + abs(best))
        return [name for name, value in self.others.items() if abs(value - best) <= same]

    @property
    def others_give_less(self) -> bool:
        """Whether each other T gives less than T*."""
        return not self.as_good and all(
            value < self.variational.value for value in self.others.values()
        )


class FDivergences(NamedTuple):
    """Two distributions compared.

    ends: the ends of an interval that shows both.
    pair: their densities or masses.
    rows: what was found, by the name of the divergence.
    updates: how often each D was updated; 0 where none was trained.
    singular: whether p and q are mutually singular.
    """

    ends: tuple[float, float]
    pair: tuple[Series, Series]
    rows: dict[str, Row]
    updates: int
    singular: bool


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
    sights = {name: seen(p, q, each) for name, each in at.items()}
    trained: dict[str, Said] = {}
    if isinstance(p, Discrete) == isinstance(q, Discrete):
        log.info("training a D for each of %d divergences", len(at))
        trained = train(at, sights, seed, updates)
    ends = interval(p, q)
    pair = weights(p, ends), weights(q, ends)
    places = _places(p, q, ends)
    found = {}
    for number, name in enumerate(ROWS):
        log.info("computing the bounds of %s, %d of %d", name, number + 1, len(ROWS))
        found[name] = _row(name, p, q, at[name], sights[name], trained.get(name), places)
    return FDivergences(ends, pair, found, updates if trained else 0, mutually_singular(p, q))


def _row(
    name: str, p: OnLine, q: OnLine, at: Nodes, sight: Sight, trained: Said | None, x: np.ndarray
) -> Row:
    table = ROWS[name]
    direct, why = f_divergence(name, p, q), reason(name, p, q) or ""
    too_large = math.isinf(direct.value)
    others = {
        text: lower_bound(name, p, q, _elsewhere(table, change, sight.centre, sight.unit)).value
        for text, change in OTHERS.items()
        if not too_large
    }
    discrete = isinstance(p, Discrete) and isinstance(q, Discrete)
    beyond = too_large and not why and name in CHI_SQUARED
    return Row(
        label=table.label,
        direct=direct,
        log_direct=log_chi_squared(name, p, q) if beyond else None,
        why=why,
        least=float(table.f(np.ones(1))[0]),
        variational=Estimate(math.inf) if too_large else attained(name, p, q),
        others=others,
        trained=trained and lower_bound(name, p, q, lambda x, _: trained(x), ACCURACY),
        enough=ENOUGH.get(name, 0.01),
        terms=terms(table, p, q, at),
        optimum=Series(x, table.slope(log_ratio(p, q, x, table.farthest)), discrete),
        said=trained and Series(x, trained(x)[0], discrete),
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


def _places(p: OnLine, q: OnLine, ends: tuple[float, float]) -> np.ndarray:
    """Points of a picture: all that have mass, and evenly spaced ones where there is a density."""
    atoms = [each.atoms[0] for each in (p, q) if isinstance(each, Discrete)]
    line = [] if len(atoms) == 2 else [np.linspace(*ends, POINTS)]
    return np.unique(np.concatenate([*atoms, *line]))
