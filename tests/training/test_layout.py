"""Several devices take the steps of one: means over a minibatch are over the whole of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.values import MLP

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
