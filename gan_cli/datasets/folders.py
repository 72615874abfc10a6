"""Where data lies on this machine."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """The user's cache folder for gan: $XDG_CACHE_HOME/gan, else ~/.cache/gan."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gan"


def data_folder(root: str | None) -> Path:
    """The folder with one sub-folder a data set: `root`, else $GAN_DATA_DIR, else the cache."""
    chosen = root or os.environ.get("GAN_DATA_DIR") or cache_folder()
    return Path(chosen).expanduser().absolute()
