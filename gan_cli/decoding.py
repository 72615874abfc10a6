"""Decodes image files to square uint8 pixels, and writes them to one array on disk."""

import contextlib
import logging
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from gan_cli import broken_images, reading
from gan_cli.broken_images import Unclear
from gan_cli.datasets.folders import new_file
from gan_cli.datasets.image_files import FORMATS
from gan_cli.errors import DataError
from gan_cli.logs.waiting import waiting

log = logging.getLogger(__name__)

BATCH = 512  # files decoded before the next are begun
BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, ArithmeticError, AttributeError),
    *(LookupError, NotImplementedError, RuntimeError, TypeError, zlib.error),
)
"""The errors that Pillow raises for files that it cannot decode."""

SEVERAL = (".gif", ".webp", ".png", ".apng", ".tif", ".tiff")
"""The endings of files that may hold several pictures."""

LARGEST = 100_000_000
"""The most pixels of a picture, which take .7 to 1.9 GB of memory while it is decoded: grey of 16
bits the least, JPEG 2000 the most."""

LARGE = 2**24
"""The most pixels of a picture that is decoded while others are."""

UNCLEAR = "whose white is not known: save 8 or 16 bits, or a .npy file for dataset=array"
"""What is told of pixels of other kinds."""

WITHIN = (b"\0\0\1\0", b"icns")
"""How ICO and ICNS begin, whose pictures are files within the file, of other sizes than it says.
An ICO's is decoded as it is opened."""

BOXES = b"ftyp"
"""What stands behind the first four bytes of an AVIF, which says a size beside that of its frame.
Frames of up to 16,384 x 16,384 are decoded, whatever it says, in 2 to 6 bytes a pixel."""

ALONE = threading.RLock()
"""Held by the thread that decodes a large picture, or one whose size is not known before."""

Image.init()
KNOWN = [name for name in FORMATS if name in Image.OPEN]
"""The formats that the installed Pillow decodes."""

Image.MAX_IMAGE_PIXELS = LARGEST // 2  # Pillow refuses twice as many, also within files and frames
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # of half of LARGEST


class Broken(DataError):
    """An image that cannot be decoded.

    why: what is wrong with it, in words.
    """

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be decoded: {why}.")
        self.why = why


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Opens a picture, of which the header alone is read wherever the format allows it.

    Raises:
        DataError: if it is too large, which may be seen later, while it is decoded.
        BROKEN: if it is none.
    """
    try:
        with reading.opened(path) as file:
            begins = file.read(8)
            is_unsure = begins.startswith(WITHIN) or begins.endswith(BOXES)
            file.seek(0)
            with (
                ALONE if is_unsure else contextlib.nullcontext(),
                Image.open(file, formats=KNOWN) as image,
            ):
                yield image
    except Image.DecompressionBombError as error:
        raise DataError(
            f"{path} has more than {LARGEST:,} pixels, the most that are decoded. "
            "Make it smaller, or move it elsewhere."
        ) from error


def channels(path: Path) -> int | None:
    """The number of channels by an image file's header: 1 (grey), 3 (colour), None if broken."""
    try:
        with _opened(path) as image:
            return 1 if _is_grey(image) else 3
    except BROKEN as error:
        _refuse_closed(path, error)
        return None


def holds_several(path: Path) -> bool:
    """Whether an image file holds several pictures: frames of an animation, or pages."""
    if not path.name.lower().endswith(SEVERAL):
        return False
    try:
        with _opened(path) as image:
            return bool(getattr(image, "is_animated", False))
    except BROKEN:
        return False  # decoding it tells what is wrong with it


