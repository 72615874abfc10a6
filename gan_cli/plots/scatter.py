"""A picture of points in the plane: samples over the true density, or over real points."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gan_cli.plots import canvas, latent_lines
from gan_cli.plots.library import Patch

SIGMAS = (3.0, 2.5, 2.0, 1.5, 1.0, 0.5)
"""Contours lie where a normal density would be this many standard deviations from its centre."""

RESOLUTION = 320
"""The number of points of the density's grid along a side."""


class Scatter:
    """Draws samples over a background that is drawn once.

    The axes are the box of the reference points, with equal units on both unless one coordinate
    has over four times the range of the other. Samples outside the axes are counted above them.
    """

    def __init__(
        self, reference: np.ndarray, log_prob: Callable[[np.ndarray], Any] | None = None
    ) -> None:
        """Draws the background.

        Args:
            reference: real points, (N, D >= 2); the first two coordinates are drawn.
            log_prob: the log density of points (M, 2) as (M,), if it is known and D is 2.
        """
        known = log_prob is not None and reference.shape[1] == 2
        self._reference, self._log_prob = reference, log_prob if known else None
        self._box = _square(canvas.bounds(reference[:, :2]))
        self._background = "the true density" if known else f"{len(reference):,} real points"
        axes, behind = self._ground()
        self._axes, self._figure = axes, axes.figure
        look = {"ms": 3.8, "mew": 0.4, "mec": "white", "color": canvas.SAMPLES}
        (self._dots,) = axes.plot([], [], "o", label="samples of G", **look)
        self._heading = canvas.heading(axes, [self._dots, behind])
        self._figure.canvas.draw()
        self._paper = self._figure.canvas.copy_from_bbox(self._figure.bbox)

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, D) as a PNG; the title says when, such as "step 1,000"."""
        points = samples[:, :2]
        inside = canvas.inside(self._axes, *points.T)
        self._dots.set_data(*points[inside].T)
        self._dots.set_markersize(np.clip(86 / np.sqrt(max(len(points), 1)), 2, 3.8))
        self._heading.say(title, f"{len(points):,} samples of G over {self._background}", inside)
        self._figure.canvas.restore_region(self._paper)
        for artist in (self._dots, *self._heading):
            self._figure.draw_artist(artist)
        return canvas.encode(self._figure)

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws samples (rows, columns, D) as a PNG, each row as a connected path."""
        axes, behind = self._ground()
        x, y = lines[..., 0], lines[..., 1]
        return latent_lines.draw(axes, x, y, title, self._background, behind)

    def _ground(self) -> tuple[Any, Any]:
        """New axes with the density or the reference points, and the legend's handle for these."""
        dimensions = self._reference.shape[1]
        cut = f" (first two of {dimensions} coordinates)" if dimensions > 2 else ""
        axes = canvas.blank(5.6, 6.08, f"$x_1${cut}", "$x_2$")
        axes.set(xlim=self._box[:, 0], ylim=self._box[:, 1])
        if self._log_prob is not None:
            return axes, _density(axes, self._log_prob, self._box)
        look = {"ms": 3, "mew": 0, "alpha": 0.5, "color": canvas.REFERENCE}
        (dots,) = axes.plot(*self._reference[:, :2].T, "o", label="real points", **look)
        return axes, dots


def _density(axes: Any, log_prob: Callable[[np.ndarray], Any], box: np.ndarray) -> Any:
    """Draws the density as filled contours, and returns the legend's handle for them."""
    x, y = np.linspace(box[0], box[1], RESOLUTION, dtype=np.float32).T
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    logs = np.asarray(log_prob(grid), dtype=np.float64).reshape(RESOLUTION, RESOLUTION)
    levels = [*(-(s**2) / 2 for s in SIGMAS), 0.0]
    blues = canvas.blues("#e6eef8")
    axes.contourf(x, y, np.maximum(logs - logs.max(), 2 * levels[0]), levels=levels, cmap=blues)
    return Patch(color=blues(0.75), label="true density")


def _square(box: np.ndarray) -> np.ndarray:
    """Makes a box that is nearly square exactly so, about its centre."""
    width = box[1] - box[0]
    if width.max() > 4 * width.min():
        return box
    centre = box.mean(axis=0)
    return np.stack([centre - width.max() / 2, centre + width.max() / 2])
