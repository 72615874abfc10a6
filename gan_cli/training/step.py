"""One training step, pure: k updates of D, then one of G (Algorithm 1 of the 2014 paper)."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from gan_cli.config import Recipe
from gan_cli.objectives.base import Discriminator, Objective
from gan_cli.training import discriminator_alone
from gan_cli.training.batches import Batch, Source
from gan_cli.training.descent import Scalars, Slope, descend, slope, slope_tags
from gan_cli.training.discriminator_alone import Learner, Lesson, loss_parts
from gan_cli.training.networks import Networks, Parameters, generate
from gan_cli.training.packing import pack
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, TrainState

CHECKED = (
    "loss/discriminator",
    "loss/generator",
    "gradient_norm/discriminator",
    "gradient_norm/generator",
)
"""The scalars of every step that must stay finite."""


class Game(NamedTuple):
    """What is played.

    networks: the structure of G and D.
    recipe: what to train and how.
    source: the minibatches of data.
    """

    networks: Networks
    recipe: Recipe
    source: Source

    @property
    def learner(self) -> Learner:
        """How D learns in this game."""
        return Learner(
            graph=self.networks.discriminator,
            objective=self.recipe.objective,
            optimizer=self.recipe.optimizer.discriminator,
            regularizer=self.recipe.regularizer,
            precision=self.recipe.precision,
        )

    def latents(self, step: jax.Array, inner: jax.Array | int) -> jax.Array:
        """The latents of a step's update number `inner`, (batch, latent)."""
        key = key_for(self.recipe.seed, Purpose.LATENTS, step, inner)
        return self.recipe.architecture.sample_latent(key, self.recipe.batch_size)

    def packs(self, x: jax.Array) -> jax.Array:
        """Examples (N, *shape) in the form that D judges."""
        return pack(x, self.recipe.architecture.packing)


class Meeting(NamedTuple):
    """What G meets in its update.

    D: the opponent.
    latents: the latents of G's samples, (batch, latent).
    real: gives the minibatch of data; it is a function, so that the data are gathered only where
        something asks for them.
    """

    D: Discriminator
    latents: jax.Array
    real: Callable[[], Batch]


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
    moving = average(recipe.ema, step, state.generator.average, turn.generator.parameters)
    after = TrainState(step + 1, turn.generator._replace(average=moving), turn.discriminator)
    zeros = dict.fromkeys(measured_tags(recipe.objective), jnp.float32(0))
    return after, turn.scalars | lax.cond(measured, turn.outputs, lambda: zeros)


def alternating(game: Game, state: TrainState) -> Turn:
    """k updates of D, then one of G against the D that came out of them.

    Source: Goodfellow et al. 2014, Algorithm 1.
    """
    recipe, step = game.recipe, state.step
    trained, scalars = train_discriminator(game, state, recipe.k)
    meeting = Meeting(
        game.learner.opponent(trained, step),
        game.latents(step, recipe.k),
        lambda: game.source.generator_batch(recipe, step),
    )
    return train_generator(game, state, meeting, trained, scalars)


def simultaneous(game: Game, state: TrainState) -> Turn:
    """k updates of D and one of G, which meets D as it was before the last of them.

    D's last update and G's see the same minibatch and the same samples.

    Source: the code of Goodfellow et al. 2014.
    """
    step, last = state.step, game.recipe.k - 1
    before, scalars = train_discriminator(game, state, last)
    inner = jnp.int32(last)
    meeting = Meeting(
        game.learner.opponent(before, step),
        game.latents(step, last),
        lambda: game.source.discriminator_batch(game.recipe, step, inner),
    )
    trained, scalars = update_discriminator(game, state, before, scalars, inner)
    return train_generator(game, state, meeting, trained, scalars)


RULES: dict[str, Callable[[Game, TrainState], Turn]] = {
    "alternating": alternating,
    "simultaneous": simultaneous,
}


