"""A picture of many images: tiles in rows and columns."""

import io
import math

import numpy as np
from PIL import Image

TILE = 48  # small images are enlarged until their shorter side has this many pixels
LONGEST = 2048  # an enlarged picture has at most about this many pixels on a side
GAP = 128  # the grey level between tiles: neither MNIST's black nor a white background


class Grid:
    """Draws images as tiles that nearly fill a square."""

    def draw(self, samples: np.ndarray, title: str) -> bytes:
        """Draws samples (N, height, width, channels) as a PNG; there is no room for the title."""
        return image_grid(samples)

    def draw_lines(self, lines: np.ndarray, title: str) -> bytes:
        """Draws images (rows, columns, height, width, channels) as a PNG, a row for each line."""
        return image_grid(lines.reshape(-1, *lines.shape[2:]), columns=lines.shape[1])


def image_grid(images: np.ndarray, columns: int | None = None, padding: int = 2) -> bytes:
    """Draws images as tiles from left to right, then down.

    Args:
        images: (N, height, width, channels) in [-1, 1], with 1 or 3 channels. Other values are
            clipped, and drawn in the grey of the gaps if they are not finite.
        columns: the number of tiles in a row; without it the grid is as square as possible.
        padding: how many pixels are between and around the tiles.

    Returns:
        An encoded PNG, in which each pixel of an image is a block of pixels.

    Raises:
        ValueError: if there are no images, or they have another number of axes or channels.
    """
    if images.ndim != 4 or images.shape[3] not in (1, 3) or images.size == 0:
        raise ValueError(
            f"images must be (N, height, width, 1 or 3) and not empty, not {images.shape}"
        )
    count, height, width, channels = images.shape
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    scale = _scale(height, width, rows, columns)
    tiles = np.full((rows * columns, height, width, channels), GAP, np.uint8)
    tiles[:count] = _levels(images)
    tiles = tiles.repeat(scale, axis=1).repeat(scale, axis=2)
    around = [(0, 0), (padding, 0), (padding, 0), (0, 0)]
    tiles = np.pad(tiles, around, constant_values=GAP)
    tiles = tiles.reshape(rows, columns, *tiles.shape[1:]).swapaxes(1, 2)
    picture = tiles.reshape(rows * tiles.shape[1], -1, channels)
    picture = np.pad(picture, [(0, padding), (0, padding), (0, 0)], constant_values=GAP)
    buffer = io.BytesIO()
    Image.fromarray(picture.squeeze(2) if channels == 1 else picture).save(
        buffer, "png", compress_level=1
    )
    return buffer.getvalue()


def _scale(height: int, width: int, rows: int, columns: int) -> int:
    wanted = math.ceil(TILE / min(height, width))
    room = LONGEST // max(rows * height, columns * width)
    return max(1, min(wanted, room))


def _levels(images: np.ndarray) -> np.ndarray:
    finite = np.where(np.isfinite(images), images, 0)
    return np.rint((np.clip(finite, -1, 1) + 1) * 127.5).astype(np.uint8)
