"""Programs that compile quickly."""

from collections.abc import Iterator

import pytest

from tests.compiling import unoptimized


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than all steps of these tests."""
    with unoptimized():
        yield
