"""Schedules against their closed forms, optax's own, and the one of the 2014 paper."""

import dataclasses
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
import yaml

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.config import Recipe
from gan_cli.datasets.gaussian import Gaussian
from gan_cli.errors import UsageError
from gan_cli.loading import construct
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.base import Optimizers
from gan_cli.optimizers.schedules import Schedule
from gan_cli.optimizers.sgd import Sgd
from gan_cli.training.batches import Synthetic
from gan_cli.training.game import Game
from gan_cli.training.state import begin
from gan_cli.training.step import train_step

EXPERIMENT = Path(__file__).parents[2] / "conf" / "experiment" / "goodfellow2014_mnist.yaml"
LENGTH = 200
STEPS = np.array([0, 1, 50, 100, 150, 199, 200, 201, 1000, 100_000])
DONE = np.minimum(STEPS / LENGTH, 1)

CASES = {
    "constant": (
        Schedule(),
        np.full(len(STEPS), 0.4),
        optax.constant_schedule(0.4),
    ),
    "linear, down": (
        Schedule(kind="linear", steps=LENGTH, end=0.1),
        0.4 + (0.1 - 0.4) * DONE,
        optax.linear_schedule(0.4, 0.1, LENGTH),
    ),
    "linear, up": (
        Schedule(kind="linear", steps=LENGTH, end=0.7),
        0.4 + (0.7 - 0.4) * DONE,
        optax.linear_schedule(0.4, 0.7, LENGTH),
    ),
    "cosine": (
        Schedule(kind="cosine", steps=LENGTH, end=0.1),
        0.1 + (0.4 - 0.1) * (1 + np.cos(np.pi * DONE)) / 2,
        optax.cosine_decay_schedule(0.4, LENGTH, alpha=0.1 / 0.4),
    ),
    "exponential": (
        Schedule(kind="exponential", steps=LENGTH, rate=0.5),
        0.4 * 0.5 ** (STEPS / LENGTH),
        optax.exponential_decay(0.4, LENGTH, 0.5),
    ),
    "exponential, with a floor": (
        Schedule(kind="exponential", steps=LENGTH, rate=0.5, end=0.25),
        np.maximum(0.25, 0.4 * 0.5 ** (STEPS / LENGTH)),
        optax.exponential_decay(0.4, LENGTH, 0.5, end_value=0.25),
    ),
    "exponential, below its floor": (
        Schedule(kind="exponential", steps=LENGTH, rate=0.5, end=0.5),
        np.full(len(STEPS), 0.4),
        optax.constant_schedule(0.4),
    ),
}


def values(schedule, initial, steps):
    return jax.jit(jax.vmap(lambda step: schedule(initial, step)))(jnp.asarray(steps))


