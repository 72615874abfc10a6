"""Programs compiled without optimizations, where compiling takes longer than what they do."""

from collections.abc import Iterator
from contextlib import contextmanager

import jax
import pytest

OPTION = "jax_disable_most_optimizations"


@contextmanager
def unoptimized() -> Iterator[None]:
    """Inside it, this process and those that it starts compile without optimizations."""
    before = jax.config.read(OPTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OPTION.upper(), "1")
        jax.config.update(OPTION, True)
        try:
            yield
        finally:
            jax.config.update(OPTION, before)
