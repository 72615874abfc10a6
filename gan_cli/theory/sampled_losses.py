"""The bias of a sample: the mean Wasserstein and Cramer losses of a Bernoulli model."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.stats import binom

SIZES = (1, 2, 5, 20)  # of the samples of a Bernoulli law
GRID = 501  # parameters theta at which the losses are computed
STEPS = 3000  # of stochastic gradient descent on them
RATE = 0.05  # at its first step; it falls as 1 / sqrt(step)


class Sampled(NamedTuple):
    """Losses of a Bernoulli model by its parameter, on average over samples of a Bernoulli law.

    truth: the parameter theta* of the law.
    thetas: parameters of the model, (T,).
    wasserstein: E W_1 = E |k / n - theta| for each size n of a sample, (T,).
    cramer: E (k / n - theta)^2, the squared Cramer distance, likewise.
    least: the ends of the interval of parameters with the least E W_1, for each size.
    paths: the parameters at each step of stochastic gradient descent on samples of one, by the
        name of the loss, (STEPS + 1,).
    """

    truth: float
    thetas: np.ndarray
    wasserstein: dict[int, np.ndarray]
    cramer: dict[int, np.ndarray]
    least: dict[int, tuple[float, float]]
    paths: dict[str, np.ndarray]

    @property
    def is_flat(self) -> bool:
        """Whether the mean W_1 of samples of one is the same for every parameter: theta* is 1/2."""
        return self.least[1] == (0.0, 1.0)


def sampled(seed: int, truth: float) -> Sampled:
    """The losses of a Bernoulli model exactly, and what gradient descent on samples makes of them.

    W_1 between Bernoulli laws is |theta - theta'|, and the squared Cramer distance its square.

    Source: Bellemare et al. 2017, section 3 and Theorem 1.
    """
    thetas = np.linspace(0, 1, GRID)
    wasserstein, cramer, least = {}, {}, {}
    for n in SIZES:
        shares, masses = np.arange(n + 1) / n, binom.pmf(np.arange(n + 1), n, truth)
        wasserstein[n] = np.abs(thetas[:, None] - shares) @ masses
        cramer[n] = (thetas[:, None] - shares) ** 2 @ masses
        corners = np.abs(shares[:, None] - shares) @ masses  # the least of a convex polygon's
        lowest = shares[corners <= corners.min() + 1e-12]
        least[n] = float(lowest[0]), float(lowest[-1])
    drawn = np.random.default_rng(seed).random(STEPS) < truth
    paths = {
        "wasserstein": _descent(drawn, lambda theta, x: math.copysign(1.0, theta - x)),
        "cramer": _descent(drawn, lambda theta, x: 2 * (theta - x)),
    }
    return Sampled(truth, thetas, wasserstein, cramer, least, paths)


def _descent(drawn: np.ndarray, slope: Callable[[float, float], float]) -> np.ndarray:
    """The parameters of stochastic gradient descent from 1/2, a sample a step, within [0, 1]."""
    path = [0.5]
    for step, x in enumerate(drawn.tolist()):
        moved = path[-1] - RATE / math.sqrt(step + 1) * slope(path[-1], float(x))
        path.append(min(1.0, max(0.0, moved)))
    return np.array(path)
