"""Hydra over the configuration files of the package, once a file of tests."""

from collections.abc import Iterator

import pytest
from hydra._internal.hydra import Hydra

from gan_cli.composition import compose


@pytest.fixture(scope="module")
def program() -> Iterator[Hydra]:
    with compose.hydra() as made:
        yield made
