"""The cache of compiled programs, kept from one process to the next."""

import os
from pathlib import Path

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
