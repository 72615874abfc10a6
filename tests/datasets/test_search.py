import bz2
import gzip
import hashlib
import lzma
from pathlib import Path

import pytest

from gan_cli.datasets.downloads import PublishedFile
from gan_cli.datasets.search import locate, unpacked
from gan_cli.errors import DataError

RAW = bytes(range(256)) * 10
PACKED = gzip.compress(RAW, mtime=0)
FILE = PublishedFile(
    "a-idx1.gz", len(PACKED), *(hashlib.sha256(each).hexdigest() for each in (PACKED, RAW))
)


def test_the_state_of_a_file(tmp_path):
    path = tmp_path / "set" / "a-idx1.gz"

    def state():
        found = locate(FILE, [path.parent, tmp_path / "other"], tmp_path)
        assert found.path == path
        return found.state

    assert state() == "missing"
    path.parent.mkdir()
    path.write_bytes(PACKED)
    assert state() == "ok"
    path.write_bytes(PACKED[:-1])
    assert state() == f"damaged: it has {len(PACKED) - 1} bytes, not {len(PACKED)}"
    path.write_bytes(PACKED[:-1] + bytes([PACKED[-1] ^ 1]))
    assert state().startswith("damaged: its SHA-256 begins with ")


def test_a_whole_file_is_preferred_to_a_damaged_one(tmp_path):
    (tmp_path / "a-idx1.gz").write_bytes(PACKED[:-1])
    (tmp_path / "a.idx1.xz").write_bytes(lzma.compress(RAW))
    found = locate(FILE, [tmp_path], tmp_path)
    assert (found.path.name, found.state) == ("a.idx1.xz", "ok")


def test_every_packing_is_taken_away():
    for content in (RAW, PACKED, bz2.compress(RAW), lzma.compress(RAW), gzip.compress(PACKED)):
        assert unpacked(content, Path("x")) == RAW
    with pytest.raises(DataError) as caught:
        unpacked(PACKED[:-4], Path("x"))
    assert str(caught.value) == (
        "x cannot be unpacked: Compressed file ended before the end-of-stream marker was reached."
    )
