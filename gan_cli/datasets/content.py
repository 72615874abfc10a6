"""A hash of a data set's content, by which it is known wherever it lies."""

import contextlib
import hashlib
import re

import numpy as np

from gan_cli import reading
from gan_cli.datasets.base import Split
from gan_cli.datasets.folders import new_file
from gan_cli.errors import DataError
from gan_cli.files import cache_folder

QUICK = 2**26
"""Data of so many bytes is hashed in a tenth of a second, so its files need not be looked at."""

AT_ONCE = 1 << 24

HASH = re.compile(r"[0-9a-f]{64}")


def sha256(split: Split) -> str:
    """The SHA-256 of all examples and labels of a split, with their shapes and types."""
    found = hashlib.sha256()
    for array in split:
        if array is None:
            continue
        found.update(f"{array.dtype.str}{array.shape}".encode())
        rows = max(1, AT_ONCE // max(1, array.nbytes // len(array)))
        for start in range(0, len(array), rows):
            found.update(np.ascontiguousarray(array[start : start + rows]).data)
    return found.hexdigest()


def kept(split: Split, key: str) -> str:
    """The SHA-256 of a split that is large, which is found once and kept in the user's cache.

    Args:
        split: the examples.
        key: a name for a file, another one where another content is possible.
    """
    try:
        path = cache_folder() / "hashes" / key
        known = reading.content(path, largest=64).decode(errors="replace")
    except OSError:
        known = ""
    if HASH.fullmatch(known):
        return known
    found = sha256(split)
    with contextlib.suppress(OSError, DataError), new_file(cache_folder() / "hashes" / key) as file:
        file.write(found.encode())
    return found
