"""A generator read back from a run directory: the right one, without the data."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from omegaconf import OmegaConf

from gan_cli import checkpoints, config
from gan_cli.architectures.base import DataSpec
from gan_cli.errors import DataError, UsageError
from gan_cli.runs import RunDirectory
from gan_cli.trained import load
from gan_cli.training.sampling import BATCH
from gan_cli.training.state import TrainState, outline
from tests.values import MLP, SMALL

VALUES = SMALL | {
    "dataset": {"name": "array", "path": "/nowhere/images.npy"},
    "architecture": MLP | {"generator_widths": [5], "discriminator_widths": [4]},
    "optimizer": {"generator": {"name": "sgd"}, "discriminator": {"name": "adam"}},
    "ema": 0.9,
}
SHAPE = (2, 3, 1)


def random_state(seed: int) -> TrainState:
    """A state of the run with other numbers for each seed; small ones, for tanh's sake."""
    random = np.random.default_rng(seed)
    _, abstract = outline(config.load(VALUES).recipe, DataSpec(SHAPE))
    return jax.tree.map(
        lambda leaf: np.asarray(random.normal(size=leaf.shape)).astype(leaf.dtype), abstract
    )


@pytest.fixture
def place(tmp_path: Path) -> RunDirectory:
    """A run with checkpoints of steps 10 and 20 whose data is gone."""
    made = RunDirectory(tmp_path / "run")
    made.config.parent.mkdir(parents=True)
    OmegaConf.save(OmegaConf.create(VALUES), made.config)
    made.write_summary({"status": "completed", "data_shape": list(SHAPE)})
    for step in (10, 20):
        checkpoints.save(made.checkpoints, step, random_state(step), keep=2)
    return made


def by_hand(parameters: Any, z: np.ndarray) -> np.ndarray:
    hidden, output = parameters["hidden"][0], parameters["output"]
    h = np.maximum(z @ hidden["kernel"] + hidden["bias"], 0)
    return np.tanh(h @ output["kernel"] + output["bias"]).reshape(-1, *SHAPE)


def test_the_newest_is_read_unless_a_step_is_named(place: RunDirectory) -> None:
    z = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    for step, found in [(20, load(place)), (10, load(place, 10)), (20, load(place, 20))]:
        assert (found.step, found.damaged) == (step, [])
        assert found.spec.shape == SHAPE
        jax.tree.map(np.testing.assert_array_equal, found.state, random_state(step))
        samples = found.generate(jax.numpy.asarray(z))
        assert isinstance(samples, np.ndarray)
        assert samples.dtype == np.float32
        np.testing.assert_allclose(
            samples, by_hand(random_state(step).generator.average, z), rtol=1e-4, atol=1e-5
        )


def test_many_samples_are_drawn_in_batches_and_come_in_order(place: RunDirectory) -> None:
    z = np.random.default_rng(0).normal(size=(BATCH + 3, 3)).astype(np.float32)
    samples = load(place).generate(jax.numpy.asarray(z))
    assert samples.shape == (BATCH + 3, *SHAPE)
    expected = by_hand(random_state(20).generator.average, z)
    np.testing.assert_allclose(samples, expected, rtol=1e-4, atol=1e-5)


def with_flat_names(state: TrainState) -> dict[str, Any]:
    """A state as version 0.1.0 laid it out."""
    players = {"generator": state.generator, "discriminator": state.discriminator}
    flat: dict[str, Any] = {"step": state.step, "average": state.generator.average}
    for name, player in players.items():
        flat[name] = player.parameters
        flat[f"{name}_statistics"] = player.statistics
        flat[f"{name}_optimizer"] = player.optimizer
    return flat


@pytest.mark.parametrize("step", [None, 30])
def test_a_checkpoint_of_version_0_1_0_is_read(place: RunDirectory, step: int | None) -> None:
    state = random_state(30)
    checkpoints.save(place.checkpoints, 30, with_flat_names(state), keep=3)
    found = load(place, step)
    assert (found.step, found.damaged) == (30, [])
    jax.tree.map(np.testing.assert_array_equal, found.state, state)


Damage = Callable[[int], None]


@pytest.fixture
def damage(place: RunDirectory) -> Damage:
    def empty(step: int) -> None:
        for path in (place.checkpoints / str(step)).rglob("*"):
            if path.is_file():
                path.write_bytes(b"")

    return empty


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of Orbax's threads
def test_a_damaged_checkpoint_is_passed_over_but_not_if_it_was_asked_for(
    place: RunDirectory, damage: Damage
) -> None:
    damage(20)
    message = f"checkpoint {place.checkpoints / '20'} is damaged: it cannot be read."
    found = load(place)
    assert (found.step, found.damaged) == (10, [message])
    with pytest.raises(DataError) as error:
        load(place, 20)
    assert str(error.value) == message
    damage(10)
    with pytest.raises(DataError, match=r" No checkpoint is left to draw with\. Move "):
        load(place)
    gc.collect()


def test_a_step_that_was_not_saved_is_told(place: RunDirectory) -> None:
    with pytest.raises(UsageError) as error:
        load(place, 15)
    assert str(error.value) == f"{place.path} has no checkpoint of step 15; it has: 10, 20."


def test_a_damaged_best_checkpoint_leaves_the_newest(place: RunDirectory) -> None:
    (place.best_checkpoints / "15").mkdir(parents=True)
    with pytest.raises(DataError) as error:
        load(place, "best")
    assert str(error.value) == (
        f"checkpoint {place.best_checkpoints / '15'} is damaged: it cannot be read. "
        "Without --checkpoint best the newest checkpoint is used."
    )


def test_a_run_without_checkpoints_is_told(place: RunDirectory) -> None:
    empty = RunDirectory(place.path.with_name("empty"))
    empty.config.parent.mkdir(parents=True)
    empty.config.write_text(place.config.read_text())
    with pytest.raises(UsageError) as error:
        load(empty)
    assert str(error.value) == (
        f"{empty.path} has no checkpoint, since it was killed at step 0, before the first was "
        f"saved. Go on with it: gan train --resume {empty.path}"
    )


def test_a_run_without_a_summary_is_told(place: RunDirectory) -> None:
    place.summary.unlink()
    with pytest.raises(DataError) as error:
        load(place)
    assert str(error.value) == (
        f"{place.summary} is missing. gan train --resume {place.path} --accept-changes writes "
        "it anew."
    )
