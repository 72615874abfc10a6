"""D by itself: the same update as in a step, and an optimum that is known by hand."""

import functools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.config import Experiment
from gan_cli.objectives.wgan import Wgan
from gan_cli.objectives.wgan_gp import WganGp
from gan_cli.optimizers.sgd import Sgd
from gan_cli.training import discriminator_alone
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.discriminator_alone import Lesson, discriminator_gradients
from gan_cli.training.game import Game
from gan_cli.training.networks import generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import begin

POINTS = DataSpec((2,))
LINEAR = Mlp(discriminator_widths=())
KEY = jax.random.key(0)


def test_its_update_is_that_of_the_step(
    make: Callable[..., Experiment], take_step: Callable[..., Any]
) -> None:
    recipe = make(k=1, objective={"name": "wgan_gp"}).recipe
    networks, state = begin(recipe, POINTS)
    real = jax.random.normal(KEY, (1, 1, recipe.batch_size, 2))
    game = Game(networks, recipe, Streamed(jnp.int32(0), Batch(real), Batch(real[0]), None))
    after, scalars = take_step(game, state, False)

    network = state.generator.network(networks.generator)
    fake, _ = generate(network, game.latents(state.step, 0), "float32", train=True)
    lesson = Lesson(real[0, 0], fake, key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, 0, 0))
    update = jax.jit(discriminator_alone.update)
    player, found = update(game.learner, state.discriminator, state.step, lesson)
    close = functools.partial(np.testing.assert_allclose, rtol=1e-5, atol=1e-6)
    jax.tree.map(close, player, after.discriminator)
    for tag, value in found.items():
        close(value, scalars[tag], err_msg=tag)


def test_a_linear_critic_climbs_by_the_distance_of_the_means_until_it_is_clipped() -> None:
    objective, rate, clip = Wgan(clip=0.05), 0.01, 0.05
    learner, player = discriminator_alone.begin(
        LINEAR, POINTS, objective, Sgd(learning_rate=rate), KEY
    )
    real, fake = jnp.full((4, 2), 3.0), jnp.zeros((4, 2))
    before = np.asarray(player.parameters["output"]["kernel"])[:, 0]
    after, scalars = discriminator_alone.update(
        learner, player, jnp.int32(0), Lesson(real, fake, KEY)
    )
    expected = np.clip(before + rate * 3.0, -clip, clip)
    np.testing.assert_allclose(after.parameters["output"]["kernel"][:, 0], expected, rtol=1e-5)
    np.testing.assert_allclose(scalars["loss/discriminator"], -3.0 * before.sum(), rtol=1e-5)
    np.testing.assert_allclose(scalars["gradient_norm/discriminator"], 3 * np.sqrt(2), rtol=1e-5)


def test_its_gradients_may_be_taken_at_another_point() -> None:
    """What an update rule that looks ahead needs: no optimizer takes part, nothing moves."""
    learner, player = discriminator_alone.begin(LINEAR, POINTS, WganGp(penalty=2.0), Sgd(), KEY)
    real, fake = jnp.ones((4, 2)), jnp.zeros((4, 2))
    there = {"output": {"kernel": jnp.array([[3.0], [4.0]]), "bias": jnp.zeros(1)}}
    ahead = player._replace(parameters=there)
    found = discriminator_gradients(learner, ahead, jnp.int32(0), Lesson(real, fake, KEY))
    slope = -1.0 + 2.0 * 2 * (5 - 1) * np.array([3.0, 4.0]) / 5  # a critic's slope is 5 everywhere
    kernel = found.gradients["output"]["kernel"][:, 0]
    np.testing.assert_allclose(kernel, slope, rtol=1e-5)
    np.testing.assert_allclose(found.scalars["loss/discriminator/critic"], -7.0, rtol=1e-6)
    np.testing.assert_allclose(found.scalars["loss/discriminator/penalty"], 32.0, rtol=1e-6)
    np.testing.assert_allclose(found.scalars["loss/discriminator"], 25.0, rtol=1e-6)
