"""Several devices take the steps of one: means over a minibatch are over the whole of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli import config
from gan_cli.architectures.base import DataSpec
from gan_cli.config import Recipe
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.training.batches import Batch, Source, Synthetic
from gan_cli.training.game import Game
from gan_cli.training.layout import Layout
from gan_cli.training.state import outline
from gan_cli.training.step import RULES, train_step
from tests.values import MLP, SMALL

T = TypeVar("T")

TOLERANCE = 1e-5
"""How far a number may be off, in parts of the larger of 1 and its value: roundings alone."""

NORMALIZED = {"generator_batch_norm": True, "discriminator_batch_norm": True}
DIGITS = {"name": "digits"}

CASES: dict[str, dict[str, Any]] = {
    "packs, a penalty and two updates of D": {
        "objective": {"name": "wgan_gp"},
        "architecture": MLP | {"packing": 2},
        "k": 2,
    },
    "unrolling": {"unroll": 2, "architecture": MLP | {"spectral_norm": True}},
    "pairs and several penalties": {
        "objective": {"name": "relativistic_average"},
        "regularizer": {name: {"name": name} for name in ("r1", "r2", "instance_noise")},
        "update": "simultaneous",
    },
    "a look ahead": {"update": "extra_gradient", "architecture": MLP | NORMALIZED},
    "a pull to where both gradients are 0": {"update": "consensus", "consensus_weight": 0.1},
    "convolutions with batch norm": {
        "dataset": DIGITS,
        "architecture": {"name": "dcgan", "filters": 4, "discriminator_dropout": 0.3},
    },
}


QUICK, USUAL = ({"JAX_DISABLE_MOST_OPTIMIZATIONS": value} for value in ("1", "0"))
"""Programs that compile quickly, and those of a user."""


def differences(
    *cases: tuple[list[int], int, dict[str, Any]], compiled: dict[str, str] = QUICK
) -> list[list[float]]:
    """What `several_devices` prints."""
    most = str(max(number for numbers, *_ in cases for number in numbers))
    own = {"JAX_NUM_CPU_DEVICES": most} | compiled
    done = subprocess.run(
        [sys.executable, "-m", "tests.training.several_devices", json.dumps(cases)],
        env=os.environ | own,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[list[float]] = json.loads(done.stdout)
    return found


@jax.tree_util.register_static
class Noted(Layout):
    """One device; notes what would be divided."""

    divisions: ClassVar[list[Any]] = []

    def divided(self, batch: T) -> T:
        self.divisions.append(batch)
        return batch


class Noting:
    """A source that notes every minibatch that it gives."""

    def __init__(self, source: Source) -> None:
        self.source, self.given = source, list[Batch]()

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        self.given.append(self.source.discriminator_batch(recipe, step, inner))
        return self.given[-1]

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        self.given.append(self.source.generator_batch(recipe, step))
        return self.given[-1]


@pytest.mark.parametrize("update", RULES)
def test_every_minibatch_of_a_step_is_divided(update: str) -> None:
    experiment = config.load(SMALL | {"update": update, "ema": 0.9})
    networks, state = outline(experiment.recipe, DataSpec((2,)))
    assert isinstance(experiment.dataset, SyntheticDataset)
    source, layout = Noting(Synthetic(dataset=experiment.dataset)), Noted()
    game = Game(networks, experiment.recipe, source, layout)
    layout.divisions.clear()
    jax.eval_shape(lambda begun: train_step(game, begun, jnp.bool_(True)), state)
    noted = {id(batch) for batch in layout.divisions}
    assert len(source.given) >= 2
    assert all(id(batch) in noted for batch in source.given)


def test_a_hundred_steps_are_those_of_one_device() -> None:
    normalized = {"architecture": MLP | NORMALIZED, "ema": 0.9}
    [found] = differences(([4], 100, normalized))
    assert max(found) <= TOLERANCE


@pytest.mark.slow
def test_every_number_of_devices_takes_the_same_steps() -> None:
    packed = CASES["packs, a penalty and two updates of D"]
    found = differences(([2, 8], 20, {"architecture": MLP | NORMALIZED}), ([4], 5, packed))
    assert max(map(max, found)) <= TOLERANCE


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [*CASES, "batch norm", "data from disk"])
def test_whatever_is_played_several_devices_take_the_same_steps(name: str, tmp_path: Path) -> None:
    """With the programs of a user: 2, 4 and 8 devices, a hundred steps of each."""
    points = np.random.default_rng(0).normal(size=(64 * 1024, 5)).astype(np.float32)
    np.save(tmp_path / "points.npy", points)
    more: dict[str, dict[str, Any]] = {
        "batch norm": {"architecture": MLP | NORMALIZED, "ema": 0.9},
        "data from disk": {
            "dataset": {"name": "array", "path": str(tmp_path / "points.npy")},
            "resident_mib": 1,
        },
    }
    [found] = differences(([2, 4, 8], 100, (CASES | more)[name]), compiled=USUAL)
    assert max(found) <= TOLERANCE
