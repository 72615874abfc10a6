"""D as it will answer to G: the further updates that G's gradient is taken through."""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax import lax

from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Learner, Lesson
from gan_cli.training.state import Player

NEGLIGIBLE = 1e-16
"""The square of a gradient that is smaller, times 1 - b2, may be 0 in float32."""


def unrolled(
    learner: Learner, player: Player, step: jax.Array, lesson: Lesson, updates: int
) -> Player:
    """D after so many further updates, as a differentiable function of what it learns from.

    theta_D^K with theta_D^0 = theta_D and theta_D^(i+1) = u(theta_D^i, G(z)), where u is a whole
    update of D: its loss with all penalties, its optimizer, whose moments go on from where they
    are, and the projection of its parameters.

    Args:
        learner: how D learns.
        player: D before these updates.
        step: the number of the training step, which schedules may depend on.
        lesson: what the first of them learns from; the others learn from the same examples with
            keys of their own.
        updates: K, the number of updates.

    Source: Metz et al. 2017, section 2.
    """
    smooth = dataclasses.replace(learner, optimizer=Differentiable(inner=learner.optimizer))

    def advance(before: Player, inner: jax.Array) -> tuple[Player, None]:
        key, number = jax.random.fold_in(lesson.key, inner), lesson.number + inner
        next_lesson = lesson._replace(key=key, number=number)
        return discriminator_alone.update(smooth, before, step, next_lesson)[0], None

    return lax.scan(advance, player, jnp.arange(updates))[0]


@component
class Differentiable(Optimizer):
    """An optimizer with the same updates and states, through which derivatives stay finite.

    inner: the optimizer.
    """

    inner: Optimizer

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        made = self.inner.transformation(step)

        def update(gradients: Any, state: Any, parameters: Any = None) -> Any:
            return made.update(jax.tree.map(bounded, gradients), state, parameters)

        return optax.GradientTransformation(made.init, update)


@jax.custom_vjp
def bounded(gradient: jax.Array) -> jax.Array:
    """Returns the gradient, and keeps finite what is derived by it where its square is 0.

    Adam and RMSProp divide by sqrt(v), where v is a mean of squared gradients. A unit of D that no
    example reaches has the gradient 0 and v = 0, and there the chain rule multiplies 0 by the
    infinite derivative of the root. The product is then taken as 0, which it is for such a unit,
    since its gradient stays 0 whatever G does. Nothing else is changed.
    """
    return gradient


def _forward(gradient: jax.Array) -> tuple[jax.Array, jax.Array]:
    return gradient, gradient


def _backward(gradient: jax.Array, change: jax.Array) -> tuple[jax.Array]:
    undefined = (jnp.abs(gradient) < NEGLIGIBLE) & ~jnp.isfinite(change)
    return (jnp.where(undefined, 0.0, change),)


bounded.defvjp(_forward, _backward)
