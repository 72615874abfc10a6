"""The cache of compiled programs, kept from one process to the next, and what compiling costs."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax

MAX_BYTES = 2**30


def keep_programs(where: str) -> None:
    """Lets JAX keep compiled programs on disk; a program found there is not compiled again.

    Args:
        where: auto (the user's cache directory), off, or a directory. The oldest are deleted when
            the directory grows beyond 1 GiB. A directory that JAX itself was told of
            (JAX_COMPILATION_CACHE_DIR) is left as it is.
    """
    if where == "off":
        jax.config.update("jax_enable_compilation_cache", False)
        return
    if where != "auto" or not os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        directory = home / "gan" / "programs" if where == "auto" else Path(where).expanduser()
        jax.config.update("jax_compilation_cache_dir", str(directory.resolve()))
    jax.config.update("jax_compilation_cache_max_size", MAX_BYTES)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.2)


class Compiling:
    """The time that this thread waited for programs to be traced, compiled or read from the cache.

    A program may be traced while another one is: what was within is not counted twice.
    """

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._spans: list[tuple[float, float]] = []

    @property
    def seconds(self) -> float:
        return sum(end - start for start, end in self._spans)

    def __call__(self, event: str, duration_secs: float, **_: Any) -> None:
        if not event.startswith("/jax/core/compile/") or threading.get_ident() != self._thread:
            return
        end = time.perf_counter()
        start = end - duration_secs
        while self._spans and self._spans[-1][0] >= start:
            self._spans.pop()
        self._spans.append((start, end))


@contextlib.contextmanager
def timed() -> Iterator[Compiling]:
    """Counts what this thread compiles within."""
    compiling = Compiling()
    jax.monitoring.register_event_duration_secs_listener(compiling)
    try:
        yield compiling
    finally:
        jax.monitoring.unregister_event_duration_listener(compiling)
