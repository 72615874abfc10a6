"""Updates of both players at once, against fields and steps written out in NumPy."""

import itertools
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.component import REGISTRY
from gan_cli.config import JOINT, Experiment, Recipe
from gan_cli.training.batches import Batch, Streamed
from gan_cli.training.examination import examine
from gan_cli.training.game import Game
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import TrainState, begin
from gan_cli.training.step import CHECKED, gradient_evaluations, tags

Make = Callable[..., Experiment]
Step = Callable[..., tuple[TrainState, dict[str, jax.Array]]]

B = 8
LINEAR = {"name": "mlp", "latent": 3, "generator_widths": [], "discriminator_widths": []}


def sgd(rate: float, momentum: float) -> dict[str, Any]:
    return {"name": "sgd", "learning_rate": rate, "momentum": momentum}


def minibatches(seed: int = 0) -> Streamed:
    """One minibatch of points for each of two looks at the game."""
    random = np.random.default_rng(seed)
    first, second = random.normal(1.0, 0.5, (2, B, 2)).astype(np.float32)
    return Streamed(
        jnp.int32(0), Batch(jnp.asarray(first[None, None])), Batch(jnp.asarray(second[None])), None
    )


def latents(recipe: Recipe, look: int) -> np.ndarray:
    key = key_for(recipe.seed, Purpose.LATENTS, 0, look)
    return np.asarray(recipe.architecture.sample_latent(key, B), np.float64)


def in_one_vector(state: TrainState) -> np.ndarray:
    """A, a, v and c of G(z) = z A + a and D(x) = x v + c."""
    g, d = state.generator.parameters["output"], state.discriminator.parameters["output"]
    parts = g["kernel"], g["bias"], d["kernel"], d["bias"]
    return np.concatenate([np.asarray(part, np.float64).ravel() for part in parts])