def pixels(path: Path, shape: tuple[int, int, int]) -> np.ndarray:
    """Decodes an image, puts it on white where it is transparent, and scales and cuts it to shape.

    Args:
        path: the image file.
        shape: the (height, width, channels) of the result, with 1 or 3 channels.

    Returns:
        uint8 pixels of that shape.

    Raises:
        Broken: saying why, if the file is broken.
        DataError: if it may not be read or is too large.
    """
    height, width, depth = shape
    try:
        with _opened(path) as opened:
            is_large = opened.width * opened.height > LARGE
            with ALONE if is_large else contextlib.nullcontext():
                fitted = _fitted(opened, (width, height), "L" if depth == 1 else "RGB")
    except BROKEN as error:
        _refuse_closed(path, error)
        raise Broken(path, broken_images.why(path, error)) from error
    return np.asarray(fitted).reshape(shape)


def _tried(path: Path, shape: tuple[int, int, int]) -> np.ndarray | Broken:
    """The pixels of a file, or what is wrong with it."""
    try:
        return pixels(path, shape)
    except Broken as error:
        return error


def _fitted(opened: Image.Image, size: tuple[int, int], mode: str) -> Image.Image:
    """An opened picture of eight bits on white, scaled and cut to a size."""
    ImageOps.exif_transpose(opened, in_place=True)
    image = _eight_bits(opened)
    if image.has_transparency_data:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    return ImageOps.fit(image.convert(mode), size, Image.Resampling.LANCZOS)


def write(
    folder: Path, names: Sequence[str], shape: tuple[int, int, int], destination: Path
) -> None:
    """Decodes files into a .npy file of shape (N, *shape), which appears once it is whole.

    Args:
        folder: the folder that the files are in.
        names: the files, relative to the folder, in the order of the examples.
        shape: the (height, width, channels) of an example.
        destination: the .npy file.

    Raises:
        DataError: naming the files that are broken or the one that may not be read, or if the array
            cannot be written.
    """
    header = {"descr": "|u1", "fortran_order": False, "shape": (len(names), *shape)}
    batches = [names[start : start + BATCH] for start in range(0, len(names), BATCH)]
    broken: dict[str, str] = {}
    what = f"decoding {folder.name}"
    with new_file(destination) as out, ThreadPoolExecutor() as pool, waiting(what, __name__):
        np.lib.format.write_array_header_1_0(out, header)
        for number, batch in enumerate(batches):
            log.info("%d of %d images", number * BATCH, len(names))
            decoded = pool.map(lambda name: _tried(folder / name, shape), batch)
            for name, example in zip(batch, decoded, strict=True):
                if isinstance(example, Broken):
                    broken[name] = example.why
                else:
                    out.write(example.tobytes())
        if broken:
            raise DataError(broken_images.complaint(folder, broken, len(names)))


def _refuse_closed(path: Path, error: Exception) -> None:
    """Tells of a file that the system does not let us read, which is no fault of the image."""
    if isinstance(error, OSError) and error.errno is not None:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error


def _eight_bits(image: Image.Image) -> Image.Image:
    """An image of 16 bits reduced to its high bytes, its transparent level or colour included.

    Raises:
        Unclear: for values beyond 16 bits and for floats, whose white is not known.
    """
    if image.mode == "F":
        raise Unclear(f"float pixels, {UNCLEAR}")
    transparent = image.info.get("transparency")
    if isinstance(transparent, tuple) and max(transparent) > 255:  # Pillow reduced the pixels alone
        image.info["transparency"] = tuple(level >> 8 for level in transparent)
    if not image.mode.startswith("I"):
        return image
    levels = np.asarray(image)
    if levels.min() < 0 or levels.max() > 0xFFFF:
        raise Unclear(f"pixels of more than 16 bits, {UNCLEAR}")
    grey = Image.fromarray((levels >> 8).astype(np.uint8))
    if transparent is None:
        return grey
    opaque = Image.fromarray(np.where(levels == transparent, 0, 255).astype(np.uint8))
    return Image.merge("LA", (grey, opaque))


def _is_grey(image: Image.Image) -> bool:
    """Whether an opened image has no colours, by its mode or by its palette."""
    if image.mode != "P":
        return Image.getmodebase(image.mode) == "L"
    colours = np.reshape(image.getpalette() or [], (-1, 3))
    return bool((colours == colours[:, :1]).all())
