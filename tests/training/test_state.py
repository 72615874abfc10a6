"""How a training begins."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.training.state import TrainState, build, count, outline, sampler

Make = Callable[..., Experiment]

POINTS = DataSpec((2,))


@pytest.fixture(scope="module")
def begun(make: Make) -> TrainState:
    return build(make().recipe, POINTS)[1]


def test_the_outline_is_that_of_the_state(make: Make, begun: TrainState) -> None:
    recipe = make().recipe
    networks, abstract = outline(recipe, POINTS)
    assert networks == build(recipe, POINTS)[0] == outline(make(seed=5).recipe, POINTS)[0]
    assert hash(networks) == hash(outline(recipe, POINTS)[0])
    assert all(isinstance(leaf, jax.ShapeDtypeStruct) for leaf in jax.tree.leaves(abstract))
    assert jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), abstract) == jax.tree.map(
        lambda leaf: (leaf.shape, leaf.dtype), begun
    )
    wider = make(architecture={"name": "mlp", "latent": 3, "generator_widths": [9]}).recipe
    assert outline(wider, POINTS)[0] != networks


def test_a_training_begins_at_step_zero_with_parameters_of_its_seed(
    make: Make, begun: TrainState
) -> None:
    assert begun.step.dtype == jnp.int32
    assert int(begun.step) == 0
    sgd = {player: {"name": "sgd"} for player in ("generator", "discriminator")}
    same, other = (build(make(seed=seed, optimizer=sgd).recipe, POINTS)[1] for seed in (0, 1))
    for part in ("generator", "discriminator"):
        found, another, expected = (getattr(state, part) for state in (same, other, begun))
        jax.tree.map(np.testing.assert_array_equal, found, expected)
        kernel = expected["hidden"][0]["kernel"]
        assert not np.array_equal(another["hidden"][0]["kernel"], kernel)


def test_all_numbers_are_float32_and_finite(begun: TrainState) -> None:
    for leaf in jax.tree.leaves(begun._replace(step=None)):
        assert leaf.dtype in (jnp.float32, jnp.int32)
        assert np.isfinite(leaf).all()


def test_the_average_begins_as_the_generator_and_may_be_off(make: Make, begun: TrainState) -> None:
    jax.tree.map(np.testing.assert_array_equal, begun.average, begun.generator)
    networks, state = outline(make(ema=0.0).recipe, POINTS)
    assert state.average is None
    assert sampler(networks, state).parameters is state.generator
    networks, state = outline(make().recipe, POINTS)
    assert sampler(networks, state).parameters is state.average
    assert sampler(networks, state).statistics is state.generator_statistics


def test_parameters_are_counted(begun: TrainState) -> None:
    assert count(begun.generator) == 3 * 8 + 2 * 8 + 8 * 2 + 2
    assert count(begun.discriminator) == 2 * 8 + 8 + 8 * 1 + 1