def field(w: np.ndarray, real: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The gradients of the non-saturating game's losses, each by its own player's parameters."""
    A, a, v, c = w[:6].reshape(3, 2), w[6:8], w[8:10], w[10]
    fake = z @ A + a
    on_real, on_fake = real @ v + c, fake @ v + c
    of_g = -expit(-on_fake)[:, None] * v / B
    by_real, by_fake = -expit(-on_real) / B, expit(on_fake) / B
    of_v = real.T @ by_real + fake.T @ by_fake
    return np.concatenate(
        [(z.T @ of_g).ravel(), of_g.sum(axis=0), of_v, [by_real.sum() + by_fake.sum()]]
    )


def one_step(
    make: Make, take_step: Step, momentum: float = 0.0, **changes: Any
) -> tuple[Recipe, Streamed, np.ndarray, np.ndarray, dict[str, jax.Array]]:
    """A step of the linear game: the parameters before and after it, and its scalars."""
    players = {"generator": sgd(0.2, momentum), "discriminator": sgd(0.3, momentum)}
    values = {"architecture": LINEAR, "optimizer": players, "k": 1, "batch_size": B, "ema": 0.0}
    recipe = make(**(values | {"objective": {"name": "non_saturating"}} | changes)).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    source = minibatches()
    after, scalars = take_step(Game(networks, recipe, source), state, True)
    return recipe, source, in_one_vector(state), in_one_vector(after), scalars


RATES = np.array([0.2] * 8 + [0.3] * 3)


def test_extra_gradient_steps_along_the_gradients_a_step_ahead(make: Make, take_step: Step) -> None:
    """Momentum takes in both gradients."""
    found = one_step(make, take_step, momentum=0.5, update="extra_gradient")
    recipe, source, before, after, scalars = found
    here = np.asarray(source.discriminator.x[0, 0], np.float64)
    there = np.asarray(source.generator.x[0], np.float64)
    first = field(before, here, latents(recipe, 0))
    second = field(before - RATES * first, there, latents(recipe, 1))
    np.testing.assert_allclose(after, before - RATES * (second + 0.5 * first), atol=1e-6)
    norm = np.linalg.norm(first[:8]), np.linalg.norm(first[8:])
    assert scalars["gradient_norm/generator"] == pytest.approx(norm[0], rel=1e-5)
    assert scalars["gradient_norm/discriminator"] == pytest.approx(norm[1], rel=1e-5)


def test_running_statistics_move_once_a_step_by_the_second_look(
    make: Make, take_step: Step
) -> None:
    """G stands still, so that the statistics of both looks' samples are told by the latents."""
    recipe = make(
        architecture=LINEAR | {"generator_widths": [4], "generator_batch_norm": True},
        optimizer={"generator": sgd(0.0, 0.0), "discriminator": sgd(0.3, 0.0)},
        k=1,
        batch_size=B,
        update="extra_gradient",
    ).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    after, _ = take_step(Game(networks, recipe, minibatches()), state, False)
    kernel = np.asarray(state.generator.parameters["hidden"][0]["kernel"], np.float64)
    h = latents(recipe, 1) @ kernel
    found = after.generator.statistics["norms"][0]
    np.testing.assert_allclose(found["mean"], 0.1 * h.mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found["var"], 0.9 + 0.1 * h.var(axis=0), rtol=1e-4)


def test_consensus_adds_the_gradient_of_half_the_squared_norm(make: Make, take_step: Step) -> None:
    """The gradient by central differences of the field that is written out above."""
    found = one_step(make, take_step, update="consensus", consensus_weight=1.5)
    recipe, source, before, after, scalars = found
    real, z = np.asarray(source.discriminator.x[0, 0], np.float64), latents(recipe, 0)

    def height(w: np.ndarray) -> float:
        return float(np.square(field(w, real, z)).sum() / 2)

    small = 1e-5 * np.eye(len(before))
    pull = np.array([(height(before + e) - height(before - e)) / 2e-5 for e in small])
    along = field(before, real, z) + 1.5 * pull
    np.testing.assert_allclose(after, before - RATES * along, atol=1e-6)
    assert np.abs(pull).max() > 0.01
    assert {*scalars} == {*tags(recipe)}


def test_consensus_of_weight_0_is_a_simultaneous_step(make: Make, take_step: Step) -> None:
    plain = one_step(make, take_step, update="simultaneous")
    weightless = one_step(make, take_step, update="consensus", consensus_weight=0.0)
    np.testing.assert_allclose(plain[3], weightless[3], rtol=1e-6)
    assert {tag: float(value) for tag, value in plain[4].items()} == pytest.approx(
        {tag: float(value) for tag, value in weightless[4].items()}, rel=1e-6
    )


@pytest.mark.parametrize("update", JOINT)
def test_a_clipped_d_stays_clipped(make: Make, take_step: Step, update: str) -> None:
    wgan = {"name": "wgan", "clip": 0.05}
    *_, after, scalars = one_step(make, take_step, update=update, objective=wgan)
    assert np.abs(after[8:]).max() <= np.float32(0.05)
    assert all(np.isfinite(scalars[tag]) for tag in CHECKED)


def spoilt(make: Make) -> tuple[Game, TrainState]:
    """A game whose second minibatch of a step is not finite."""
    recipe = make(architecture=LINEAR, k=1, batch_size=B, update="extra_gradient").recipe
    networks, state = begin(recipe, DataSpec((2,)))
    good = minibatches()
    bad = good.generator._replace(x=good.generator.x.at[0, 0, 0].set(jnp.inf))
    source = Streamed(good.first, good.discriminator, bad, None)
    return Game(networks, recipe, source), state


def test_what_breaks_in_the_second_look_is_noticed_and_found(make: Make, take_step: Step) -> None:
    game, state = spoilt(make)
    _, scalars = take_step(game, state, True)
    assert not np.isfinite(scalars["gradient_norm/discriminator"])
    found = examine(game, state)
    assert found is not None
    assert found[0] == "the update of both players"
    assert found[1].player == "discriminator"


def every_case() -> list[Any]:
    """Every objective with each update; all but two wait for a night."""
    quick = [("minimax", "consensus"), ("relativistic", "extra_gradient")]
    return [
        pytest.param(*case, marks=pytest.mark.slow if case in quick else pytest.mark.long)
        for case in itertools.product(sorted(REGISTRY["objective"]), JOINT)
    ]


@pytest.mark.parametrize(("objective", "update"), every_case())
def test_every_objective_takes_them(
    make: Make, take_step: Step, objective: str, update: str
) -> None:
    network = {"name": "mlp", "latent": 3, "generator_widths": [5], "discriminator_widths": [5]}
    network |= {"packing": 2, "spectral_norm": True}
    regularizer = {"r1": {"name": "r1", "every": 2}, "instance_noise": {"name": "instance_noise"}}
    recipe = make(
        objective={"name": objective},
        architecture=network,
        regularizer=regularizer,
        k=1,
        batch_size=B,
        update=update,
    ).recipe
    networks, state = begin(recipe, DataSpec((2,)))
    after, scalars = take_step(Game(networks, recipe, minibatches()), state, True)
    assert all(np.isfinite(value) for value in scalars.values())
    assert {*scalars} == {*tags(recipe)}
    for old, new in zip(jax.tree.leaves(state), jax.tree.leaves(after), strict=True):
        assert (old.shape, old.dtype) == (new.shape, new.dtype)
        assert np.isfinite(new).all()
    for player in ("generator", "discriminator"):
        pair = (getattr(each, player).parameters for each in (state, after))
        moved = jax.tree.map(lambda a, b: bool((a != b).any()), *pair)
        assert any(jax.tree.leaves(moved))


def test_gradients_are_counted(make: Make) -> None:
    both = {"discriminator": 2, "generator": 2}
    assert [gradient_evaluations(make(k=1, update=each).recipe) for each in JOINT] == [both] * 2
    plain = make(k=3, unroll=2).recipe
    assert gradient_evaluations(plain) == {"discriminator": 5, "generator": 1}


@pytest.mark.parametrize("update", JOINT)
def test_k_and_unrolling_are_refused(make: Make, update: str) -> None:
    with pytest.raises(config.UsageError, match=rf"k=2: update={update} moves both players"):
        make(k=2, update=update)
    with pytest.raises(config.UsageError, match=rf"unroll=1: update={update} looks ahead"):
        make(k=1, unroll=1, update=update)
