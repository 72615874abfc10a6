"""The contract of an optimizer, and the pair of them that plays the game."""

import jax
import optax

from gan_cli.component import Component, component
from gan_cli.errors import UsageError
from gan_cli.optimizers.schedules import Schedule


@component
class Optimizer(Component):
    """A rule that turns gradients into updates, with a scheduled learning rate.

    learning_rate: at step 0.
    schedule: how it changes with the training step.
    """

    group = "optimizer"

    learning_rate: float = 2e-4
    schedule: Schedule = Schedule()

    def validate(self) -> None:
        if not self.learning_rate >= 0:
            raise UsageError(f"learning_rate={self.learning_rate}: must not be negative.")

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        """The optax transformation as it is at one training step.

        It is built anew inside the compiled step, so its numbers are arguments of the program and
        its state holds no count that a schedule would need.

        Args:
            step: the number of finished training steps, a scalar.
        """
        raise NotImplementedError


@component
class Optimizers:
    """One optimizer for each player."""

    generator: Optimizer
    discriminator: Optimizer
