"""How a training begins."""

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.stored_arrays import by_name
from gan_cli.training.state import (
    TrainState,
    begin,
    count,
    from_earlier_versions,
    named_as_today,
    outline,
    sampler,
)

Make = Callable[..., Experiment]

POINTS = DataSpec((2,))


@pytest.fixture(scope="module")
def begun(make: Make) -> TrainState:
    return begin(make().recipe, POINTS)[1]


def test_the_outline_is_that_of_the_state(make: Make, begun: TrainState) -> None:
    recipe = make().recipe
    networks, abstract = outline(recipe, POINTS)
    assert networks == begin(recipe, POINTS)[0] == outline(make(seed=5).recipe, POINTS)[0]
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
    same, other = (begin(make(seed=seed, optimizer=sgd).recipe, POINTS)[1] for seed in (0, 1))
    for part in ("generator", "discriminator"):
        found, another, expected = (
            getattr(state, part).parameters for state in (same, other, begun)
        )
        jax.tree.map(np.testing.assert_array_equal, found, expected)
        kernel = expected["hidden"][0]["kernel"]
        assert not np.array_equal(another["hidden"][0]["kernel"], kernel)


def test_all_numbers_are_float32_and_finite(begun: TrainState) -> None:
    for leaf in jax.tree.leaves(begun._replace(step=None)):
        assert leaf.dtype in (jnp.float32, jnp.int32)
        assert np.isfinite(leaf).all()


def test_the_average_begins_as_the_generator_and_may_be_off(make: Make, begun: TrainState) -> None:
    player = begun.generator
    jax.tree.map(np.testing.assert_array_equal, player.average, player.parameters)
    jax.tree.map(np.testing.assert_array_equal, player.average_statistics, player.statistics)
    assert jax.tree.leaves(player.average_statistics)
    networks, state = outline(make(ema=0.0).recipe, POINTS)
    assert state.generator.average is state.generator.average_statistics is None
    assert sampler(networks, state).parameters is state.generator.parameters
    assert sampler(networks, state).statistics is state.generator.statistics
    networks, state = outline(make().recipe, POINTS)
    assert sampler(networks, state).parameters is state.generator.average
    assert sampler(networks, state).statistics is state.generator.average_statistics


def test_parameters_are_counted(begun: TrainState) -> None:
    assert count(begun.generator.parameters) == 3 * 8 + 2 * 8 + 8 * 2 + 2
    assert count(begun.discriminator.parameters) == 2 * 8 + 8 + 8 * 1 + 1


def test_names_of_version_0_1_0_become_those_of_today() -> None:
    names = {
        "step": "step",
        "average/output/bias": "generator/average/output/bias",
        "generator/output/bias": "generator/parameters/output/bias",
        "generator_statistics/norms/0/mean": "generator/statistics/norms/0/mean",
        "generator_optimizer/0/mu/output/bias": "generator/optimizer/0/mu/output/bias",
        "discriminator/output/bias": "discriminator/parameters/output/bias",
        "discriminator_statistics/calls": "discriminator/statistics/calls",
        "discriminator_optimizer/0/count": "discriminator/optimizer/0/count",
    }
    old = {name: np.array(i) for i, name in enumerate(names)}
    new = named_as_today(old)
    first = {"stream": np.array(0)}
    assert new == first | {names[name]: value for name, value in old.items()}
    assert named_as_today(new) == new
    assert named_as_today(new | {"stream": np.array(2)})["stream"] == 2
    bare = {"step": np.array(0), "generator/optimizer_like/bias": np.array(1)}
    assert from_earlier_versions(bare) == first | {
        "step": np.array(0),
        "generator/parameters/optimizer_like/bias": np.array(1),
    }
    drawn_with = {"generator/average_statistics/norms/0/mean": np.array(3)}
    assert from_earlier_versions(old) == new | drawn_with
    assert from_earlier_versions(new | {"step": np.array(7)}) == new | drawn_with | {
        "step": np.array(7)
    }


def test_a_checkpoint_without_the_averages_statistics_draws_with_the_newest(make: Make) -> None:
    """As the version that saved it did; a state of today comes back as it is."""
    state = begin(make().recipe, POINTS)[1]
    newest = jax.tree.map(lambda x: x + 3, state.generator.statistics)
    arrays = by_name(state._replace(generator=state.generator._replace(statistics=newest)))
    assert all(from_earlier_versions(arrays)[name] is array for name, array in arrays.items())
    own = "generator/average_statistics/"
    earlier = {name: array for name, array in arrays.items() if not name.startswith(own)}
    assert len(earlier) == len(arrays) - 2
    found = from_earlier_versions(earlier)
    assert {*found} == {*arrays}
    for name in {*found} - {*earlier}:
        newest_of_it = found[name.replace(own, "generator/statistics/")]
        np.testing.assert_array_equal(found[name], newest_of_it)
        assert not np.shares_memory(found[name], newest_of_it), "one would be given up for two"
    without = begin(make(ema=0.0).recipe, POINTS)[1]
    assert {*from_earlier_versions(by_name(without))} == {*by_name(without)}


def test_a_data_set_with_another_mean_begins_otherwise(make: Make) -> None:
    """Maxout's G begins at the logit of the mean image; equal data sets share a program."""
    recipe = make(architecture={"name": "maxout", "latent": 3, "generator_widths": [4]}).recipe
    dark, light = (DataSpec((2, 2, 1), (level,) * 4) for level in (-0.5, 0.5))
    assert hash(dark) == hash(DataSpec((2, 2, 1), (-0.5,) * 4)) != hash(light)
    biases = [
        begin(recipe, data)[1].generator.parameters["output"]["bias"] for data in (dark, light)
    ]
    np.testing.assert_allclose(biases[0], np.log(0.25 / 0.75), rtol=1e-6)
    np.testing.assert_allclose(biases[1], np.log(0.75 / 0.25), rtol=1e-6)
    before = begin._cache_size()
    begin(dataclasses.replace(recipe, seed=3), DataSpec((2, 2, 1), (-0.5,) * 4))
    assert begin._cache_size() == before
