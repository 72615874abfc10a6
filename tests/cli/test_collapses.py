"""Trainings that collapse on purpose are warned of, and sound ones are not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

BESIDE = ("log_every=100", "sample_every=500", "evaluate_end=off", "checkpoints.every=100000")
PLAIN = ("regularizer=[]", "optimizer.learning_rate=1e-3")
STRONG = ("regularizer=[]", "optimizer.discriminator.learning_rate=1e-2")
CONSTANT = """
import jax.numpy as jnp
from flax import nnx
from gan_cli.architectures.mlp import Mlp
from gan_cli.component import component

class Point(nnx.Module):
    def __init__(self, shape):
        self.place = nnx.Param(jnp.zeros(shape))

    def __call__(self, z, *, train):
        return jnp.broadcast_to(self.place[...], (len(z), *self.place.shape))

@component
class Constant(Mlp):
    '''A G whose samples are all the same.'''

    name = "constant"

    def generator(self, data, rngs):
        return Point(data.shape)
"""
STAGED: dict[str, tuple[str, ...]] = {
    "d_frozen_ring": ("dataset=ring", "optimizer.discriminator.learning_rate=1e-12"),
    "d_frozen_gaussian": ("dataset=gaussian", "optimizer.discriminator.learning_rate=1e-12"),
    "g_frozen_ring": ("dataset=ring", *STRONG, "optimizer.generator.learning_rate=1e-12"),
    "g_frozen_digits": ("dataset=digits", *STRONG, "optimizer.generator.learning_rate=1e-12"),
    "g_constant_ring": ("dataset=ring", "architecture=constant"),
    "g_constant_gaussian": ("dataset=gaussian", "architecture=constant"),
    "g_wild_ring": ("dataset=ring", "optimizer.generator.learning_rate=1"),
    "plain_ring_3": ("dataset=ring", *PLAIN, "seed=3"),
    "plain_ring_5": ("dataset=ring", *PLAIN, "seed=5"),
    "plain_ring_minimax": ("dataset=ring", *PLAIN, "objective=minimax", "architecture.latent=1"),
}


def warned_of(gan: Command, *line: str) -> list[str]:
    """The signs that a training is warned of."""
    place = f"hydra.run.dir=run_{len(list(Path().glob('run_*')))}"
    assert gan("train", *line, *BESIDE, place).status == 0
    known = json.loads(Path(place.partition("=")[2], "summary.json").read_text())
    return [each["sign"] for each in known.get("warnings", [])]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_staged_collapses_are_warned_of(gan: Command, empty: Path) -> None:
    """At least 9 of 10, as a training may recover from what is staged."""
    Path("constant_g.py").write_text(CONSTANT)
    Path("mine/architecture").mkdir(parents=True)
    Path("mine/architecture/constant.yaml").write_text("name: constant\n")
    own = ("--import", "constant_g", "--config-dir", "mine")
    found = {name: warned_of(gan, *own, *line, "steps=4000") for name, line in STAGED.items()}
    print(found)
    assert len([signs for signs in found.values() if signs]) >= 9, found


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("dataset", ["digits", "gaussian"])
def test_sound_trainings_are_not(dataset: str, gan: Command, empty: Path) -> None:
    found = [warned_of(gan, f"dataset={dataset}", f"seed={seed}") for seed in range(1000, 1005)]
    assert found == [[]] * 5