def train_discriminator(game: Game, state: TrainState, updates: int) -> tuple[Player, Scalars]:
    """D after so many updates against the state's G, and the scalars of its loss."""
    zeros = dict.fromkeys(slope_tags("discriminator", game.learner.parts), jnp.float32(0))
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
    recipe, step = game.recipe, state.step
    generator = state.generator.network(game.networks.generator)
    real = game.source.discriminator_batch(recipe, step, inner)
    fake, _ = generate(generator, game.latents(step, inner), recipe.precision, train=True)
    key = key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, step, inner)
    lesson = Lesson(game.packs(real.x), game.packs(fake), key, step * recipe.k + inner)
    trained, scalars = discriminator_alone.update(game.learner, player, step, lesson)
    kept = {tag: jnp.where(jnp.isfinite(old), scalars[tag], old) for tag, old in before.items()}
    return trained, kept


def train_generator(
    game: Game, state: TrainState, meeting: Meeting, trained: Player, scalars: Scalars
) -> Turn:
    """G's update, which ends the turn; D's player and scalars are passed on."""
    found = generator_gradients(game, state, meeting)
    fake, statistics = found.more
    optimizer = game.recipe.optimizer.generator
    improved = descend(optimizer, state.step, state.generator, found.gradients)
    return Turn(
        improved._replace(statistics=statistics),
        trained,
        scalars | found.scalars,
        lambda: measure(game.recipe.objective, meeting.D, game.packs(meeting.real().x), fake),
    )


def generator_gradients(game: Game, state: TrainState, meeting: Meeting) -> Slope:
    """The gradients of G's loss at the state's G; `more` holds its packs and its statistics."""
    recipe, player = game.recipe, state.generator
    key = key_for(recipe.seed, Purpose.GENERATOR_LOSS, state.step)

    def loss(parameters: Parameters) -> Any:
        network = player._replace(parameters=parameters).network(game.networks.generator)
        samples, statistics = generate(network, meeting.latents, recipe.precision, train=True)
        real, fake = game.packs(meeting.real().x), game.packs(samples)
        return recipe.objective.generator_loss(meeting.D, real, fake, key), (fake, statistics)

    return slope(loss, player.parameters, "generator", recipe.objective.generator_parts)


def average(
    decay: float, step: jax.Array, old: Parameters | None, new: Parameters
) -> Parameters | None:
    """The moving average of G's parameters, or None where it is off.

    old + (1 - d) (new - old) with d = min(decay, (1 + step) / (10 + step)), so that the first
    steps, whose parameters are still random, are soon forgotten.
    """
    if old is None:
        return None
    kept = jnp.minimum(decay, (1.0 + step) / (10.0 + step))
    return jax.tree.map(lambda a, w: a + (1.0 - kept) * (w - a), old, new)


def measure(objective: Objective, D: Discriminator, real: jax.Array, fake: jax.Array) -> Scalars:
    """What D says about data and about samples, without dropout.

    Returns:
        The mean outputs, the share of both that D tells right, and the objective's divergence.
    """
    on_real, on_fake = D(real, None), D(fake, None)
    told = objective.accuracy(on_real, on_fake), objective.estimate(on_real, on_fake)
    values = on_real.mean(), on_fake.mean(), *told
    return dict(zip(measured_tags(objective), values, strict=True))


def measured_tags(objective: Objective) -> tuple[str, ...]:
    """The tags of what is measured where a step is logged."""
    outputs = ("discriminator/real", "discriminator/fake", "discriminator/accuracy")
    return (*outputs, f"divergence/{objective.divergence}")


def tags(recipe: Recipe) -> tuple[str, ...]:
    """The tags of all scalars of a step of this recipe."""
    objective = recipe.objective
    return (
        *slope_tags("discriminator", loss_parts(objective, recipe.regularizer)),
        *slope_tags("generator", objective.generator_parts),
        *measured_tags(objective),
    )
