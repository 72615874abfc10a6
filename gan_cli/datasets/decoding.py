"""PNG and JPEG files to square uint8 pixels, written to one array on disk as they are decoded."""

import struct
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from gan_cli.datasets.atomic import atomic_file
from gan_cli.errors import DataError

BATCH = 512  # files decoded before the next are begun
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
"""What Pillow raises for files that it cannot decode."""


def channels(path: Path) -> int | None:
    """How many channels an image file has by its header: 1 (grey), 3 (colour), None if broken."""
    try:
        with Image.open(path) as image:
            return 1 if image.mode in ("1", "L", "LA", "La") or image.mode[0] in "IF" else 3
    except BROKEN:
        return None


def pixels(path: Path, shape: tuple[int, int, int]) -> np.ndarray | None:
    """Decodes an image, lays it over white where it is transparent, fits and cuts it to shape.

    Args:
        path: the file.
        shape: (height, width, channels) of the result, channels 1 or 3.

    Returns:
        uint8 pixels of that shape, or None if the file is broken.
    """
    height, width, depth = shape
    try:
        with Image.open(path) as opened:
            image = ImageOps.exif_transpose(_eight_bits(opened))
        if image.has_transparency_data:
            image = image.convert("RGBA")
            white = Image.new("RGBA", image.size, "white")
            image = Image.alpha_composite(white, image)
        image = image.convert("L" if depth == 1 else "RGB")
        fitted = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    except BROKEN:
        return None
    return np.asarray(fitted).reshape(shape)


def write(
    folder: Path, names: Sequence[str], shape: tuple[int, int, int], destination: Path
) -> None:
    """Decodes files into a .npy file of shape (N, *shape) that appears when all are in it.

    Args:
        folder: where the files are.
        names: the files, relative to it, in the order of the examples.
        shape: (height, width, channels) of an example.
        destination: the .npy file.

    Raises:
        DataError: naming the files that are broken, or if the array cannot be written.
    """
    from rich.console import Console
    from rich.progress import track

    header = {"descr": "|u1", "fortran_order": False, "shape": (len(names), *shape)}
    batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
    broken: list[str] = []
    with atomic_file(destination) as out, ThreadPoolExecutor() as pool:
        np.lib.format.write_array_header_1_0(out, header)
        watched = track(
            batches,
            f"decoding {folder.name}",
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        for batch in watched:
            decoded = pool.map(lambda name: pixels(folder / name, shape), batch)
            for name, example in zip(batch, decoded, strict=True):
                if example is None:
                    broken.append(name)
                else:
                    out.write(example.tobytes())
        if broken:
            raise DataError(_complaint(folder, sorted(broken), len(names)))


def _eight_bits(image: Image.Image) -> Image.Image:
    """A 16-bit grey image by its high bytes; any other as it is."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))


def _complaint(folder: Path, broken: Sequence[str], count: int) -> str:
    shown = ", ".join(broken[:5]) + (f" and {len(broken) - 5} more" if len(broken) > 5 else "")
    return f"{len(broken)} of the {count} images in {folder} cannot be read: {shown}. Remove them."
