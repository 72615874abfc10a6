"""The contract of a regularizer: a term of D's loss, or a change of the D that is played."""

import zlib
from typing import ClassVar

import jax
import jax.numpy as jnp
from jax import Array, lax
from jaxtyping import Int

from gan_cli.bounds import Count, NonNegative
from gan_cli.component import Component, component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Scalar
from gan_cli.optimizers.schedules import Schedule

Number = Int[Array, ""] | int


class Regularizer(Component):
    """What makes a game more stable and goes with any objective that does not misfit it.

    takes_slopes: whether it takes D's slope at single examples.
    """

    group = "regularizer"
    takes_slopes: ClassVar[bool] = False

    def misfit(self, objective: Objective) -> str | None:
        """Why it cannot go with an objective and what to do, in a sentence; None if it can."""
        if self.takes_slopes and objective.outputs > 1:
            return (
                f"it needs the slope of one number, and in objective={objective.name} D gives "
                f"{objective.outputs}, with a constraint of their own. Leave it out."
            )
        return None

    def opponent(self, D: Discriminator, step: Number) -> Discriminator:
        """D as both players meet it at a step; with the key None it is D itself."""
        return D


@component
class Penalty(Regularizer):
    """A term that is added to D's loss.

    weight: what the penalty is multiplied by.
    """

    weight: NonNegative

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """The penalty before its weight.

        Args:
            D: the discriminator with its parameters.
            real: a minibatch of data, (N, *shape).
            fake: a minibatch of G's samples, (N, *shape).
            key: the key for dropout and for anything else that the penalty draws.
        """
        raise NotImplementedError

    def factor(self, step: Number) -> Scalar | float:
        """What the penalty is multiplied by at a training step."""
        return self.weight

    def term(
        self,
        D: Discriminator,
        real: Batch,
        fake: Batch,
        key: Key,
        step: Number = 0,
        number: Number = 0,
    ) -> Scalar:
        """What an update of D adds to its loss.

        Args:
            D, real, fake, key: see `penalty`.
            step: the number of finished training steps.
            number: how many updates D has had before.
        """
        return self.factor(step) * self.penalty(D, real, fake, key)


@component
class SlopePenalty(Penalty):
    """A penalty on D's slope, which may be lazy since it costs as much as the rest of an update.

    With every = n it is added at every n-th update of D alone, with n times the weight, so that it
    pulls as hard on average. Those are D's updates number n, 2 n and so on, on which logged steps
    fall where n divides log_every; at the others its logged part is 0. The settings of Adam, which
    the paper changes with it, stay as they are.

    every: the number of D's updates from one with the penalty to the next.

    Source: Karras et al. 2020, section 3.1 and appendix B (lazy regularization).
    """

    takes_slopes = True

    every: Count = 1

    def term(
        self,
        D: Discriminator,
        real: Batch,
        fake: Batch,
        key: Key,
        step: Number = 0,
        number: Number = 0,
    ) -> Scalar:
        if self.every == 1:
            return super().term(D, real, fake, key, step, number)
        found: Scalar = lax.cond(
            (jnp.asarray(number) + 1) % self.every == 0,
            lambda: self.every * self.factor(step) * self.penalty(D, real, fake, key),
            lambda: jnp.float32(0),
        )
        return found


@component
class FlatnessPenalty(SlopePenalty):
    """A penalty that pulls D's slope to zero at the examples of one side, E |grad D|^2 / 2.

    weight: the factor gamma at step 0.
    schedule: how gamma changes with the training step.

    Source: Mescheder et al. 2018, section 4.1; Huang et al. 2024, appendix D (the schedule).
    """

    weight: NonNegative = 10.0
    schedule: Schedule = Schedule()

    def factor(self, step: Number) -> Scalar:
        return self.schedule(self.weight, step)


def own_key(key: Key, name: str) -> Key:
    """A key that depends on a name, so that names can be added without a change to the others."""
    return jax.random.fold_in(key, zlib.crc32(name.encode()))
