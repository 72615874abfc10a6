"""Optimistic gradient descent."""

import jax
import optax

from gan_cli.bounds import NonNegative
from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer


@component
class OptimisticSgd(Optimizer):
    """Steps along the gradient that it expects next, so that games which only circle converge.

    w - rate ((1 + optimism) g_t - optimism g_(t-1)), where g_0 stands in for the gradient before
    it. With an optimism of 1, the last change of the gradient is expected once more.

    optimism: how much of the last change of the gradient is expected once more; 0 is plain descent.

    Source: Daskalakis et al. 2018, "Training GANs with optimism", optimistic mirror descent.
    """

    name = "optimistic_sgd"

    learning_rate: NonNegative = 0.1
    optimism: NonNegative = 1.0

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        return optax.optimistic_gradient_descent(rate, alpha=1.0, beta=self.optimism)
