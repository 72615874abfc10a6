"""The IDX format of MNIST: a big-endian header and unsigned bytes.

Source: http://yann.lecun.com/exdb/mnist/, "File formats for the MNIST database".
"""

import math
from pathlib import Path

import numpy as np

from gan_cli.errors import DataError

UINT8 = 0x08
MOST_AXES = 8


def decode(content: bytes, path: Path) -> np.ndarray:
    """Reads the array in the content of an IDX file.

    The header is two zero bytes, the type of the values, the number of axes, and the length of each
    axis as a big-endian uint32. The values follow in row-major order.

    Args:
        content: the bytes of the file, unpacked.
        path: the file that they were read from, which errors name.

    Returns:
        A read-only uint8 array.

    Raises:
        DataError: if the content is not that of such a file.
    """
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] != UINT8:
        raise DataError(
            f"{path} is not an IDX file of unsigned bytes: its header begins otherwise."
        )
    start = 4 + 4 * content[3]
    if len(content) < start:
        raise DataError(f"{path} is truncated: it ends within its IDX header.")
    shape = tuple(int(n) for n in np.frombuffer(content, ">u4", content[3], offset=4))
    if len(content) - start != math.prod(shape):
        raise DataError(
            f"{path} is damaged: its IDX header says {shape}, which is {math.prod(shape)} values, "
            f"and {len(content) - start} follow."
        )
    if len(shape) > MOST_AXES:
        raise DataError(f"{path} is damaged: its IDX header says {len(shape)} axes.")
    return np.ndarray(shape, np.uint8, content, offset=start)
