"""The IDX format of MNIST: a big-endian header and unsigned bytes.

Source: http://yann.lecun.com/exdb/mnist/, "File formats for the MNIST database".
"""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from gan_cli.errors import DataError

UINT8 = 0x08


def decode(content: bytes, path: Path) -> np.ndarray:
    """Reads the array in the content of a gzip-compressed IDX file.

    The header is two zero bytes, the type of the values, the number of axes, and the length of each
    axis as a big-endian uint32. The values follow in row-major order.

    Args:
        content: the bytes of the compressed file.
        path: the file that they were read from, which errors name.

    Returns:
        A read-only uint8 array.

    Raises:
        DataError: if the content is not that of such a file.
    """
    try:
        raw = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is not a whole gzip file: {error}.") from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] != UINT8:
        raise DataError(
            f"{path} is not an IDX file of unsigned bytes: its header begins otherwise."
        )
    start = 4 + 4 * raw[3]
    if len(raw) < start:
        raise DataError(f"{path} is truncated: it ends within its IDX header.")
    shape = tuple(int(n) for n in np.frombuffer(raw, ">u4", raw[3], offset=4))
    if len(raw) - start != math.prod(shape):
        raise DataError(
            f"{path} is damaged: its IDX header says {shape}, which is {math.prod(shape)} values, "
            f"and {len(raw) - start} follow."
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
