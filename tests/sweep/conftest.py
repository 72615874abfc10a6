"""Small members of a sweep."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gan_cli import config
from gan_cli.config import Experiment
from tests.compiling import unoptimized
from tests.values import MLP, SMALL, adam

VALUES: dict[str, Any] = SMALL | {
    "architecture": MLP
    | {"generator_widths": [16], "discriminator_widths": [16], "generator_batch_norm": True},
    "optimizer": adam(1e-3),
    "batch_size": 16,
    "steps": 100,
    "log_every": 1,
    "sample_every": 50,
    "checkpoints": {"every": 50},
    "samples": 4,
}

Make = Callable[..., Experiment]


@pytest.fixture(scope="session")
def make() -> Make:
    """Loads the small experiment with some of its values changed."""
    return lambda **changes: config.load(VALUES | changes)


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    with unoptimized():
        yield


def sgd(rate: float) -> dict[str, Any]:
    """Optimizers that take plain steps of a size; a huge one diverges."""
    player = {"name": "sgd", "learning_rate": rate}
    return {"generator": player, "discriminator": player}
