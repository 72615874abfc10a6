"""Arrays in files: mapped into memory, or read as a whole where the file system maps none."""

import logging
from pathlib import Path
from typing import Any

import numpy as np

log = logging.getLogger(__name__)


def load(path: Path) -> Any:
    """The array of a .npy file, or the archive of a .npz file.

    Args:
        path: the file. Some network and FUSE file systems cannot map it; then it has to fit into
            the memory.

    Raises:
        OSError, ValueError, EOFError: if it cannot be read, or holds no plain arrays.
    """
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError as error:
        if error.filename is not None:  # it could not even be opened
            raise
        log.info("%s is read as a whole, since it cannot be mapped: %s", path, error.strerror)
        return np.load(path, allow_pickle=False)
