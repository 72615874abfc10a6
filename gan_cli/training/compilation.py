"""The cache of compiled programs, kept from one process to the next, and what compiling costs."""

import contextlib
import functools
import logging
import os
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
from jax.experimental.compilation_cache import compilation_cache

from gan_cli.files import cache_folder, path_of
from gan_cli.training import program_cache

log = logging.getLogger(__name__)

MAX_BYTES = 2**30
UNLIMITED = -1
"""JAX's own limit reads a file of every program that is kept each time it keeps another one."""

LIMIT = Path("/proc/sys/vm/max_map_count")
MAPPINGS = Path("/proc/self/maps")
DAMAGED = "Error reading persistent compilation cache entry"
"""An entry that is damaged is compiled and kept anew."""


def enable_compilation_cache(where: str) -> None:
    """Lets JAX keep compiled programs on disk; a program found there is not compiled again.

    Args:
        where: auto (the user's cache directory), off, or a directory. Where it holds more than
            1 GiB when a process starts, those used longest ago are deleted, but for a directory
            that JAX itself was told of (JAX_COMPILATION_CACHE_DIR). Where it cannot be written to,
            nothing is kept, and a warning says so once.
    """
    directory = None if where == "off" else _directory(where)
    warnings.filterwarnings("ignore", DAMAGED)
    jax.config.update("jax_enable_compilation_cache", directory is not None)
    if directory != jax.config.values["jax_compilation_cache_dir"]:
        jax.config.update("jax_compilation_cache_dir", directory)
        compilation_cache.reset_cache()  # JAX decides once where and whether it keeps programs
    program_cache.install()
    jax.config.update("jax_compilation_cache_max_size", UNLIMITED)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)


@functools.cache
def _directory(where: str) -> str | None:
    """The directory for programs, which is made; None, with a warning, where that cannot be."""
    told = os.environ.get("JAX_COMPILATION_CACHE_DIR") if where == "auto" else None
    if told and "://" in told:
        return told
    own = cache_folder() / "programs" if where == "auto" else path_of(where)
    directory = Path(told) if told else own
    try:
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()
    except OSError as error:
        log.warning("%s", program_cache.problem(directory, error))
        return None
    if not told:
        _delete_the_oldest(directory)
    return str(directory.resolve())


def _delete_the_oldest(directory: Path) -> None:
    """Deletes the programs that were used longest ago, until the others fit in `MAX_BYTES`."""
    found: list[tuple[float, int, Path]] = []
    for path in directory.glob("*-cache"):
        with contextlib.suppress(OSError):  # another process has just deleted it
            status = path.stat()
            found.append((max(status.st_atime, status.st_mtime), status.st_size, path))
    kept = 0
    for _, size, path in sorted(found, reverse=True):
        kept += size
        if kept > MAX_BYTES:
            with contextlib.suppress(OSError):  # it is another user's, or deleted by now
                path.unlink()


def make_room() -> None:
    """Lets go of the programs in memory when they hold half of the mappings that Linux allows.

    A program on a CPU holds several hundred mappings of memory, and the process is killed where
    they pass the limit (`vm.max_map_count`, usually 65,530): without this, a sweep of some fifty
    network structures would be. What is needed again is read from the cache on disk.
    """
    try:
        limit = int(LIMIT.read_text(encoding="ascii"))
        with MAPPINGS.open("rb") as lines:
            held = sum(1 for _ in lines)
    except OSError:  # another system than Linux, which has no such limit
        return
    if held > limit // 2:
        jax.clear_caches()


class Compiling:
    """The time that this thread waited for programs to be traced, compiled or read from the cache.

    Where one program is traced while another one is, that time is counted once.
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
    """Times what this thread compiles while the context is open."""
    compiling = Compiling()
    jax.monitoring.register_event_duration_secs_listener(compiling)
    try:
        yield compiling
    finally:
        jax.monitoring.unregister_event_duration_listener(compiling)
