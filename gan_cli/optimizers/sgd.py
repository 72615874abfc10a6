"""Stochastic gradient descent with momentum."""

import jax
import optax

from gan_cli.bounds import Fraction, NonNegative
from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule


@component
class Sgd(Optimizer):
    """Steps along a decaying running sum of the gradients.

    momentum: the share of the sum that is kept from one update to the next, at step 0.
    momentum_schedule: how the momentum changes with the training step.

    Source: Polyak 1964; used with scheduled rate and momentum by Goodfellow et al. 2014.
    """

    name = "sgd"

    learning_rate: NonNegative = 0.1
    momentum: Fraction = 0.5
    momentum_schedule: Schedule = Schedule()

    def validate(self) -> None:
        if not self.momentum_schedule.end < 1:
            raise UsageError(
                f"momentum_schedule.end={self.momentum_schedule.end}: must be at least 0 and less "
                "than 1."
            )

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        momentum = self.momentum_schedule(self.momentum, step)
        return optax.sgd(self.schedule(self.learning_rate, step), momentum=momentum)
