"""A picture of points in the plane: samples over the true density, or over real points."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gan_cli.plots import canvas, latent_lines

SIGMAS = (3.0, 2.5, 2.0, 1.5, 1.0, 0.5)
"""The contours: where a normal density has fallen to what it is so many standard deviations out."""

RESOLUTION = 320
"""Points of the density's grid on a side."""


class Ground(NamedTuple):
    """Axes with the background drawn: their box (2, 2), its legend handle, its name in a title."""

    axes: Any
    box: np.ndarray
    behind: Any
    name: str


class Scatter:
    """Draws samples over a background that is drawn once.

    The axes are the box of the reference points, with equal units on both unless one coordinate
    ranges over four times the other. Samples beyond the axes are counted above them.
    """

    def __init__(
        self, reference: np.ndarray, log_prob: Callable[[np.ndarray], Any] | None = None
    ) -> None:
        """Draws the background.

        Args:
            reference: (N, D >= 2) real points; the first two coordinates are drawn.
            log_prob: the log density of points (M, 2) as (M,), where it is known and D is 2.
        """
        self._reference, self._log_prob = reference, log_prob
        axes, self._box, behind, self._background = _ground(reference, log_prob)
        self._figure = axes.figure
        (self._dots,) = axes.plot(
            [], [], "o", ms=3.8, mew=0.4, mec="white", color=canvas.SAMPLES, label="samples of G"
        )
        self._title, self._remark = canvas.heading(axes, [self._dots, behind])
        self._moving = (self._dots, self._title, self._remark)
        self._figure.canvas.draw()
        self._paper = self._figure.canvas.copy_from_bbox(self._figure.bbox)

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, D) as a PNG; the title says when, such as "step 1,000"."""
        points = samples[:, :2]
        inside = _inside(points, self._box)
        self._dots.set_data(*points[inside].T)
        self._dots.set_markersize(np.clip(86 / np.sqrt(max(len(points), 1)), 2, 3.8))
        self._title.set_text(canvas.describe(title, len(points), self._background))
        self._remark.set_text(canvas.lost(inside))
        self._figure.canvas.restore_region(self._paper)
        for artist in self._moving:
            self._figure.draw_artist(artist)
        return canvas.png(self._figure)

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws samples (rows, columns, D) as a PNG, those of a row as a connected path."""
        axes, box, behind, background = _ground(self._reference, self._log_prob)
        latent_lines.draw(axes, lines[..., 0], lines[..., 1])
        said = latent_lines.describe(title, lines, background)
        return latent_lines.finish(axes, behind, said, _inside(lines[..., :2], box))


def _ground(reference: np.ndarray, log_prob: Callable[[np.ndarray], Any] | None) -> Ground:
    """New axes with the density, or with the reference points where it cannot be drawn."""
    dimensions = reference.shape[1]
    box = _square(canvas.bounds(reference[:, :2]))
    _, axes = canvas.blank(5.6, 6.08)
    axes.set(xlim=box[:, 0], ylim=box[:, 1])
    of = f" (first two of {dimensions} coordinates)" if dimensions > 2 else ""
    axes.set_xlabel(f"$x_1${of}", fontsize=10, color=canvas.INK)
    axes.set_ylabel("$x_2$", fontsize=10, color=canvas.INK)
    if log_prob is None or dimensions > 2:
        return Ground(axes, box, _points(axes, reference), f"{len(reference):,} real points")
    return Ground(axes, box, _density(axes, log_prob, box), "the true density")


def _inside(points: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Which points (..., 2) are within the box."""
    return np.asarray(((points >= box[0]) & (points <= box[1])).all(axis=-1))


def _density(axes: Any, log_prob: Callable[[np.ndarray], Any], box: np.ndarray) -> Any:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.patches import Patch

    x, y = np.linspace(box[0], box[1], RESOLUTION, dtype=np.float32).T
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    logs = np.asarray(log_prob(grid), dtype=np.float64).reshape(RESOLUTION, RESOLUTION)
    levels = [*(-(s**2) / 2 for s in SIGMAS), 0.0]
    relative = np.maximum(logs - logs.max(), 2 * levels[0])
    blues = LinearSegmentedColormap.from_list("density", ["#e6eef8", canvas.DENSITY])
    axes.contourf(x, y, relative, levels=levels, cmap=blues)
    return Patch(color=blues(0.75), label="true density")


def _points(axes: Any, reference: np.ndarray) -> Any:
    (dots,) = axes.plot(*reference[:, :2].T, "o", ms=3, mew=0, alpha=0.5, color=canvas.REFERENCE)
    dots.set_label("real points")
    return dots


def _square(box: np.ndarray) -> np.ndarray:
    """Makes a box that is nearly square exactly so, about its centre."""
    width = box[1] - box[0]
    if width.max() > 4 * width.min():
        return box
    centre = box.mean(axis=0)
    return np.stack([centre - width.max() / 2, centre + width.max() / 2])
