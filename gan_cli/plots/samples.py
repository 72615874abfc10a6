"""Which picture shows the samples of a data set."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from gan_cli.errors import UsageError
from gan_cli.plots.grid import Grid
from gan_cli.plots.histogram import Histogram
from gan_cli.plots.scatter import Scatter


class Drawer(Protocol):
    """Draws samples of one data set, again and again."""

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, *shape) as an encoded PNG.

        Args:
            samples: in the data's own scale (images in [-1, 1]).
            title: when they were drawn, such as "step 1,000", or empty.
        """
        ...

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws what G makes of lines in z, (rows, columns, *shape), as an encoded PNG."""
        ...


def drawer(
    shape: tuple[int, ...],
    reference: np.ndarray | None = None,
    log_prob: Callable[[np.ndarray], Any] | None = None,
) -> Drawer:
    """Chooses the picture by the shape of one example.

    Args:
        shape: (height, width, channels) of images or (D,) of points.
        reference: (N, D) real points, which set the axes; images need none.
        log_prob: the log density of points (M, D) as (M,), where it is known. Without it, or where
            D is above 2, the reference points are drawn instead.

    Raises:
        UsageError: if examples of that shape cannot be drawn.
        ValueError: if points come without a reference.
    """
    if len(shape) == 3 and shape[2] in (1, 3):
        return Grid()
    if len(shape) != 1:
        raise UsageError(
            f"Examples of shape {shape} cannot be drawn: an image is (height, width, channels) "
            "with 1 or 3 channels, a point is (D,)."
        )
    if reference is None:
        raise ValueError("points are drawn on the axes of reference points: give some")
    return Histogram(reference, log_prob) if shape == (1,) else Scatter(reference, log_prob)
