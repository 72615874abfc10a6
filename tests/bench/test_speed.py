"""The trainings that are measured are real ones: their steps, their members, their end."""

from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np
import pytest

from gan_cli.bench.speed import Training, alone, together
from gan_cli.errors import Diverged
from gan_cli.prepared import Prepared
from gan_cli.training.state import begin

Make = Callable[..., Prepared]
SECONDS = 0.01


def assert_goes_on(training: Training) -> None:
    """A round does `length` steps from where the last one ended."""
    before = training.step
    assert before > 1  # one for the compiler, and those that gave the length
    assert training() > 0
    assert training.step == before + training.length
    assert np.unique(training.state.step) == [training.step]


def test_a_training_goes_on_step_by_step(make: Make) -> None:
    assert_goes_on(alone(make(log_every=1), 0.1))  # more steps than one chunk can log


def test_data_from_disk_is_fed_block_by_block(make: Make, tmp_path: Path) -> None:
    points = np.random.default_rng(0).normal(size=(2**18, 2)).astype(np.float32)
    np.save(tmp_path / "points.npy", points)
    dataset = {"name": "array", "path": str(tmp_path / "points.npy")}
    training = alone(make(dataset=dataset, resident_mib=1), SECONDS)
    training.length = 600
    assert_goes_on(training)


@pytest.mark.parametrize("name", ["ring", "digits"])
def test_lanes_are_the_trainings_of_their_seeds(make: Make, name: str) -> None:
    problem = make(dataset={"name": name})
    source, _ = problem.feed().at(0)
    training = together(problem, source, 3, SECONDS)
    assert training.state.step.shape == (3,)
    assert_goes_on(training)
    first = jax.tree.leaves(training.state.generator.parameters)[-1]
    assert all(np.any(first[i] != first[j]) for i, j in ((0, 1), (0, 2), (1, 2)))


def test_lanes_begin_as_each_alone(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds 0, 1, 2: the states before any step are those of three builds."""
    problem = make()
    monkeypatch.setattr(Training, "_choose_length", lambda self, seconds: 1)
    source, _ = problem.feed().at(0)
    lanes = together(problem, source, 3, SECONDS).state
    for seed in range(3):
        experiment = make(seed=seed).experiment
        _, state = begin(experiment.recipe, problem.spec)
        for mine, all_lanes in zip(
            jax.tree.leaves(state.generator), jax.tree.leaves(lanes.generator), strict=True
        ):
            np.testing.assert_allclose(all_lanes[seed], mine, rtol=1e-6, atol=1e-7)


def test_a_training_that_diverges_has_no_speed(make: Make) -> None:
    player = {"name": "sgd", "learning_rate": 1e30}
    problem = make(optimizer={"generator": player, "discriminator": player})
    with pytest.raises(Diverged) as error:
        alone(problem, SECONDS)
    assert str(error.value) in {
        f"the training is no longer finite within {steps} steps, so its speed cannot be measured. "
        "Try a lower learning rate."
        for steps in range(1, 8)
    }
