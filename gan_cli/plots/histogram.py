"""A picture of points on the line: a histogram of samples with the true density, or real points."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_cli.plots import canvas, latent_lines

BINS = 60


class Histogram:
    """Draws a histogram of samples over a density, or over a histogram of real points.

    The axis is the range of the reference points; samples beyond it are counted above it. Areas
    are fractions of all samples, so a histogram that misses some has an area below one.
    """

    def __init__(
        self, reference: np.ndarray, log_prob: Callable[[np.ndarray], Any] | None = None
    ) -> None:
        """Draws what stays.

        Args:
            reference: (N, 1) real points.
            log_prob: the log density of points (M, 1) as (M,), where it is known.
        """
        self._reference, self._log_prob = reference, log_prob
        low, high = canvas.bounds(reference)[:, 0]
        self._edges = np.linspace(low, high, BINS + 1)
        self._figure, self._axes = canvas.blank(5.6, 4.0)
        self._axes.set_xlim(low, high)
        self._axes.grid(axis="y", color="#eceef1")
        self._axes.set_xlabel("$x$", fontsize=10, color=canvas.INK)
        self._axes.set_ylabel("density", fontsize=10, color=canvas.INK)
        self._bars = self._axes.stairs(
            np.zeros(BINS), self._edges, fill=True, alpha=0.6, color=canvas.SAMPLES
        )
        self._bars.set_label("samples of G")
        if log_prob is None:
            heights = self._heights(reference)
            true = self._axes.stairs(heights, self._edges, color=canvas.INK, lw=1.4)
            true.set_label("real points")
            self._background = f"{len(reference):,} real points"
        else:
            x = np.linspace(low, high, 1000, dtype=np.float32)
            heights = _density(log_prob, x)
            (true,) = self._axes.plot(x, heights, color=canvas.DENSITY, lw=2, label="true density")
            self._background = "the true density"
        self._top = float(heights.max())
        self._title, self._remark = canvas.heading(self._axes, [self._bars, true])

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, 1) as a PNG; the title says when, such as "step 1,000"."""
        inside = (samples >= self._edges[0]) & (samples <= self._edges[-1])
        heights = self._heights(samples)
        self._bars.set_data(heights)
        self._axes.set_ylim(0, 1.15 * max(self._top, float(heights.max())))
        self._title.set_text(canvas.describe(title, len(samples), self._background))
        self._remark.set_text(canvas.lost(inside[:, 0]))
        self._figure.canvas.draw()
        return canvas.png(self._figure)

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws samples (rows, columns, 1) as a PNG: x over the place on the line in z.

        The background is shaded by the density of x, or by the histogram of the real points.
        """
        _, axes = canvas.blank(5.6, 4.4)
        low, high = self._edges[0], self._edges[-1]
        axes.set(xlim=(-0.03, 1.03), ylim=(low, high))
        axes.set_xlabel("share of the way along the line in z", fontsize=10, color=canvas.INK)
        axes.set_ylabel("$x$", fontsize=10, color=canvas.INK)
        if self._log_prob is None:
            behind = _shade(axes, self._heights(self._reference), low, high, "real points")
        else:
            x = np.linspace(low, high, 1000, dtype=np.float32)
            behind = _shade(axes, _density(self._log_prob, x), low, high, "true density")
        values = lines[..., 0]
        along = np.broadcast_to(np.linspace(0, 1, lines.shape[1]), values.shape)
        latent_lines.draw(axes, along, values)
        said = latent_lines.describe(title, lines, self._background)
        return latent_lines.finish(axes, behind, said, (values >= low) & (values <= high))

    def _heights(self, points: np.ndarray) -> np.ndarray:
        finite = points[np.isfinite(points)]
        counts, edges = np.histogram(finite, self._edges)
        return np.asarray(counts / (len(points) * np.diff(edges)))


def _density(log_prob: Callable[[np.ndarray], Any], x: np.ndarray) -> np.ndarray:
    """The density of points (M,)."""
    return np.exp(np.asarray(log_prob(x[:, None]), dtype=np.float64))


def _shade(axes: Any, heights: np.ndarray, low: float, high: float, label: str) -> Any:
    """Shades the axes from the bottom to the top, darkest where the heights (M,) are largest."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Patch

    blues = LinearSegmentedColormap.from_list("shade", ["white", canvas.DENSITY])
    extent = (*axes.get_xlim(), low, high)
    column = heights[:, None]
    axes.imshow(
        column, cmap=blues, vmin=0, alpha=0.75, origin="lower", aspect="auto", extent=extent
    )
    return Patch(color=blues(0.6), label=label)
