"""G learns through D alone: given D, a step moves G the same way whatever the data are."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.component import component
from gan_cli.config import Experiment
from gan_cli.datasets.ring import Ring
from gan_cli.training.batches import Batch, Synthetic
from gan_cli.training.game import Game
from gan_cli.training.state import TrainState, begin
from gan_cli.training.step import train_step
from tests.compiling import unoptimized
from tests.values import NORMALIZED, UNPAIRED

VALUES = NORMALIZED | {"batch_size": 16, "k": 2}


@component
class TwoWorlds(Synthetic):
    """D's updates see the ring; when it is G's turn, the data are `scale` times as far out."""

    scale: float = 1.0

    def generator_batch(self, recipe: Any, step: jax.Array) -> Batch:
        return Batch(self.scale * super().generator_batch(recipe, step).x)


@pytest.fixture(scope="module")
def step() -> Iterator[Callable[..., Any]]:
    """Compiled without optimizations, which would take longer than the steps."""
    with unoptimized():
        yield jax.jit(train_step)


@pytest.mark.parametrize("objective", UNPAIRED)
def test_given_d_the_generators_update_does_not_depend_on_the_data(
    step: Callable[..., Any], objective: str
) -> None:
    """The claim of the 2014 paper, section 6: G is not updated with data, only through D."""
    experiment: Experiment = config.load(VALUES | {"objective": {"name": objective}})
    networks, state = begin(experiment.recipe, DataSpec((2,)))

    def after(scale: float, state: TrainState = state) -> TrainState:
        source = TwoWorlds(dataset=Ring(), scale=jnp.float32(scale))
        return step(Game(networks, experiment.recipe, source), state, jnp.bool_(False))[0]

    here, elsewhere = after(1.0), after(100.0)
    for one, other in zip(jax.tree.leaves(here), jax.tree.leaves(elsewhere), strict=True):
        np.testing.assert_array_equal(one, other)
    moved = jax.tree.map(
        lambda a, b: float(jnp.abs(a - b).max()),
        here.generator.parameters,
        state.generator.parameters,
    )
    assert max(jax.tree.leaves(moved)) > 0

    player = state.discriminator
    changed = jax.tree.map(lambda w: 0.5 * w + 0.01, player.parameters)
    other_d = state._replace(discriminator=player._replace(parameters=changed))
    different = after(1.0, other_d).generator.parameters
    unlike = jax.tree.map(
        lambda a, b: float(jnp.abs(a - b).max()), here.generator.parameters, different
    )
    assert max(jax.tree.leaves(unlike)) > 0, "another D moves G another way"
