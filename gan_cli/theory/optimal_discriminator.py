"""A trained D compared with D* = p / (p + q), and its V(D, G) with -log 4 + 2 JS(p, q).

Here p is p_data and q is p_g; both are known. D is trained until a round that is twice as long as
the one before no longer changes it.

Source: Goodfellow et al. 2014, Proposition 1 and Theorem 1.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from gan_cli.divergences import Estimate, LineMixture, Normal, PlaneMixture, densities, from_modes
from gan_cli.divergences.distributions import Density
from gan_cli.theory.fixed_generator import Round, rounds
from gan_cli.theory.sight import sight
from gan_cli.theory.value import LOG_4, Logit, log_densities, optimum, value

ANGLES = 2 * np.pi * np.arange(5) / 5
RING = from_modes(
    2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1), np.full(5, 0.7), np.full(5, 0.2)
)
LINE = (LineMixture((0.3, 0.7), (Normal(-1.0, 0.5), Normal(2.0, 1.0))), Normal(0.5, 1.5))
PLANE = (RING, from_modes([[0.0, 0.0]], [2.0], [1.0]))

FIRST = {1: 2000, 2: 1000}  # updates of D in the first round, by dimension
ROUNDS = 4  # how many rounds there are at most
SETTLED = 0.015  # D has converged when a round changes it nowhere by more than this
HELD = 0.99  # the share of (p + q) / 2 in the region where D is compared with D*
POINTS = {1: 2001, 2: 241}  # the number of evenly spaced points along each axis, by dimension
QUANTILES = np.arange(1, 1000) / 1000  # more points on the line, where p and q are narrow
OUTSIDE = 1e-6  # the mass of p and of q beyond the points
TOLERANCE = 1e-4  # the error of V(D, G) to stop at, in nats
FRESH = 400_000  # how many samples of p and of q estimate V(D, G)


class OptimalDiscriminator(NamedTuple):
    """A trained D and D* at the N points of a grid.

    axes: the grid's coordinates along each axis; its points are in "ij" order.
    p, q: the two densities at the points, (N,).
    mass: the mass of (p + q) / 2 in the cell around each point, (N,); the sum is about one.
    region: which points lie in the smallest region that holds 99 % of (p + q) / 2, (N,) bool.
    optimum, trained: D* and D, in [0, 1], (N,). Where both densities are 0 every D is as good, so
        D* is NaN there.
    value: V(D, G) in nats by quadrature, with its largest possible error.
    sampled: V(D, G) on fresh samples, with its standard error.
    expected: -log 4 + 2 JS(p, q) by quadrature, with its largest possible error.
    updates: how often D was updated.
    changed: the largest change of D in the region during its last round of updates; None where
        there was one round only.
    """

    axes: tuple[np.ndarray, ...]
    p: np.ndarray
    q: np.ndarray
    mass: np.ndarray
    region: np.ndarray
    optimum: np.ndarray
    trained: np.ndarray
    value: Estimate
    sampled: Estimate
    expected: Estimate
    updates: int
    changed: float | None = None

    @property
    def converged(self) -> bool | None:
        """Whether its last round changed D by next to nothing; None where that is unknown."""
        return None if self.changed is None else self.changed <= SETTLED

    @property
    def errors(self) -> np.ndarray:
        """|D - D*| at the points in the region."""
        return np.asarray(np.abs(self.trained - self.optimum)[self.region])

    @property
    def sup_error(self) -> float:
        """The largest |D - D*| in the region."""
        return float(self.errors.max())

    @property
    def mean_error(self) -> float:
        """The mean of |D - D*| in the region, under (p + q) / 2."""
        return float(np.average(self.errors, weights=self.mass[self.region]))

    @property
    def farthest(self) -> tuple[np.ndarray, float]:
        """The point of the region with the largest |D - D*|, (D,), and D* there."""
        inside = np.flatnonzero(self.region)
        worst = inside[self.errors.argmax()]
        return _all_combinations(self.axes)[worst], float(self.optimum[worst])

    def beyond(self, distance: float) -> float:
        """The share of the region's mass in which |D - D*| is larger than a distance."""
        return float(np.average(self.errors > distance, weights=self.mass[self.region]))

    @property
    def value_error(self) -> float:
        """The difference between V(D, G) and -log 4 + 2 JS, in nats."""
        return abs(self.value.value - self.expected.value)


