"""G learns through D alone: given D, a step moves G the same way whatever the data are."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY, component
from gan_cli.config import Experiment
from gan_cli.datasets.ring import Ring
from gan_cli.training.batches import Synthetic
from gan_cli.training.state import TrainState, build
from gan_cli.training.step import train_step

OBJECTIVES = sorted(
    name
    for name, made in REGISTRY["objective"].items()
    if made.__module__.startswith("gan_cli.objectives")
)
VALUES: dict[str, Any] = {
    "dataset": {"name": "ring"},
    "architecture": {
        "name": "mlp",
        "latent": 3,
        "generator_widths": [8],
        "discriminator_widths": [8],
        "generator_batch_norm": True,
    },
    "optimizer": {
        "generator": {"name": "adam", "learning_rate": 0.01},
        "discriminator": {"name": "adam", "learning_rate": 0.01},
    },
    "batch_size": 16,
    "k": 2,
}


@component
class TwoWorlds(Synthetic):
    """D's updates see the ring; when it is G's turn, the data are `scale` times as far out."""

    scale: float = 1.0

    def generator_batch(self, recipe: Any, step: jax.Array) -> jax.Array:
        return self.scale * super().generator_batch(recipe, step)


@pytest.fixture(scope="module")
def step() -> Iterator[Callable[..., Any]]:
    """Compiled without optimizations, which would take longer than the steps."""
    jax.config.update("jax_disable_most_optimizations", True)
    yield jax.jit(train_step, static_argnames="networks")
    jax.config.update("jax_disable_most_optimizations", False)


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_given_d_the_generators_update_does_not_depend_on_the_data(
    step: Callable[..., Any], objective: str
) -> None:
    """The claim of the 2014 paper, section 6: G is not updated with data, only through D."""
    assert len(OBJECTIVES) == 6
    experiment: Experiment = config.load(VALUES | {"objective": {"name": objective}})
    networks, state = build(experiment.recipe, DataSpec((2,)))

    def after(scale: float, state: TrainState = state) -> TrainState:
        source = TwoWorlds(dataset=Ring(), scale=jnp.float32(scale))
        return step(networks, experiment.recipe, source, state, jnp.bool_(False))[0]

    here, elsewhere = after(1.0), after(100.0)
    for one, other in zip(jax.tree.leaves(here), jax.tree.leaves(elsewhere), strict=True):
        np.testing.assert_array_equal(one, other)
    moved = jax.tree.map(lambda a, b: float(jnp.abs(a - b).max()), here.generator, state.generator)
    assert max(jax.tree.leaves(moved)) > 0

    other_d = state._replace(
        discriminator=jax.tree.map(lambda w: 0.5 * w + 0.01, state.discriminator)
    )
    different = after(1.0, other_d).generator
    unlike = jax.tree.map(lambda a, b: float(jnp.abs(a - b).max()), here.generator, different)
    assert max(jax.tree.leaves(unlike)) > 0, "another D moves G another way"
