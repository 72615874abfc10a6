"""A training that becomes non-finite is taken again, and what broke first is named."""

import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import pytest

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.diagnosis import Finding, Tensor
from gan_cli.training import replay as module
from gan_cli.training.batches import Batch
from gan_cli.training.examination import examine
from gan_cli.training.feeds import SameSource
from gan_cli.training.game import Game
from gan_cli.training.networks import Networks
from gan_cli.training.program import Single
from gan_cli.training.replay import replay
from gan_cli.training.state import TrainState, begin

Make = Callable[..., Experiment]

R1 = {"name": "r1", "weight": 1.0}
SIMULTANEOUS: dict[str, Any] = {
    "update": "simultaneous",
    "precision": "bfloat16",
    "regularizer": {"r1": R1},
}


def points(n: int) -> jax.Array:
    return jnp.stack([jnp.cos(jnp.arange(n)), 2 + jnp.sin(jnp.arange(n))], axis=1)


class Spoilt(NamedTuple):
    """Minibatches of which a value is infinite from a step on."""

    first: int

    def discriminator_batch(self, recipe: Any, step: jax.Array, inner: jax.Array) -> Batch:
        x = points(recipe.batch_size)
        return Batch(jnp.where(step + 1 >= self.first, x.at[0, 0].set(jnp.inf), x))

    def generator_batch(self, recipe: Any, step: jax.Array) -> Batch:
        return Batch(points(recipe.batch_size))


class Beginning(NamedTuple):
    experiment: Experiment
    networks: Networks
    state: TrainState

    @property
    def game(self) -> Game:
        return Game(self.networks, self.experiment.recipe, Spoilt(10**6))

    def replayed(self, state: TrainState, broken: int, spoilt: int = 10**6) -> Finding | None:
        program = Single(self.networks, self.experiment.recipe)
        return replay(program, SameSource(Spoilt(spoilt), 7), state, broken)


@pytest.fixture(
    scope="module",
    params=[{}, SIMULTANEOUS],
    ids=["alternating", "simultaneous"],
)
def beginning(make: Make, request: pytest.FixtureRequest) -> Beginning:
    experiment = make(**request.param)
    return Beginning(experiment, *begin(experiment.recipe, DataSpec((2,))))


def filled(state: TrainState, player: str, path: list[Any], value: float) -> TrainState:
    """A state in which one parameter of a player holds one value everywhere."""
    changed = getattr(state, player)
    names = jax.tree_util.tree_map_with_path(
        lambda at, leaf: jnp.full_like(leaf, value) if [each.key for each in at] == path else leaf,
        changed.parameters,
    )
    return state._replace(**{player: changed._replace(parameters=names)})


def test_a_step_that_is_finite_has_nothing_to_name(beginning: Beginning) -> None:
    assert examine(beginning.game, beginning.state) is None
    assert beginning.replayed(beginning.state, 3) is None


@pytest.mark.parametrize(
    ("player", "path", "value", "expected"),
    [
        (
            "generator",
            ["hidden", 0, "kernel"],
            float("nan"),
            ("", Tensor("generator", "parameter", "hidden/0/kernel")),
        ),
        (
            "generator",
            ["output", "kernel"],
            3e38,
            ("D's update 1", Tensor("generator", "activation", "output")),
        ),
        (
            "discriminator",
            ["hidden", 0, "kernel"],
            3e38,
            ("D's update 1", Tensor("discriminator", "activation", "hidden/0 on data")),
        ),
    ],
)
def test_the_layer_that_overflows_is_named(
    beginning: Beginning,
    player: str,
    path: list[Any],
    value: float,
    expected: tuple[str, Tensor],
) -> None:
    state = filled(beginning.state, player, path, value)
    assert examine(beginning.game, state) == expected


def test_parameters_that_overflow_after_a_finite_loss_are_named(beginning: Beginning) -> None:
    adam, *rest = beginning.state.generator.optimizer
    huge = adam._replace(mu=jax.tree.map(lambda m: jnp.full_like(m, 3e38), adam.mu))
    player = beginning.state.generator._replace(optimizer=(huge, *rest))
    found = beginning.replayed(beginning.state._replace(generator=player), 2)
    assert found is not None
    assert (found.step, found.update) == (1, "G's update")
    assert (found.tensor.player, found.tensor.kind) == ("generator", "parameter")


def test_the_step_that_broke_first_is_found_among_many(beginning: Beginning) -> None:
    found = beginning.replayed(beginning.state, 80, spoilt=23)
    assert found is not None
    assert (found.step, found.update, found.tensor) == (23, "D's update 1", Tensor("", "minibatch"))
    assert {len(norms) for norms in found.norms.values()} <= set(range(1, 17))
    assert all(norm > 0 for norm in found.norms["parameter_norm/discriminator"])


def with_rate(beginning: Beginning, player: str, rate: float) -> Beginning:
    """The same with another learning rate, which no program has to be compiled for."""
    both = beginning.experiment.optimizer
    one = dataclasses.replace(getattr(both, player), learning_rate=rate)
    optimizer = dataclasses.replace(both, **{player: one})
    experiment = dataclasses.replace(beginning.experiment, optimizer=optimizer)
    return beginning._replace(experiment=experiment)


@pytest.mark.parametrize(
    ("where", "grown"),
    [
        ("D's update 1", {"alternating": [], "simultaneous": []}),
        ("G's update", {"alternating": ["discriminator"], "simultaneous": []}),
    ],
)
def test_a_player_that_leapt_before_the_other_broke_is_told_of(
    beginning: Beginning,
    where: str,
    grown: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where both play in turn, G meets D after its leap."""
    monkeypatch.setattr(module, "examine", lambda *_: (where, Tensor("generator", "loss")))
    fast = with_rate(with_rate(beginning, "discriminator", 1e8), "generator", float("inf"))
    found = fast.replayed(fast.state, 1)
    assert found is not None
    assert found.grown == grown[fast.experiment.update]
    before, after = found.largest["discriminator"]
    parameters = jax.tree.leaves(fast.state.discriminator.parameters)
    assert before == max(float(abs(leaf).max()) for leaf in parameters)
    assert after == before if not found.grown else 1e7 < after < 1e9


def test_a_loss_part_that_overflows_is_named(make: Make) -> None:
    heavy = SIMULTANEOUS | {"regularizer": {"r1": R1 | {"weight": 3.4e38}}}
    experiment = make(**heavy)
    networks, state = begin(experiment.recipe, DataSpec((2,)))
    game = Game(networks, experiment.recipe, Spoilt(10**6))
    steep = filled(state, "discriminator", ["output", "kernel"], 100.0)
    assert examine(game, steep) == ("D's update 1", Tensor("discriminator", "loss part", "r1"))
