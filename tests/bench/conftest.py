"""Small experiments, and programs that compile quickly."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import pytest

from gan_cli import config
from gan_cli.problem import Problem, prepare

VALUES: dict[str, Any] = {
    "dataset": {"name": "ring"},
    "architecture": {
        "name": "mlp",
        "latent": 3,
        "generator_widths": [5, 7],
        "discriminator_widths": [6, 4],
    },
    "objective": {"name": "minimax"},
    "optimizer": {
        "generator": {"name": "adam", "learning_rate": 0.001},
        "discriminator": {"name": "adam", "learning_rate": 0.001},
    },
    "batch_size": 8,
    "ema": 0.0,
    "device": "cpu",
}


@pytest.fixture(scope="session")
def make() -> Callable[..., Problem]:
    """The small experiment, ready, with some of its values changed."""
    return lambda **changes: prepare(config.load(VALUES | changes))


@pytest.fixture(scope="package", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
