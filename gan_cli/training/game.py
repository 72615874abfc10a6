"""What is played, and what each update of a step sees of it."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

from gan_cli.config import Recipe
from gan_cli.training.batches import Batch, Source
from gan_cli.training.discriminator_alone import Learner, Lesson
from gan_cli.training.layout import ALONE, Layout
from gan_cli.training.networks import Networks, generate
from gan_cli.training.packing import pack
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, TrainState


class Meeting(NamedTuple):
    """What G meets in its update.

    opponent: the player whose D it is.
    number: how many updates D has had.
    latents: the latents of G's samples, (batch, latent).
    real: gives the minibatch of data; it is a function, so that the data are gathered only where
        something asks for them.
    """

    opponent: Player
    number: jax.Array
    latents: jax.Array
    real: Callable[[], Batch]


class Game(NamedTuple):
    """What is played.

    networks: the structure of G and D.
    recipe: what to train and how.
    source: the minibatches of data.
    layout: on which devices it is played.
    """

    networks: Networks
    recipe: Recipe
    source: Source
    layout: Layout = ALONE

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
        latents = self.recipe.architecture.sample_latent(key, self.recipe.batch_size)
        return self.layout.divided(latents)

    def discriminator_batch(self, step: jax.Array, inner: jax.Array) -> Batch:
        """The minibatch of D's update number `inner` of a step."""
        return self.layout.divided(self.source.discriminator_batch(self.recipe, step, inner))

    def generator_batch(self, step: jax.Array) -> Batch:
        """The minibatch of G's update of a step."""
        return self.layout.divided(self.source.generator_batch(self.recipe, step))

    def packs(self, x: jax.Array) -> jax.Array:
        """Examples (N, *shape) in the form that D judges."""
        return pack(x, self.recipe.architecture.packing)

    def lesson(self, state: TrainState, inner: jax.Array) -> Lesson:
        """What D's update number `inner` of a step learns from."""
        recipe, step = self.recipe, state.step
        generator = state.generator.network(self.networks.generator)
        real = self.discriminator_batch(step, inner)
        fake, _ = generate(generator, self.latents(step, inner), recipe.precision, train=True)
        key = key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, step, inner)
        return Lesson(self.packs(real.x), self.packs(fake), key, step * recipe.k + inner)

    def later_lesson(self, state: TrainState) -> Lesson:
        """What D learns from in a second look of a step: the examples of `later_meeting`."""
        recipe, step = self.recipe, state.step
        generator = state.generator.network(self.networks.generator)
        real = self.generator_batch(step)
        fake, _ = generate(generator, self.latents(step, recipe.k), recipe.precision, train=True)
        key = key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, step, recipe.k)
        return Lesson(self.packs(real.x), self.packs(fake), key, step * recipe.k)

    def later_meeting(self, step: jax.Array, opponent: Player) -> Meeting:
        """G meets D on a minibatch and samples that D has not learned from."""
        k = self.recipe.k
        return Meeting(
            opponent,
            (step + 1) * k,
            self.latents(step, k),
            lambda: self.generator_batch(step),
        )

    def shared_meeting(self, step: jax.Array, opponent: Player) -> Meeting:
        """G meets D on the minibatch and the samples of D's last update of the step."""
        last = self.recipe.k - 1
        inner = jnp.int32(last)
        return Meeting(
            opponent,
            step * self.recipe.k + last,
            self.latents(step, last),
            lambda: self.discriminator_batch(step, inner),
        )
