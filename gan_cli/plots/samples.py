"""The choice of the picture that shows the samples of a data set."""

import threading
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from gan_cli.errors import UsageError

DRAWING = threading.Lock()
"""Held while something is drawn: Matplotlib's figures and fonts are for one thread at a time."""


class Drawer(Protocol):
    """Draws samples of one data set, as often as it is asked to."""

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, *shape) as an encoded PNG.

        Args:
            samples: the samples in the data's own scale (images in [-1, 1]).
            title: when they were drawn, such as "step 1,000", or nothing.
        """
        ...

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws G's images of lines in z, (rows, columns, *shape), as an encoded PNG."""
        ...


def drawer(
    shape: tuple[int, ...],
    reference: np.ndarray | None = None,
    log_prob: Callable[[np.ndarray], Any] | None = None,
) -> Drawer:
    """Chooses the picture by the shape of one example, and imports only what that picture needs.

    Args:
        shape: the shape of one example: (height, width, channels) for images, (D,) for points.
        reference: real points (N, D), which set the axes; images need none.
        log_prob: the log density of points (M, D) as (M,), if it is known. Without it, or if D is
            above 2, the reference points are drawn instead.

    Raises:
        UsageError: if examples of that shape cannot be drawn.
        ValueError: if points come without a reference.
    """
    if len(shape) == 3 and shape[2] in (1, 3):
        from gan_cli.plots.grid import Grid

        return Grid()
    if len(shape) != 1:
        raise UsageError(
            f"Examples of shape {shape} cannot be drawn: an image is (height, width, channels) "
            "with 1 or 3 channels, a point is (D,)."
        )
    if reference is None:
        raise ValueError("points are drawn on the axes of reference points: give some")
    if shape == (1,):
        from gan_cli.plots.histogram import Histogram

        return Histogram(reference, log_prob)
    from gan_cli.plots.scatter import Scatter

    return Scatter(reference, log_prob)
