"""Small experiments, and programs that compile quickly."""

from collections.abc import Callable, Iterator

import pytest

from gan_cli import config
from gan_cli.prepared import Prepared, prepare
from tests.compiling import unoptimized
from tests.values import MLP, SMALL

WIDE = MLP | {"generator_widths": [64, 64], "discriminator_widths": [64, 64]}


@pytest.fixture(scope="session")
def make() -> Callable[..., Prepared]:
    """A small experiment, ready, with some of its values changed."""
    return lambda **changes: prepare(config.load(SMALL | {"device": "cpu"} | changes))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    with unoptimized():
        yield
