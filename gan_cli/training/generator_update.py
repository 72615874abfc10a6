"""G's update: the gradients of its loss against a D, and what a turn of the game leaves."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax

from gan_cli.objectives.base import Loss
from gan_cli.training.descent import Scalars, Slope, descend, slope
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.game import Game, Meeting
from gan_cli.training.networks import Parameters, generate
from gan_cli.training.outputs import measure
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, TrainState
from gan_cli.training.unrolling import unrolled


class Drawn(NamedTuple):
    """What G drew while its loss was differentiated.

    fake: its samples, in packs.
    statistics: its running statistics after them.
    """

    fake: jax.Array
    statistics: Any


class Turn(NamedTuple):
    """What an update rule makes of a state.

    generator, discriminator: the players after their updates.
    scalars: the scalars of both losses, by tag.
    outputs: measures what D says in the meeting with G.
    """

    generator: Player
    discriminator: Player
    scalars: Scalars
    outputs: Callable[[], Scalars]


def train_generator(
    game: Game, state: TrainState, meeting: Meeting, trained: Player, scalars: Scalars
) -> Turn:
    """G's update, which ends the turn; D's player and scalars are passed on."""
    found = generator_gradients(game, state, meeting)
    return Turn(
        moved_generator(game, state, found),
        trained,
        scalars | found.scalars,
        outputs(game, state.step, meeting, found),
    )


def outputs(
    game: Game, step: jax.Array, meeting: Meeting, found: Slope[Drawn]
) -> Callable[[], Scalars]:
    """What measures D's outputs in a meeting with G, whose gradients were found in it."""
    D = game.learner.opponent(meeting.opponent, step)
    return lambda: measure(game.recipe.objective, D, game.packs(meeting.real().x), found.more.fake)


def moved_generator(game: Game, state: TrainState, found: Slope[Drawn]) -> Player:
    """G after a step along its gradients, with the statistics of its last samples."""
    moved = descend(game.recipe.optimizer.generator, state.step, state.generator, found.gradients)
    return moved._replace(statistics=found.more.statistics)


def generator_gradients(
    game: Game, state: TrainState, meeting: Meeting, look: int = 0
) -> Slope[Drawn]:
    """The gradients of G's loss at the state's G, and what was drawn for them.

    Args:
        game: what is played.
        state: holds G.
        meeting: what G meets.
        look: how often a gradient of G was taken before in the same step.
    """
    recipe, player = game.recipe, state.generator
    key = key_for(recipe.seed, Purpose.GENERATOR_LOSS, state.step, look)

    def loss(parameters: Parameters) -> tuple[Loss, Drawn]:
        network = player._replace(parameters=parameters).network(game.networks.generator)
        samples, statistics = generate(network, meeting.latents, recipe.precision, train=True)
        fake = game.packs(samples)
        return against(game, state.step, meeting, fake, key), Drawn(fake, statistics)

    return slope(loss, player.parameters, "generator", recipe.objective.generator_parts)


def against(game: Game, step: jax.Array, meeting: Meeting, fake: jax.Array, key: jax.Array) -> Loss:
    """G's loss against D as it is, or as it will be after the recipe's unrolled updates.

    Those updates learn from the minibatch and the packs of samples of G's own update, and are
    forgotten.
    The loss is then f_K(theta_G, theta_D) = f(theta_G, theta_D^K(theta_G, theta_D)).

    Source: Metz et al. 2017, section 2 (f_K), and their code (one minibatch for all of it).
    """
    recipe, real, opponent = game.recipe, game.packs(meeting.real().x), meeting.opponent
    if not recipe.unroll:
        D = game.learner.opponent(opponent, step)
        return recipe.objective.generator_loss(D, real, fake, key)

    drawn = key_for(recipe.seed, Purpose.UNROLLED_LOSS, step)
    lesson = Lesson(real, fake, drawn, meeting.number)
    later = unrolled(game.learner, opponent, step, lesson, recipe.unroll)
    return recipe.objective.unrolled_loss(game.learner.opponent(later, step), real, fake, key)
