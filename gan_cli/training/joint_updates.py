"""Updates of both players at once, which use more of the game than its gradients at one point."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from gan_cli.training.descent import Scalars, Slope
from gan_cli.training.discriminator_alone import Lesson, discriminator_gradients, moved
from gan_cli.training.game import Game, Meeting
from gan_cli.training.generator_update import (
    Drawn,
    Turn,
    generator_gradients,
    moved_generator,
    outputs,
)
from gan_cli.training.networks import Parameters
from gan_cli.training.state import TrainState


class Field(NamedTuple):
    """The gradients of both losses, each by its own player's parameters, at one pair of players.

    meeting: what G met.
    """

    generator: Slope[Drawn]
    discriminator: Slope[None]
    meeting: Meeting

    @property
    def gradients(self) -> tuple[Parameters, Parameters]:
        """Those of G and of D."""
        return self.generator.gradients, self.discriminator.gradients

    @property
    def scalars(self) -> Scalars:
        return self.discriminator.scalars | self.generator.scalars

    def along(self, gradients: tuple[Parameters, Parameters]) -> "Field":
        """The same with other gradients to descend along."""
        of_g, of_d = gradients
        return self._replace(
            generator=self.generator._replace(gradients=of_g),
            discriminator=self.discriminator._replace(gradients=of_d),
        )


def extra_gradient(game: Game, state: TrainState) -> Turn:
    """Both players step along the gradients that they would meet after a step of both.

    Let w be the parameters of both, F(w) the gradients of their losses, h the rates and P the
    projection: w' = P(w - h F(w)), and the update is P(w - h F(w')), on another minibatch. The
    moments of an optimizer take in both gradients, one after the other. G's running statistics
    move once, by its samples at w'.

    Source: Gidel et al. 2019, "A variational inequality perspective on generative adversarial
        networks", extrapolation by gradient steps and the algorithm Extra-Adam.
    """
    here = first_look(game, state)
    ahead = ahead_of(game, state, here)
    there = second_look(game, ahead)
    start = state._replace(
        generator=state.generator._replace(optimizer=ahead.generator.optimizer),
        discriminator=state.discriminator._replace(optimizer=ahead.discriminator.optimizer),
    )
    after = stepped(game, start, there)
    scalars = {
        tag: jnp.where(jnp.isfinite(later), here.scalars[tag], later)
        for tag, later in there.scalars.items()
    }
    return turn(game, state, after, here, scalars)


def consensus(game: Game, state: TrainState) -> Turn:
    """Both players step along F + gamma J^T F, which pulls them to where both gradients are 0.

    F are the gradients of both losses, each by its own player's parameters, and J is the Jacobian
    of F by the parameters of both, so that J^T F is the gradient of |F|^2 / 2. gamma is the
    recipe's `consensus_weight`.

    Source: Mescheder et al. 2017, "The numerics of GANs", the algorithm consensus optimization.
    """

    def gradients(
        parameters: tuple[Parameters, Parameters],
    ) -> tuple[Any, tuple[Slope[Drawn], Slope[None]]]:
        of_g, of_d = parameters
        players = state._replace(
            generator=state.generator._replace(parameters=of_g),
            discriminator=state.discriminator._replace(parameters=of_d),
        )
        found = first_look(game, players)
        return found.gradients, (found.generator, found.discriminator)

    own = state.generator.parameters, state.discriminator.parameters
    found, pull, slopes = jax.vjp(gradients, own, has_aux=True)
    (steepest,) = pull(found)
    gamma = game.recipe.consensus_weight
    along = jax.tree.map(lambda f, g: f + gamma * g, found, steepest)
    here = Field(*slopes, game.shared_meeting(state.step, state.discriminator))
    return turn(game, state, stepped(game, state, here.along(along)), here, here.scalars)


def ahead_of(game: Game, players: TrainState, found: Field) -> TrainState:
    """Both players a step along gradients, for a second look; G's statistics stay as they are."""
    ahead = stepped(game, players, found)
    statistics = players.generator.statistics
    return ahead._replace(generator=ahead.generator._replace(statistics=statistics))


def first_look(game: Game, players: TrainState) -> Field:
    """Both gradients at the players of a state, on the first minibatch of its step."""
    meeting = game.shared_meeting(players.step, players.discriminator)
    return look(game, players, game.lesson(players, jnp.int32(0)), meeting, 0)


def second_look(game: Game, players: TrainState) -> Field:
    """Both gradients at the players of a state, on another minibatch of the same step."""
    meeting = game.later_meeting(players.step, players.discriminator)
    return look(game, players, game.later_lesson(players), meeting, 1)


def look(game: Game, players: TrainState, lesson: Lesson, meeting: Meeting, before: int) -> Field:
    """Both gradients at the players of a state.

    Args:
        game: what is played.
        players: the state whose players it is.
        lesson: what D learns from.
        meeting: what G meets.
        before: how often gradients were taken before in the same step.
    """
    return Field(
        generator_gradients(game, players, meeting, before),
        discriminator_gradients(game.learner, players.discriminator, players.step, lesson),
        meeting,
    )


def stepped(game: Game, players: TrainState, found: Field) -> TrainState:
    """The state with both players moved along gradients, each by its own optimizer."""
    of_d = found.discriminator.gradients
    return players._replace(
        generator=moved_generator(game, players, found.generator),
        discriminator=moved(game.learner, players.discriminator, players.step, of_d),
    )


def turn(game: Game, state: TrainState, after: TrainState, here: Field, scalars: Scalars) -> Turn:
    """What is passed on: the moved players, and what was measured where they were before."""
    measured = outputs(game, state.step, here.meeting, here.generator)
    return Turn(after.generator, after.discriminator, scalars, measured)
