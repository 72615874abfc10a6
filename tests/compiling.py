"""Programs compiled without optimizations, where compiling takes longer than what they do."""

from collections.abc import Iterator
from contextlib import contextmanager

import jax
import pytest

OPTION = "jax_disable_most_optimizations"


@contextmanager
def unoptimized() -> Iterator[None]:
    """Inside it, this process and those that it starts compile without optimizations.

    JAX does not look at the option when it finds a program in memory. So that no test runs some
    programs that are optimized and some that are not, which differ by a rounding, all of them are
    forgotten where the option changes.
    """
    before = jax.config.read(OPTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(OPTION.upper(), "1")
        _switch(True)
        try:
            yield
        finally:
            _switch(before)


def _switch(off: bool) -> None:
    if jax.config.read(OPTION) != off:
        jax.clear_caches()
        jax.config.update(OPTION, off)
