"""Small experiments, and a training step that compiles quickly."""

from collections.abc import Callable
from typing import Any

import jax
import pytest

from gan_cli import config
from gan_cli.config import Experiment
from gan_cli.training.step import train_step

VALUES: dict[str, Any] = {
    "dataset": {"name": "ring"},
    "architecture": {
        "name": "mlp",
        "latent": 3,
        "generator_widths": [8],
        "discriminator_widths": [8],
        "generator_batch_norm": True,
    },
    "objective": {"name": "minimax"},
    "optimizer": {
        "generator": {"name": "adam", "learning_rate": 0.01},
        "discriminator": {"name": "adam", "learning_rate": 0.01},
    },
    "k": 2,
    "batch_size": 8,
    "ema": 0.9,
}


@pytest.fixture(scope="session")
def make() -> Callable[..., Experiment]:
    """Loads the small experiment with some of its values changed."""
    return lambda **changes: config.load(VALUES | changes)


@pytest.fixture(scope="session")
def take_step() -> Callable[..., Any]:
    """`train_step`, compiled without optimizations, which would take longer than the steps."""
    quick: dict[str, Any] = {"xla_backend_optimization_level": 0}
    return jax.jit(train_step, static_argnames="networks", compiler_options=quick)
