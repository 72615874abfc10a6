"""Packs of m: how far apart two distributions are when D sees m examples at once.

Two models may be as far from P by their total variation, one because it misses a part of P and one
because it weighs the parts wrongly. In packs the first is told from P much sooner than the second,
so a D that judges packs punishes the collapse of modes.

Here P and Q have steps: masses at points, or densities that are constant on intervals. All that
counts of a pack is then how many of its examples lie in the cells of each ratio p / q, and the
total variation of packs is a finite sum over these types.

Source: Lin, Khetan, Fanti and Oh 2018, "PacGAN: the power of two samples in generative adversarial
networks", sections 3 and 4.
"""

import itertools
import logging
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, rel_entr, xlogy

from gan_cli.divergences import Discrete, Estimate, LineMixture, Uniform
from gan_cli.divergences.distributions import OnLine
from gan_cli.theory.packed_discriminator import Trained, train

log = logging.getLogger(__name__)

P = Uniform(0.0, 1.0)
COLLAPSED = Uniform(0.2, 1.0)
UNEVEN = LineMixture((0.3, 0.7), (Uniform(0.0, 0.5), Uniform(0.5, 1.0)))

TYPES = 200_000  # the most types of a pack that are summed
MOST = 1000  # the largest pack
TRAINED = 4  # the largest pack for which a D is trained
UPDATES = 2000
TINY = 1e-300  # the least probability of a type that is divided by
SAME = 1e-12  # relative: ratios p / q that differ by less are one


class Cells(NamedTuple):
    """Where several step distributions lie: points, or intervals on which all are constant.

    low, high: the ends of each cell, (C,); equal for a point.
    masses: the mass of each distribution in each cell, (D, C).
    """

    low: np.ndarray
    high: np.ndarray
    masses: np.ndarray


class Pack(NamedTuple):
    """Packs of m of P against packs of m of Q.

    m: the number of examples in a pack.
    total_variation, js: their divergences, in [0, 1] and in nats.
    trained: what a trained D found of them; None where none was trained.
    """

    m: int
    total_variation: Estimate
    js: Estimate
    trained: Trained | None


class Model(NamedTuple):
    """A model Q of P.

    name: what it does.
    masses: the masses of P and of Q by ratio p / q, from the greatest ratio on, (2, K).
    packs: for m = 1, 2, ...
    """

    name: str
    masses: np.ndarray
    packs: list[Pack]

    @property
    def sizes(self) -> range:
        """The numbers of examples in its packs, from 1 on."""
        return range(1, len(self.packs) + 1)


class Packing(NamedTuple):
    """Models of one P, in packs.

    cells: where P and the models lie; their rows are P and then the models.
    models: what was found of each.
    updates: how often each D was updated.
    """

    cells: Cells
    models: list[Model]
    updates: int


def packing(
    p: OnLine, models: Sequence[tuple[str, OnLine]], most: int, seed: int, updates: int = UPDATES
) -> Packing:
    """Compares packs of P with packs of each model.

    Args:
        p: a step distribution.
        models: names and step distributions of the same kind.
        most: the largest number m of examples in a pack.
        seed: the seed of every D and of its samples.
        updates: how often each D is updated.
    """
    common = cells(p, *(q for _, q in models))
    found = []
    for number, (name, _) in enumerate(models, 1):
        pair = common._replace(masses=common.masses[[0, number]])
        masses = by_ratio(pair.masses)
        packs = []
        for m in range(1, most + 1):
            trained = None
            if m <= TRAINED:
                log.info("training D on packs of %d, model %d of %d", m, number, len(models))
                trained = train(pair.low, pair.high, pair.masses, m, seed, updates)
            packs.append(Pack(m, total_variation(masses, m), js(masses, m), trained))
        found.append(Model(name, masses, packs))
    return Packing(common, found, updates)


def has_steps(distribution: OnLine) -> bool:
    """Whether a distribution is made of masses at points, or of pieces of constant density."""
    if isinstance(distribution, LineMixture):
        return all(has_steps(part) for part in distribution.parts)
    return isinstance(distribution, Discrete | Uniform)


