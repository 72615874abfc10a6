import bz2
import gzip
import hashlib
import io
import lzma
import os
import zipfile
from pathlib import Path

import pytest

from gan_cli.datasets import search
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


@pytest.mark.parametrize(
    ("pack", "told"),
    [
        (lambda raw: PACKED, "x cannot be unpacked: it holds more than 1,000 bytes."),
        (bz2.compress, "x cannot be unpacked: it holds more than 1,000 bytes."),
        (lzma.compress, "x cannot be unpacked: it holds more than 1,000 bytes."),
        (lambda raw: zipped(raw), "x cannot be unpacked: it holds more than 1,000 bytes."),
        (lambda raw: five_times(b""), "x cannot be unpacked: it is packed more than 4 times."),
    ],
)
def test_no_more_is_unpacked_than_a_published_file_has(monkeypatch, pack, told):
    """A file may also unpack to itself."""
    monkeypatch.setattr(search, "LARGEST", 1000)
    with pytest.raises(DataError) as caught:
        unpacked(pack(RAW), Path("x"))
    assert str(caught.value) == told


def zipped(raw):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", raw)
    return file.getvalue()


def five_times(raw):
    for _ in range(5):
        raw = gzip.compress(raw)
    return raw


def test_what_is_no_file_or_a_larger_one_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "LARGEST", 1000)
    os.mkfifo(tmp_path / "a-idx1.gz")
    assert locate(FILE, [tmp_path], tmp_path).state == "unreadable: it is a pipe or a device"
    (tmp_path / "a-idx1.gz").unlink()
    (tmp_path / "a-idx1.gz").write_bytes(RAW)
    assert locate(FILE, [tmp_path], tmp_path).state == "unreadable: it holds more than 1,000 bytes"
