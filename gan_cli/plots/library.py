"""Matplotlib with its published settings, whatever the user has set for other programs."""

import contextlib
import logging
import os
from collections.abc import Iterator

from gan_cli.errors import UsageError
from gan_cli.files import cache_folder, user_cache


@contextlib.contextmanager
def _no_settings() -> Iterator[None]:
    """Hides the choice of a window, which a notebook makes, and complaints about the user's file.

    Where the user's own cache cannot be used, Matplotlib keeps its list of fonts beside our files.
    """
    window = os.environ.pop("MPLBACKEND", None)
    log = logging.getLogger("matplotlib")
    before = log.level
    log.setLevel(logging.ERROR)
    if (cache := cache_folder()) != user_cache():
        os.environ.setdefault("MPLCONFIGDIR", str(cache / "matplotlib"))
    try:
        yield
    except UnicodeDecodeError as error:
        raise UsageError(
            "Matplotlib cannot read its settings, since they are no UTF-8. Mend or move the file "
            "matplotlibrc in the current directory or in ~/.config/matplotlib."
        ) from error
    finally:
        log.setLevel(before)
        if window is not None:
            os.environ["MPLBACKEND"] = window


with _no_settings():
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import Colormap, LinearSegmentedColormap
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    matplotlib.rcdefaults()

__all__ = [
    "Colormap",
    "Figure",
    "FigureCanvasAgg",
    "Line2D",
    "LinearSegmentedColormap",
    "LogLocator",
    "NullFormatter",
    "Patch",
    "StrMethodFormatter",
]
