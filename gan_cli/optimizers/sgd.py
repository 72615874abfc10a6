"""Stochastic gradient descent with momentum."""

import jax
import optax

from gan_cli.checks import check_fraction
from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule


@component
class Sgd(Optimizer):
    """Steps along a running sum of gradients.

    momentum: the share of the sum kept from one update to the next, at step 0.
    momentum_schedule: how it changes with the training step.

    Source: Polyak 1964; with scheduled rate and momentum in Goodfellow et al. 2014.
    """

    name = "sgd"

    learning_rate: float = 0.1
    momentum: float = 0.5
    momentum_schedule: Schedule = Schedule()

    def validate(self) -> None:
        super().validate()
        check_fraction("momentum", self.momentum)
        check_fraction("momentum_schedule.end", self.momentum_schedule.end)

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        momentum = self.momentum_schedule(self.momentum, step)
        return optax.sgd(self.schedule(self.learning_rate, step), momentum=momentum)
