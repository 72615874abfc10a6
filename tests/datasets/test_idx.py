import struct
from pathlib import Path

import numpy as np
import pytest

from gan_cli.datasets import idx
from gan_cli.errors import DataError

PATH = Path("file")


def test_images_and_labels_are_read_in_row_major_order():
    images = np.random.default_rng(0).integers(0, 256, (7, 3, 5), np.uint8)
    content = struct.pack(">IIII", 2051, 7, 3, 5) + images.tobytes()
    np.testing.assert_array_equal(idx.decode(content, PATH), images)
    content = struct.pack(">II", 2049, 4) + bytes([3, 1, 4, 1])
    np.testing.assert_array_equal(idx.decode(content, PATH), [3, 1, 4, 1])


WHOLE = struct.pack(">IIII", 2051, 2, 3, 5) + bytes(30)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            struct.pack(">IIII", 0x0D03, 2, 3, 5) + bytes(120),
            "file is not an IDX file of unsigned bytes: its header begins otherwise.",
        ),
        (WHOLE[:10], "file is truncated: it ends within its IDX header."),
        (
            WHOLE[:-1],
            "file is damaged: its IDX header says (2, 3, 5), which is 30 values, and 29 follow.",
        ),
        (
            bytes([0, 0, 8, 100]) + struct.pack(">I", 1) * 100 + b"x",
            "file is damaged: its IDX header says 100 axes.",
        ),
    ],
    ids=["other-header", "half-a-header", "missing-values", "many-axes"],
)
def test_what_is_no_idx_file_is_refused(content, text):
    with pytest.raises(DataError) as caught:
        idx.decode(content, PATH)
    assert str(caught.value) == text
