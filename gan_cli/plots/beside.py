"""Pictures of several runs side by side, each under its name."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont

GAP, HEAD = 16, 34
"""The pixels between pictures, and those above each for its name."""

LARGEST = 2**25
"""The most pixels of a picture."""


def draw(pictures: Sequence[bytes], names: Sequence[str], columns: int = 4) -> bytes:
    """Puts pictures next to one another, in rows of at most `columns`.

    Args:
        pictures: encoded pictures.
        names: what stands above each; a long name ends with three dots.
        columns: the most pictures in a row.
    """
    tiles = [opened(each) for each in pictures]
    wide, high = (max(tile.size[axis] for tile in tiles) for axis in (0, 1))
    across = min(columns, len(tiles))
    down = -(-len(tiles) // across)
    size = (GAP + across * (wide + GAP), GAP + down * (high + HEAD + GAP))
    sheet = Image.new("RGB", size, "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(16)
    for number, (tile, name) in enumerate(zip(tiles, names, strict=True)):
        left = GAP + number % across * (wide + GAP)
        top = GAP + number // across * (high + HEAD + GAP)
        pen.text((left, top + 6), _fitting(pen, name, font, wide), fill="#2b2f36", font=font)
        sheet.paste(tile, (left, top + HEAD))
    buffer = io.BytesIO()
    sheet.save(buffer, "png")
    return buffer.getvalue()


def opened(picture: bytes) -> Image.Image:
    """Decodes a PNG of at most `LARGEST` pixels.

    Raises:
        Exception: what Pillow raises for bytes that are none.
    """
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as found:
        if found.width * found.height > LARGEST:
            raise ValueError("it is no picture of samples")
        return found.convert("RGB")


def _fitting(pen: ImageDraw.ImageDraw, name: str, font: Any, wide: int) -> str:
    """The name, or as much of it as is not wider than the picture."""
    shown = name
    while len(shown) > 1 and pen.textlength(shown, font=font) > wide:
        shown = f"{shown.removesuffix('...')[:-1]}..."
    return shown
