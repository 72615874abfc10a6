"""Every objective, data on disk, and every kind of state: trained again, equal to the bit."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from gan_cli import config, saved_config
from gan_cli.component import REGISTRY
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.job import job, verification
from gan_cli.logs.terminal import Lines
from gan_cli.players import PLAYERS
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from tests.compiling import unoptimized
from tests.values import MLP, SMALL

VALUES = SMALL | {
    "steps": 4,
    "log_every": 1,
    "samples": 2,
    "checkpoints": {"every": 2},
    "device": "cpu",
    "ema": 0,
}


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with unoptimized():
        yield


def trained(path: Path, **changes: Any) -> tuple[RunDirectory, Prepared]:
    """A run of four steps."""
    place = RunDirectory(path)
    place.settings.mkdir(parents=True)
    OmegaConf.save(OmegaConf.create(VALUES | changes), place.config)
    prepared = prepare(config.load(saved_config.saved_values(path)))
    with place.lock():
        job.train_run(prepared, place, Lines(), StopRequest())
    return place, prepared


PLAIN = {
    "dataset": {"name": "gaussian"},
    "architecture": MLP | {"generator_widths": [], "discriminator_widths": []},
    "optimizer": {player: {"name": "sgd", "learning_rate": 0.01} for player in PLAYERS},
}
"""The smallest program around an objective, since most of the time goes into compiling."""


IN_SHORT = {"f_gan", "minimax", "mmd", "relativistic", "wgan_gp"}
"""Objectives of every kind: of two scores, of one, of a batch, of pairs, and with a penalty."""


@pytest.mark.parametrize(
    "objective",
    [
        pytest.param(name, marks=[] if name in IN_SHORT else pytest.mark.long)
        for name in sorted(REGISTRY["objective"])
    ],
)
def test_each_objective_comes_out_the_same(objective: str, tmp_path: Path) -> None:
    run = trained(tmp_path / "run", objective={"name": objective}, **PLAIN)
    verdict = verification.verify(*run, Lines(), StopRequest())
    assert (verdict.start, verdict.end, verdict.rows) == (2, 4, 2)
    assert (verdict.differences, verdict.largest_difference, verdict.elsewhere) == ([], 0, {})


def test_data_on_disk_and_all_that_a_state_can_hold(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (1100, 32, 32), np.uint8)
    np.save(tmp_path / "x.npy", images)
    run = trained(
        tmp_path / "run",
        dataset={"name": "array", "path": str(tmp_path / "x.npy")},
        resident_mib=1,
        architecture=VALUES["architecture"] | {"generator_batch_norm": True, "spectral_norm": True},
        ema=0.9,
        k=2,
    )
    assert run[1].stays_on_disk
    verdict = verification.verify(*run, Lines(), StopRequest())
    assert verdict.identical
    assert verdict.arrays > 20


def test_a_request_to_stop_ends_it(tmp_path: Path) -> None:
    run, stop = trained(tmp_path / "run"), StopRequest()
    stop.signal = 2
    with pytest.raises(Interrupted):
        verification.verify(*run, Lines(), stop)
