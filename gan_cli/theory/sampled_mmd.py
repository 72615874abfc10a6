"""MMD^2 as it is estimated from samples, beside what the estimator gives on average.

The unbiased estimator pairs no sample with itself and may fall below 0. The biased one counts those
pairs too, is never below 0, and lies (2 - E k(X, X') - E k(Y, Y')) / N above MMD^2 on average.

Source: Gretton et al. 2012, "A kernel two-sample test", equations 3 and 5.
"""

from typing import Literal, NamedTuple

import numpy as np

from gan_cli.divergences import Estimate, Kernel, samples
from gan_cli.divergences.distributions import OnLine
from gan_cli.divergences.pairs import mmd, self_similarity

Estimator = Literal["biased", "unbiased"]

DRAWS = 50  # of samples, each of which gives an estimate


class SampledMmd(NamedTuple):
    """Estimates of MMD^2 from samples.

    estimator: whether they are biased or unbiased.
    samples: how many samples of each distribution an estimate is made of.
    mean: the mean of DRAWS estimates, with its standard error.
    spread: the standard deviation of a single one.
    expected: the mean of all estimates there could be.
    """

    estimator: Estimator
    samples: int
    mean: Estimate
    spread: float
    expected: Estimate


def sampled_mmd(
    p: OnLine, q: OnLine, kernel: Kernel, estimator: Estimator, n: int, seed: int
) -> SampledMmd:
    """Estimates MMD^2 from samples of two known distributions, again and again.

    Args:
        p, q: the distributions.
        kernel: the kernel k.
        estimator: see the head of this file.
        n: the size of a sample of either, at least 2.
        seed: the seed of the samples.
    """
    rng, biased = np.random.default_rng(seed), estimator == "biased"
    found = np.array(
        [
            samples.mmd(p.sample(rng, n), q.sample(rng, n), kernel, biased=biased)
            for _ in range(DRAWS)
        ]
    )
    spread, expected = float(found.std(ddof=1)), mmd(p, q, kernel)
    if biased:
        own = [self_similarity(each, kernel) for each in (p, q)]
        expected = Estimate(
            expected.value + (2 - own[0].value - own[1].value) / n,
            expected.error + (own[0].error + own[1].error) / n,
        )
    mean = Estimate(float(found.mean()), spread / DRAWS**0.5)
    return SampledMmd(estimator, n, mean, spread, expected)
