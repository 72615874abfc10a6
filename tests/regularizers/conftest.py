"""Small programs that take longer to optimize than to run."""

from collections.abc import Iterator

import pytest

from tests.compiling import unoptimized


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than these few batches."""
    with unoptimized():
        yield
