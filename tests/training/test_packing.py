"""Packs: where each example lies in one, and that a training plays with them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.discriminator_alone import Lesson, update
from gan_cli.training.game import Game
from gan_cli.training.networks import generate
from gan_cli.training.packing import pack, packed
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, begin
from tests.values import MLP

SHAPES = [(1,), (2,), (4, 5, 3)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("m", [1, 2, 3])
def test_a_pack_holds_examples_that_follow_one_another(shape: tuple[int, ...], m: int) -> None:
    x = np.random.default_rng(0).normal(size=(6, *shape))
    packs = pack(jnp.asarray(x), m)
    for pack_, members in zip(packs, np.split(x, 6 // m), strict=True):
        np.testing.assert_array_equal(pack_, np.concatenate(members, axis=-1).astype(np.float32))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_mean_pack_holds_the_mean_example_again_and_again(shape: tuple[int, ...]) -> None:
    mean = np.linspace(-1, 1, int(np.prod(shape)))
    seen = packed(DataSpec(shape, tuple(mean.tolist())), 2)
    expected = pack(jnp.asarray(np.stack([mean.reshape(shape)] * 2)), 2)[0]
    assert seen.shape == expected.shape
    np.testing.assert_allclose(np.reshape(np.asarray(seen.mean), seen.shape), expected, rtol=1e-6)
    assert packed(DataSpec(shape), 2) == DataSpec(seen.shape)


def test_both_players_meet_packs(
    make: Callable[..., Experiment], take_step: Callable[..., Any]
) -> None:
    """D learns from packs of data and of samples, and what is measured of its outputs is theirs."""
    recipe = make(k=1, architecture=MLP | {"packing": 2}, objective={"name": "wgan"}).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    real = jax.random.normal(jax.random.key(0), (1, 1, recipe.batch_size, 2))
    game = Game(networks, recipe, Streamed(jnp.int32(0), Batch(real), Batch(real[0]), None))
    after, scalars = take_step(game, state, True)

    def packs(x: jax.Array) -> jax.Array:
        return jnp.concatenate([x[::2], x[1::2]], axis=1)

    @jax.jit
    def expected() -> tuple[Player, jax.Array]:
        network = state.generator.network(networks.generator)
        before, seen = (
            packs(generate(network, game.latents(state.step, n), "float32", train=True)[0])
            for n in (0, 1)
        )
        key = key_for(recipe.seed, Purpose.DISCRIMINATOR_LOSS, 0, 0)
        lesson = Lesson(packs(real[0, 0]), before, key)
        learned, _ = update(game.learner, state.discriminator, state.step, lesson)
        return learned, game.learner.D(learned)(seen, None).mean()

    learned, on_fake = expected()
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6),
        learned,
        after.discriminator,
    )
    np.testing.assert_allclose(scalars["discriminator/fake"], on_fake, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(scalars["loss/generator"], -on_fake, rtol=1e-4, atol=1e-6)
