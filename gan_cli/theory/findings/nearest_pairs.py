"""The pairs of examples that are nearest to each other: images side by side, or rings on points."""

from typing import Any

import numpy as np

from gan_cli.plots import canvas, panels
from gan_cli.theory.birthday import Neighbours

PAIRS = 8  # the nearest pairs that are shown as images
MARKED = 40  # and as points
SHOWN = 1500  # the most points in the picture


def nearest_pairs(near: Neighbours, most: int) -> np.ndarray:
    """The numbers of the nearest pairs, each example in one pair at most, (M, 2)."""
    found: list[tuple[int, int]] = []
    used: set[int] = set()
    for i in np.argsort(near.distances, kind="stable"):
        j = int(near.partners[i])
        if len(found) == most:
            break
        if i in used or j in used:
            continue
        used |= {int(i), j}
        found.append((int(i), j))
    return np.array(found)


def image_pairs(axes: Any, images: np.ndarray, near: Neighbours, name: str, colour: str) -> None:
    """The nearest pairs side by side, in two columns, each with its distance."""
    pairs = nearest_pairs(near, PAIRS)
    _, height, width, channels = images.shape
    gap = max(1, width // 8)
    rows = -(-len(pairs) // 2)
    sheet = np.ones((rows * (height + gap), 2 * (2 * width + 3 * gap), channels))
    panels.dress(axes, title=f"The nearest pairs of {name}, and their distances")
    axes.grid(visible=False)
    axes.set(xticks=[], yticks=[])
    for place, (i, j) in enumerate(pairs):
        top, left = place // 2 * (height + gap), place % 2 * (2 * width + 3 * gap)
        for side, row in enumerate((i, j)):
            at = left + side * (width + max(1, gap // 4))
            tile = (np.clip(images[row], -1, 1) + 1) / 2
            sheet[top : top + height, at : at + width] = tile
        look = {"fontsize": 8.5, "color": colour, "ha": "left", "va": "center"}
        label = f"{near.distances[i]:.2f}"
        axes.text(left + 2 * width + 0.6 * gap, top + height / 2, label, rotation=90, **look)
    axes.imshow(sheet.squeeze(), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
    axes.spines[:].set_visible(False)


def plane(points: np.ndarray) -> np.ndarray:
    """The first two coordinates; on the line, x and 0."""
    return points[:, :2] if points.shape[1] > 1 else np.column_stack([points, 0 * points])


def point_pairs(axes: Any, points: np.ndarray, near: Neighbours, name: str, colour: str) -> None:
    """A ring around each of the nearest pairs, among the points."""
    pairs = nearest_pairs(near, MARKED)
    flat = points.shape[1] == 1
    y = "" if flat else "$x_2$"
    panels.dress(
        axes, "$x$" if flat else "$x_1$", y, f"{name}: a ring for each of the nearest pairs"
    )
    x = plane(points)
    axes.plot(*x[:SHOWN].T, "o", ms=2, mew=0, alpha=0.5, color=colour)
    middles = x[pairs].mean(axis=1)
    axes.plot(*middles.T, "o", ms=9, mfc="none", mec=canvas.INK, mew=1.1)
    if flat:
        axes.set_yticks([])