@pytest.mark.parametrize("case", CASES)
def test_the_values_are_those_of_the_formula_and_of_optax(case):
    schedule, formula, theirs = CASES[case]
    construct(Schedule, dataclasses.asdict(schedule))
    found = values(schedule, 0.4, STEPS)
    np.testing.assert_allclose(found, formula, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(
        found, jax.vmap(theirs)(jnp.asarray(STEPS)) * jnp.ones(len(STEPS)), rtol=1e-5, atol=1e-12
    )


@pytest.mark.parametrize("case", CASES)
def test_a_value_is_a_float32_scalar_at_any_kind_of_step(case):
    schedule, formula, _ = CASES[case]
    for step in (100, jnp.int32(100)):
        value = schedule(0.4, step)
        assert (value.shape, value.dtype) == ((), jnp.float32)
        np.testing.assert_allclose(value, formula[3], rtol=1e-5)


def test_all_its_numbers_but_the_length_are_arguments_of_the_program():
    traces = []

    @jax.jit
    def at(schedule, initial, step):
        traces.append(schedule)
        return schedule(initial, step)

    plain = Schedule(kind="linear", steps=10, end=0.2)
    assert at(plain, 1.0, 5) == pytest.approx(0.6)
    assert at(dataclasses.replace(plain, end=0.0), 3.0, 5) == pytest.approx(1.5)
    assert len(traces) == 1
    assert at(dataclasses.replace(plain, steps=20), 1.0, 5) == pytest.approx(0.8)
    assert len(traces) == 2


def published(player="generator"):
    """A player's optimizer in the experiment of the 2014 paper."""
    fields = yaml.safe_load(EXPERIMENT.read_text())["optimizer"][player]
    schedules = {key: Schedule(**fields.pop(key)) for key in ("schedule", "momentum_schedule")}
    return Sgd(**fields, **schedules)


def test_the_learning_rate_of_the_2014_paper():
    """.1, divided by 1.000004 after every update, never below 1e-6."""
    steps = np.array([0, 1, 1000, 125_000, 1_000_000, 2_500_000, 2_878_236, 3_000_000, 10**8])
    optimizer = published()
    found = values(optimizer.schedule, optimizer.learning_rate, steps)
    np.testing.assert_allclose(found, np.maximum(0.1 / 1.000004**steps, 1e-6), rtol=2e-5)
    rate = 0.1
    for _ in range(1000):
        rate /= 1.000004
    np.testing.assert_allclose(found[2], rate, rtol=1e-6)


def test_both_players_of_the_2014_paper_differ_by_the_half_in_the_loss_of_d():
    """D's published loss is half of the sum that it minimises here, at half the rate."""
    generator, discriminator = published(), published("discriminator")
    assert discriminator == dataclasses.replace(generator, learning_rate=0.05)


def test_the_momentum_of_the_2014_paper():
    """.5, rising to .7 over 250 epochs of 500 updates."""
    optimizer = published()
    steps = np.array([0, 500, 62_500, 125_000, 10**6])
    found = values(optimizer.momentum_schedule, optimizer.momentum, steps)
    np.testing.assert_allclose(found, [0.5, 0.5008, 0.6, 0.7, 0.7], rtol=1e-6)


def test_the_updates_of_a_step_share_its_rate():
    """A rate that is 0 from step 1 on still drives all k updates of step 0, and none after."""

    def recipe(end):
        player = Sgd(learning_rate=0.1, schedule=Schedule(kind="linear", steps=1, end=end))
        return Recipe(
            architecture=Mlp(latent=2, generator_widths=(4,), discriminator_widths=(4,)),
            objective=Minimax(),
            optimizer=Optimizers(generator=player, discriminator=player),
            k=3,
            batch_size=8,
        )

    constant, brief = recipe(end=0.1), recipe(end=0.0)
    networks, start = begin(constant, DataSpec((1,)))
    source = Synthetic(dataset=Gaussian())
    step = jax.jit(
        lambda recipe, state: train_step(Game(networks, recipe, source), state, jnp.bool_(False))[
            0
        ],
        compiler_options={"xla_backend_optimization_level": 0},
    )
    once, halted, expected = (
        step(brief, start),
        step(brief, step(brief, start)),
        step(constant, start),
    )
    going = step(constant, expected)
    for network in ("generator", "discriminator"):
        found = [
            jax.tree.leaves(getattr(s, network).parameters) for s in (once, expected, halted, going)
        ]
        for after_once, after_first, after_halt, after_second in zip(*found, strict=True):
            np.testing.assert_array_equal(after_once, after_first)
            np.testing.assert_array_equal(after_halt, after_once)
            assert (after_second != after_first).any()


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"steps": 0}, "steps=0: must be at least 1."),
        ({"rate": 0.0}, "rate=0.0: must be above 0 and at most 1."),
        ({"rate": 1.5}, "rate=1.5: must be above 0 and at most 1."),
        ({"end": -0.1}, "end=-0.1: must be at least 0."),
    ],
)
def test_a_schedule_that_cannot_work_is_refused(values, text):
    with pytest.raises(UsageError) as refused:
        construct(Schedule, values)
    assert str(refused.value) == text
