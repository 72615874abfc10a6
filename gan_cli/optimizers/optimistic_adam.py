"""Optimistic Adam."""

import jax
import optax

from gan_cli.bounds import Fraction, NonNegative, Positive
from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer


@component
class OptimisticAdam(Optimizer):
    """Adam that steps along the direction which it expects next.

    w - rate ((1 + optimism) r_t - optimism r_(t-1)), where r is Adam's direction, the mean of the
    gradients divided by the root of their second moment, each corrected for its bias.

    b1: the decay of the first moment.
    b2: the decay of the second moment.
    eps: a small number added to the root of the second moment.
    optimism: how much of the last change of the direction is expected once more; 0 is Adam.

    Source: Daskalakis et al. 2018, "Training GANs with optimism", the algorithm optimistic Adam.
    """

    name = "optimistic_adam"

    b1: Fraction = 0.5
    b2: Fraction = 0.999
    eps: Positive = 1e-8
    optimism: NonNegative = 1.0

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        moments = {"b1": self.b1, "b2": self.b2, "eps": self.eps}
        return optax.optimistic_adam_v2(
            rate, alpha=1.0, beta=self.optimism, nesterov=False, **moments
        )
