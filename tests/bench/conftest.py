"""Small experiments, and programs that compile quickly."""

from collections.abc import Callable, Iterator

import pytest

from gan_cli import config
from gan_cli.prepared import Prepared, prepare
from tests.compiling import unoptimized
from tests.values import MLP, SMALL, adam

VALUES = SMALL | {
    "architecture": MLP | {"generator_widths": [5, 7], "discriminator_widths": [6, 4]},
    "optimizer": adam(0.001),
    "ema": 0.0,
    "device": "cpu",
}


@pytest.fixture(scope="session")
def make() -> Callable[..., Prepared]:
    """The small experiment, ready, with some of its values changed."""
    return lambda **changes: prepare(config.load(VALUES | changes))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    with unoptimized():
        yield
