"""The contract of an optimizer, and the pair of them that plays the game."""

import jax
import optax
from jaxtyping import Int

from gan_cli.bounds import NonNegative
from gan_cli.component import Component, component
from gan_cli.optimizers.schedules import Schedule


@component
class Optimizer(Component):
    """A rule that turns gradients into updates, with a scheduled learning rate.

    learning_rate: the learning rate at step 0.
    schedule: how the learning rate changes with the training step.
    """

    group = "optimizer"

    learning_rate: NonNegative = 2e-4
    schedule: Schedule = Schedule()

    def transformation(self, step: Int[jax.Array, ""]) -> optax.GradientTransformation:
        """The optax transformation as it is at one training step.

        It is built anew inside the compiled step, so that its numbers are arguments of the program
        and its state needs no step count.

        Args:
            step: the number of finished training steps.
        """
        raise NotImplementedError


@component
class Optimizers:
    """One optimizer for each player.

    generator: the optimizer of G.
    discriminator: the optimizer of D.
    """

    generator: Optimizer
    discriminator: Optimizer
