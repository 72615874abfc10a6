"""A picture of points on the line: a histogram of samples with the true density, or real points."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_cli.plots import canvas, latent_lines
from gan_cli.plots.library import Patch

BINS = 60


class Histogram:
    """Draws a histogram of samples over a density, or over a histogram of real points.

    The axis is the range of the reference points; samples beyond it are counted above it. Areas
    are shares of all samples, so a histogram that misses some has an area below one.
    """

    def __init__(
        self, reference: np.ndarray, log_prob: Callable[[np.ndarray], Any] | None = None
    ) -> None:
        """Draws the background.

        Args:
            reference: real points, (N, 1).
            log_prob: the log density of points (M, 1) as (M,), if it is known.
        """
        self._low, self._high = canvas.bounds(reference)[:, 0]
        self._edges = np.linspace(self._low, self._high, BINS + 1)
        axes = canvas.blank(5.6, 4.0, "$x$", "density")
        axes.set_xlim(self._low, self._high)
        axes.grid(axis="y", color=canvas.FAINT)
        look = {"fill": True, "alpha": 0.6, "color": canvas.SAMPLES, "label": "samples of G"}
        self._bars = axes.stairs(np.zeros(BINS), self._edges, **look)
        if log_prob is None:
            self._label, self._background = "real points", f"{len(reference):,} real points"
            self._true = self._heights(reference)
            true = axes.stairs(self._true, self._edges, color=canvas.INK, lw=1.4, label=self._label)
        else:
            self._label, self._background = "true density", "the true density"
            x = np.linspace(self._low, self._high, 1000, dtype=np.float32)
            self._true = np.exp(np.asarray(log_prob(x[:, None]), dtype=np.float64))
            (true,) = axes.plot(x, self._true, color=canvas.DENSITY, lw=2, label=self._label)
        self._axes = axes
        self._heading = canvas.heading(axes, [self._bars, true])

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, 1) as a PNG; the title says when, such as "step 1,000"."""
        heights = self._heights(samples)
        self._bars.set_data(heights)
        self._axes.set_ylim(0, 1.15 * max(float(self._true.max()), float(heights.max())))
        inside = (self._low <= samples) & (samples <= self._high)
        self._heading.say(title, f"{len(samples):,} samples of G over {self._background}", inside)
        return canvas.png(self._axes.figure)

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws samples (rows, columns, 1) as a PNG: x against the position on the line in z.

        The background is darkest where the density of x, or the histogram of real points, is
        largest.
        """
        axes = canvas.blank(5.6, 4.4, "share of the way along the line in z", "$x$")
        axes.set(xlim=(-0.03, 1.03), ylim=(self._low, self._high))
        blues, extent = canvas.blues("white"), (-0.03, 1.03, self._low, self._high)
        shade = {"cmap": blues, "vmin": 0, "alpha": 0.75, "origin": "lower", "aspect": "auto"}
        axes.imshow(self._true[:, None], extent=extent, **shade)
        values = lines[..., 0]
        along = np.broadcast_to(np.linspace(0, 1, lines.shape[1]), values.shape)
        behind = Patch(color=blues(0.6), label=self._label)
        return latent_lines.draw(axes, along, values, title, self._background, behind)

    def _heights(self, points: np.ndarray) -> np.ndarray:
        counts, edges = np.histogram(points[np.isfinite(points)], self._edges)
        return np.asarray(counts / (len(points) * np.diff(edges)))