def cells(*distributions: OnLine) -> Cells:
    """The points, or the intervals between two breaks, where any of them has mass.

    Raises:
        ValueError: if one has no steps, or some have points and others intervals.
    """
    if not all(has_steps(each) for each in distributions):
        raise ValueError("A distribution in packs must be made of masses or of uniform pieces.")
    kinds = {isinstance(each, Discrete) for each in distributions}
    if len(kinds) > 1:
        raise ValueError("Masses at points and densities have nothing in common.")
    places = np.unique(np.concatenate([each.breaks for each in distributions]))
    if kinds == {True}:
        low = high = places
        jumps = [each.cdf(places) for each in distributions]
        masses = np.stack([np.diff(levels, prepend=0.0) for levels in jumps])
    else:
        low, high = places[:-1], places[1:]
        masses = np.stack([np.diff(each.cdf(places)) for each in distributions])
    held = masses.max(axis=0) > 0
    return Cells(low[held], high[held], masses[:, held])


def by_ratio(masses: np.ndarray) -> np.ndarray:
    """Masses (2, C) of P and Q joined where p / q is the same, from the greatest ratio on."""
    share = masses[0] / masses.sum(axis=0)
    order = np.argsort(-share, kind="stable")
    share, masses = share[order], masses[:, order]
    group = np.concatenate([[0], np.cumsum(np.diff(share) < -SAME)])
    joined = np.zeros((2, group[-1] + 1))
    np.add.at(joined.T, group, masses.T)
    return joined


def largest(masses: np.ndarray) -> int:
    """The largest m for which packs have at most TYPES types, for masses (2, K) by ratio."""
    k = masses.shape[1]
    return next(
        m for m in itertools.count(1) if k < 2 or math.comb(m + k, k - 1) > TYPES or m > 999
    )


def pack_types(masses: np.ndarray, m: int) -> np.ndarray:
    """The probability of each type of pack under P^m and Q^m, (2, T).

    A type (c_1, ..., c_K) says how many of the m examples lie in the cells of each ratio. Its
    probability is m! / (c_1! ... c_K!) p_1^c_1 ... p_K^c_K.
    """
    k = masses.shape[1]
    bars = np.array(list(itertools.combinations(range(m + k - 1), k - 1)), int)
    bars = bars.reshape(-1, k - 1)
    ends = np.full((len(bars), 1), m + k - 1)
    counts = np.diff(np.concatenate([bars, ends], axis=1), prepend=-1, axis=1) - 1
    ways = gammaln(m + 1) - gammaln(counts + 1).sum(axis=1)
    return np.asarray(np.exp(ways + xlogy(counts, masses[:, None, :]).sum(axis=2)))


def total_variation(masses: np.ndarray, m: int) -> Estimate:
    """The total variation of packs of m, half the sum of |P^m - Q^m| over their types."""
    p, q = pack_types(masses, m)
    return Estimate(min(1.0, float(np.abs(p - q).sum()) / 2), _rounding(m))


def js(masses: np.ndarray, m: int) -> Estimate:
    """The Jensen-Shannon divergence of packs of m, in nats."""
    p, q = pack_types(masses, m)
    middle = (p + q) / 2
    found = float((rel_entr(p, middle) + rel_entr(q, middle)).sum()) / 2
    return Estimate(min(math.log(2), max(0.0, found)), _rounding(m))


def region(masses: np.ndarray, m: int) -> np.ndarray:
    """The upper edge of what tests of packs can reach: Q^m(S) and the greatest P^m(S), (2, T + 1).

    A set S with a great P(S) and a small Q(S) is what a collapsed model misses. The greatest height
    above the diagonal is the total variation.

    Source: Lin et al. 2018, definition 1 and section 4.1 (the region of mode collapse).
    """
    p, q = pack_types(masses, m)
    order = np.argsort(-p / np.maximum(p + q, TINY), kind="stable")
    edge = np.cumsum(np.stack([q, p])[:, order], axis=1)
    return np.concatenate([np.zeros((2, 1)), edge], axis=1)


def _rounding(m: int) -> float:
    """What float64 loses of a probability whose logarithm is a sum of terms up to log m!."""
    return 4e-16 * (4 + float(gammaln(m + 1)))
