"""Small experiments, and programs that compile quickly."""

from collections.abc import Callable, Iterator
from typing import Any

import jax
import pytest

from gan_cli import config
from gan_cli.config import Experiment
from gan_cli.training.step import train_step
from tests.compiling import unoptimized
from tests.values import NORMALIZED

VALUES = NORMALIZED | {"k": 2, "ema": 0.9}


@pytest.fixture(scope="session")
def make() -> Callable[..., Experiment]:
    """Loads the small experiment with some of its values changed."""
    return lambda **changes: config.load(VALUES | changes)


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    with unoptimized():
        yield


@pytest.fixture(scope="session")
def take_step() -> Callable[..., Any]:
    """`train_step`, compiled."""
    return jax.jit(train_step)