def optimal_discriminator(
    p: Density, q: Density, seed: int, updates: int | None = None
) -> OptimalDiscriminator:
    """Trains D on samples of p and q, and compares it with D*.

    Args:
        p: p_data.
        q: p_g.
        seed: the seed for D and for the samples.
        updates: how often to update D, in one round; by default until it has converged, in at most
            ROUNDS rounds.

    Raises:
        ValueError: if p and q are of different dimension.
    """
    axes = grid(p, q)
    points = _all_combinations(axes)
    log_p, log_q = log_densities(p, q, points)
    somewhere = np.maximum(log_p, log_q) > -math.inf
    density_p, density_q = np.exp(log_p), np.exp(log_q)
    mixture = (density_p + density_q) / 2
    volume = _all_combinations([np.gradient(axis) for axis in axes]).prod(axis=1)
    region = smallest_region(mixture, HELD, volume)
    training = rounds(
        p, q, sight(p, q, points, mixture * volume), seed, updates or FIRST[p.dimension]
    )
    last, changed = settled(training, points[region], 1 if updates else ROUNDS)
    js = densities.js(p, q)
    return OptimalDiscriminator(
        axes,
        density_p,
        density_q,
        mixture * volume,
        region=region,
        optimum=np.where(somewhere, expit(optimum(p, q)(points)), np.nan),
        trained=expit(last.logit(points)),
        value=value(p, q, last.logit, TOLERANCE),
        sampled=_sampled_value(p, q, last.logit, np.random.default_rng([seed, 1])),
        expected=Estimate(2 * js.value - LOG_4, 2 * js.error),
        updates=last.updates,
        changed=changed,
    )


def settled(training: Iterable[Round], points: np.ndarray, most: int) -> tuple[Round, float | None]:
    """Trains D until a round changes it at no point by more than SETTLED.

    Args:
        training: the rounds.
        points: where to look at D, (N, D).
        most: how many rounds there are at most.

    Returns:
        The last round, and the largest change that it made; None if it was the first.
    """
    before, changed = None, None
    for number, last in enumerate(training, start=1):
        now = expit(last.logit(points))
        changed = None if before is None else float(np.abs(now - before).max())
        if number == most or (changed is not None and changed <= SETTLED):
            return last, changed
        before = now
    raise ValueError("there must be at least one round.")


def grid(p: Density, q: Density) -> tuple[np.ndarray, ...]:
    """The coordinates along each axis of a grid that holds all but OUTSIDE of p and of q.

    Where a density jumps it has no value of its own, so there is no point there.
    """
    box = densities.common_box(p, q, OUTSIDE)
    even = [np.linspace(low, high, POINTS[p.dimension]) for low, high in box]
    if isinstance(p, PlaneMixture) or isinstance(q, PlaneMixture):
        return tuple(even)
    every = np.unique([*even[0], *p.quantile(QUANTILES), *q.quantile(QUANTILES)])
    return (np.setdiff1d(every, [*p.breaks, *q.breaks]),)


def smallest_region(
    density: np.ndarray, held: float, volume: np.ndarray | float = 1.0
) -> np.ndarray:
    """Selects the densest of N cells until they hold a given share of the mass, as (N,) bool.

    Args:
        density: the density in each cell, (N,).
        held: the share of the mass.
        volume: the volume of each cell, (N,), or one volume for all.
    """
    densest = np.argsort(-density, kind="stable")
    upto = np.cumsum((density * volume)[densest])
    region = np.zeros(len(density), bool)
    region[densest[: np.searchsorted(upto, held * upto[-1]) + 1]] = True
    return region


def _all_combinations(axes: Sequence[np.ndarray]) -> np.ndarray:
    """All combinations of coordinates along D axes, (N, D) in "ij" order."""
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _sampled_value(p: Density, q: Density, logit: Logit, rng: np.random.Generator) -> Estimate:
    """Estimates V(D, G) on FRESH samples of each, with its standard error."""
    on_real = -np.logaddexp(0, -logit(p.sample(rng, FRESH).reshape(FRESH, -1)))
    on_fake = -np.logaddexp(0, logit(q.sample(rng, FRESH).reshape(FRESH, -1)))
    error = np.sqrt((on_real.var() + on_fake.var()) / FRESH)
    return Estimate(float(on_real.mean() + on_fake.mean()), float(error))
