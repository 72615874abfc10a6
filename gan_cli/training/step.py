"""One training step, pure: k updates of D, then one of G (Algorithm 1 of the 2014 paper)."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

from gan_cli.config import JOINT, Recipe
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import Scalars, slope_tags
from gan_cli.training.discriminator_alone import loss_parts
from gan_cli.training.game import Game
from gan_cli.training.generator_update import Turn, train_generator
from gan_cli.training.joint_updates import consensus, extra_gradient
from gan_cli.training.outputs import measured_tags
from gan_cli.training.state import Player, TrainState

CHECKED = (
    "loss/discriminator",
    "loss/generator",
    "gradient_norm/discriminator",
    "gradient_norm/generator",
)
"""The scalars of every step that must stay finite."""


def train_step(game: Game, state: TrainState, measured: jax.Array) -> tuple[TrainState, Scalars]:
    """One step by the recipe's update rule.

    Args:
        game: what is played.
        state: before the step.
        measured: whether D's outputs are measured too, a scalar bool; else they are reported as 0.

    Returns:
        The state after the step and the step's scalars by tag. One of those in CHECKED is not
        finite if it was not finite in any of the k updates of D or in that of G.
    """
    recipe, step = game.recipe, state.step
    turn = RULES[recipe.update](game, state)
    generator = averaged(recipe.ema, step, state.generator, turn.generator)
    after = TrainState(step + 1, generator, turn.discriminator, state.stream)
    zeros = dict.fromkeys(measured_tags(recipe.objective), jnp.zeros(()))
    return after, turn.scalars | lax.cond(measured, turn.outputs, lambda: zeros)


def alternating(game: Game, state: TrainState) -> Turn:
    """k updates of D, then one of G against the D that came out of them.

    Source: Goodfellow et al. 2014, Algorithm 1.
    """
    step = state.step
    trained, scalars = train_discriminator(game, state, game.recipe.k)
    return train_generator(game, state, game.later_meeting(step, trained), trained, scalars)


def simultaneous(game: Game, state: TrainState) -> Turn:
    """k updates of D and one of G, which meets D as it was before the last of them.

    D's last update and G's see the same minibatch and the same samples.

    Source: the code of Goodfellow et al. 2014.
    """
    step, last = state.step, game.recipe.k - 1
    before, scalars = train_discriminator(game, state, last)
    meeting = game.shared_meeting(step, before)
    trained, scalars = update_discriminator(game, state, before, scalars, jnp.int32(last))
    return train_generator(game, state, meeting, trained, scalars)


RULES: dict[str, Callable[[Game, TrainState], Turn]] = {
    "alternating": alternating,
    "simultaneous": simultaneous,
    "extra_gradient": extra_gradient,
    "consensus": consensus,
}


def train_discriminator(game: Game, state: TrainState, updates: int) -> tuple[Player, Scalars]:
    """D after so many updates against the state's G, and the scalars of its loss."""
    zeros = dict.fromkeys(slope_tags("discriminator", game.learner.parts), jnp.zeros(()))
    trained: tuple[Player, Scalars] = lax.scan(
        lambda before, inner: (update_discriminator(game, state, *before, inner), None),
        (state.discriminator, zeros),
        jnp.arange(updates),
    )[0]
    return trained


def update_discriminator(
    game: Game, state: TrainState, player: Player, before: Scalars, inner: jax.Array
) -> tuple[Player, Scalars]:
    """D after its update number `inner` of a step; a scalar stays non-finite once it was."""
    lesson = game.lesson(state, inner)
    trained, scalars = discriminator_alone.update(game.learner, player, state.step, lesson)
    kept = {tag: jnp.where(jnp.isfinite(old), scalars[tag], old) for tag, old in before.items()}
    return trained, kept


def averaged(decay: float, step: jax.Array, before: Player, after: Player) -> Player:
    """G after its update, with the moving averages of its parameters and its statistics.

    old + (1 - d) (new - old) with d = min(decay, (1 + step) / (10 + step)), so that the first
    steps, whose parameters are still random, are soon forgotten. The running statistics are
    averaged too, since those of the newest parameters do not fit the average. Of statistics that
    are whole numbers, such as a count of calls, the newest are kept.
    """
    if before.average is None:
        return after
    kept = jnp.minimum(decay, (1.0 + step) / (10.0 + step))

    def moved(old: jax.Array, new: jax.Array) -> jax.Array:
        if not jnp.issubdtype(old.dtype, jnp.inexact):
            return new
        return (old + (1.0 - kept) * (new - old)).astype(old.dtype)

    average = jax.tree.map(moved, before.average, after.parameters)
    statistics = jax.tree.map(moved, before.average_statistics, after.statistics)
    return after._replace(average=average, average_statistics=statistics)


def tags(recipe: Recipe) -> tuple[str, ...]:
    """The tags of all scalars of a step of this recipe."""
    objective = recipe.objective
    return (
        *slope_tags("discriminator", loss_parts(objective, recipe.regularizer)),
        *slope_tags("generator", objective.generator_parts),
        *measured_tags(objective),
    )


def gradient_evaluations(recipe: Recipe) -> dict[str, int]:
    """How many gradients of each player's loss a step takes, to compare updates of unlike cost.

    The product with the transposed Jacobian in consensus counts as one of each player's, and an
    unrolled update of D as one of D's.
    """
    if recipe.update in JOINT:
        return {"discriminator": 2, "generator": 2}
    return {"discriminator": recipe.k + recipe.unroll, "generator": 1}
