"""The birthday test: how many different samples a G has, by how often two of them are duplicates.

Among n draws from N equally likely things there are about n (n - 1) / (2 N) equal pairs, so a pair
is there with probability 1/2 from about sqrt(2 N log 2) draws on. Turned round: if two samples are
duplicates with probability c, they are as many as N = 1 / c equally likely ones. Unequal ones count
for less: then 1 / c is one over the sum of their squared probabilities.

Samples of a continuous G never agree exactly. Two are called duplicates here if their distance is
at most a tolerance, and N depends on it, so it means something beside the data's own N alone.

Source: Arora and Zhang 2017, "Do GANs actually learn the distribution? An empirical study",
sections 2 and 3, who let people look at the closest pairs.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import chi2, ncx2

from gan_cli.datasets.base import Modes
from gan_cli.divergences import Estimate
from gan_cli.metrics.distances import squared

SHARE_OF_STD = 0.1  # the tolerance as a part of the standard deviation of the narrowest mode
SHARE_OF_NEAREST = 0.5  # and of the median distance of real examples to their nearest ones
COMPARED = 2000  # the most real examples for that median
RADII = np.geomspace(0.1, 30.0, 60)  # tolerances of the curve, in units of the chosen one
FINEST = 1e-5  # the least tolerance, as a part of the spread, that distances tell from 0
BLOCK = 1000  # examples whose distances to all others are held at once


class Neighbours(NamedTuple):
    """Which of n examples are near one another.

    counts: for each example how many others are within the tolerance, (n,).
    distances: from each to its nearest other one, (n,).
    partners: the number of that one, (n,).
    shares: the share of all pairs that are within each of RADII times the tolerance, (R,).
    """

    counts: np.ndarray
    distances: np.ndarray
    partners: np.ndarray
    shares: np.ndarray


class Support(NamedTuple):
    """How many different things examples are drawn from.

    n: the number of examples.
    pairs: how many pairs of them are duplicates.
    collision: the probability that two are, with its standard error.
    low, high: the 95 % interval of the size of the support; `high` may be infinite.
    """

    n: int
    pairs: int
    collision: Estimate
    low: float
    high: float

    @property
    def size(self) -> float:
        """1 / c; infinite if no pair was found."""
        return math.inf if self.collision.value == 0 else 1 / self.collision.value

    @property
    def draws(self) -> float:
        """The draws that hold a pair with probability 1/2, sqrt(2 N log 2), of which a pair needs
        two."""
        return max(2.0, math.sqrt(2 * self.size * math.log(2)))


class Batches(NamedTuple):
    """How often batches of samples hold a pair of duplicates.

    size: the number of samples in a batch.
    number: how many batches there are.
    share: the share of batches with a pair, with its standard error.
    """

    size: int
    number: int
    share: Estimate


class Birthday(NamedTuple):
    """The birthday test of a G, beside the data.

    tolerance: the distance up to which two examples are duplicates.
    samples, real: G's samples and real examples, (n, *shape) and (m, *shape).
    of_samples, of_real: which of them are near one another.
    generator, data: the two supports.
    batches: batches of as many samples as should hold a pair with probability 1/2; None where that
        is more than there are.
    exact: the data's own probability of a duplicate in closed form, where it is known.
    """

    tolerance: float
    samples: np.ndarray
    real: np.ndarray
    of_samples: Neighbours
    of_real: Neighbours
    generator: Support
    data: Support
    batches: Batches | None
    exact: float | None


def birthday(
    samples: np.ndarray, real: np.ndarray, tolerance: float, exact: float | None = None
) -> Birthday:
    """Compares how often two samples are duplicates with how often two real examples are.

    Args:
        samples: G's samples, (n, *shape).
        real: different real examples, or fresh draws, (m, *shape).
        tolerance: the distance up to which two are duplicates.
        exact: see `Birthday`.
    """
    near, real_near = neighbours(samples, tolerance), neighbours(real, tolerance)
    found = support(near.counts)
    return Birthday(
        tolerance,
        samples,
        real,
        near,
        real_near,
        found,
        support(real_near.counts),
        in_batches(samples, tolerance, found.draws),
        exact,
    )


def neighbours(examples: np.ndarray, tolerance: float) -> Neighbours:
    """Finds the neighbours of each example (n, *shape) among the others."""
    x = _flat(examples)
    n, edges = len(x), (RADII * tolerance) ** 2
    counts, partners = np.zeros(n, int), np.zeros(n, int)
    distances, upto = np.zeros(n), np.zeros(len(edges))
    for begin in range(0, n, BLOCK):
        rows = np.arange(begin, min(begin + BLOCK, n))
        found = squared(x[rows], x)
        found[rows - begin, rows] = np.inf
        counts[rows] = (found <= tolerance**2).sum(axis=1)
        partners[rows] = found.argmin(axis=1)
        distances[rows] = np.linalg.norm(x[rows] - x[partners[rows]], axis=1)
        upto += np.searchsorted(np.sort(found[found <= edges[-1]]), edges, side="right")
    return Neighbours(counts, distances, partners, upto / (n * (n - 1)))


def support(counts: np.ndarray) -> Support:
    """Estimates the support from how many of n - 1 others each of n examples is a duplicate of.

    c is the share of pairs that are duplicates, a U-statistic, with its variance
    (4 (n - 2) z_1 + 2 z_2) / (n (n - 1)), where z_2 = c (1 - c) and z_1 is the variance of a single
    example's own probability. The interval is that of a Poisson number of pairs, widened by as much
    as this variance exceeds that of independent pairs.

    Source: Hoeffding 1948, "A class of statistics with asymptotically normal distribution",
        equation 5.13; Garwood 1936, "Fiducial limits for the Poisson distribution".
    """
    n = len(counts)
    total = n * (n - 1) / 2
    pairs = int(counts.sum()) // 2
    c = pairs / total
    whole = c * (1 - c)
    own = max(0.0, float((counts / (n - 1)).var(ddof=1)) - whole / (n - 1))
    variance = (4 * (n - 2) * own + 2 * whole) / (n * (n - 1))
    wider = variance * total / whole if whole else 1.0
    few = float(wider * chi2.ppf(0.025, 2 * pairs / wider) / 2 / total) if pairs else 0.0
    many = min(1.0, float(wider * chi2.ppf(0.975, 2 * pairs / wider + 2) / 2 / total))
    estimate = Estimate(c, math.sqrt(variance))
    return Support(n, pairs, estimate, 1 / many, 1 / few if few else math.inf)


def in_batches(samples: np.ndarray, tolerance: float, draws: float) -> Batches | None:
    """How often batches of about `draws` consecutive samples hold a pair of duplicates."""
    if draws > len(samples) / 2:
        return None
    size = max(2, round(draws))
    count = len(samples) // size
    x = _flat(samples)[: count * size].reshape(count, size, -1)
    above = np.triu_indices(size, 1)
    held = np.array([(squared(each, each)[above] <= tolerance**2).any() for each in x])
    share = float(held.mean())
    return Batches(size, count, Estimate(share, math.sqrt(share * (1 - share) / count)))


def tolerance_of_modes(modes: Modes) -> float:
    """A tenth of the standard deviation of the narrowest mode."""
    return SHARE_OF_STD * float(np.min(modes.std))


def tolerance_of_examples(examples: np.ndarray) -> float:
    """Half the median distance from a real example to its nearest other one; exact copies aside."""
    x = _flat(examples[:: -(-len(examples) // COMPARED)])
    found = squared(x, x)
    np.fill_diagonal(found, np.inf)
    closest = np.sqrt(found.min(axis=1))
    apart = closest[closest > FINEST * spread(x)]
    return SHARE_OF_NEAREST * float(np.median(apart)) if len(apart) else FINEST * spread(x)


def spread(examples: np.ndarray) -> float:
    """The root of the mean squared distance of examples from their mean."""
    x = _flat(examples)
    return float(np.sqrt(((x - x.mean(axis=0)) ** 2).sum(axis=1).mean()))


def collision_of_modes(modes: Modes, tolerance: float) -> float:
    """The probability that two draws from normal modes are within a tolerance, in closed form.

    Two draws from modes i and j differ by N(c_i - c_j, (s_i^2 + s_j^2) I), whose squared length is
    a noncentral chi-squared variable.
    """
    centres, std, weights = (np.asarray(part, np.float64) for part in modes)
    variance = std[:, None] ** 2 + std**2
    apart = ((centres[:, None] - centres) ** 2).sum(axis=2) / variance
    reach, d = tolerance**2 / variance, centres.shape[1]
    within = np.where(apart > 0, ncx2.cdf(reach, d, np.maximum(apart, 1e-12)), chi2.cdf(reach, d))
    return float(weights @ within @ weights)


def _flat(examples: np.ndarray) -> np.ndarray:
    return np.asarray(examples, np.float64).reshape(len(examples), -1)
