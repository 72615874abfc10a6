"""Three losses whose estimates are biased: a gradient penalty, a sample's Wasserstein, and its JS.

WGAN-GP at two points a distance m apart, where the critic's best slope is 1 + m / (2 lambda); the
Wasserstein distance from a sample of a Bernoulli law, which is least at a wrong parameter, while
the Cramer distance is not; and the Jensen-Shannon divergence between the law of a training set and
that of G, which is log 2 however good G is.
"""

import logging
from typing import NamedTuple

from gan_cli.theory.memorised_points import Memorised, memorised
from gan_cli.theory.penalised_critics import SHARES, Penalised, penalised
from gan_cli.theory.sampled_losses import Sampled, sampled

log = logging.getLogger(__name__)


class Bias(NamedTuple):
    """The three findings."""

    penalised: Penalised
    sampled: Sampled
    memorised: Memorised


def bias(
    seed: int,
    distance: float = 1.0,
    penalty: float = 10.0,
    theta: float = 0.6,
    points: int = 256,
    updates: int = 1000,
) -> Bias:
    """Measures the three.

    Args:
        seed: the seed for the networks and for all that is drawn.
        distance: m, above 0.
        penalty: lambda, above 0.
        theta: the parameter theta* of the Bernoulli law, in [0, 1].
        points: the size of the training set.
        updates: how often its discriminator is updated, at least LOOKS.
    """
    log.info("training %d critics on two points", len(SHARES))
    critics = penalised(seed, distance, penalty)
    log.info("training a discriminator on %d points", points)
    return Bias(critics, sampled(seed, theta), memorised(seed, points, updates))
