import gzip
import hashlib
import io
import os
import struct
import zipfile

import numpy as np
import pytest

from gan_cli.datasets.downloads import PublishedFile
from gan_cli.datasets.fashion_mnist import FashionMnist
from gan_cli.datasets.mnist import Mnist
from gan_cli.errors import DataError, UsageError
from gan_cli.loading import construct

COUNTS = (10_003, 4)  # examples in the training and in the test file


def idx_file(array):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.tobytes(), compresslevel=1)


def arrays(count):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 5, 7] = np.arange(count) % 251
    return images, (np.arange(count) % 10).astype(np.uint8)


CONTENTS = dict(
    zip(
        (file.name for file in Mnist.files),
        (idx_file(array) for count in COUNTS for array in arrays(count)),
        strict=True,
    )
)


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Small(Mnist):
    """The form of MNIST with few examples."""

    files = tuple(
        PublishedFile(name, len(content), sha256(content), sha256(gzip.decompress(content)))
        for name, content in CONTENTS.items()
    )


@pytest.fixture
def root(tmp_path):
    (tmp_path / "mnist").mkdir()
    for name, content in CONTENTS.items():
        (tmp_path / "mnist" / name).write_bytes(content)
    return tmp_path


def test_the_end_of_the_training_file_is_for_validation(root):
    small = Small(root=str(root))
    images, labels = arrays(COUNTS[0])
    for name, rows in (("train", slice(0, 3)), ("validation", slice(3, None))):
        split = small.split(name)
        np.testing.assert_array_equal(split.examples[..., 0], images[rows])
        np.testing.assert_array_equal(split.labels, labels[rows])
    np.testing.assert_array_equal(small.split("test").examples[..., 0], arrays(COUNTS[1])[0])


def test_size_32_adds_a_border_of_two_empty_pixels(root):
    small, large = Small(root=str(root)), Small(root=str(root), size=32)
    assert large.shape == (32, 32, 1)
    examples = large.split("test").examples
    np.testing.assert_array_equal(examples[:, 2:-2, 2:-2], small.split("test").examples)
    assert examples.sum() == small.split("test").examples.sum()


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (64, "size=64: not a choice. Valid: 28, 32."),
        (28.0, "size=28.0: not a choice. Valid: 28, 32."),
        (True, "size=true: not a choice. Valid: 28, 32."),
    ],
)
def test_other_sizes_are_refused(size, text):
    with pytest.raises(UsageError) as caught:
        construct(Mnist, {"size": size})
    assert str(caught.value) == text


def test_what_a_split_needs_is_downloaded(tmp_path, serve, monkeypatch):
    monkeypatch.setattr(Small, "mirrors", (serve(CONTENTS),))
    assert Small(root=str(tmp_path)).split("test").examples.shape == (4, 28, 28, 1)
    assert sorted(path.name for path in (tmp_path / "mnist").iterdir()) == [
        "t10k-images-idx3-ubyte.gz",
        "t10k-labels-idx1-ubyte.gz",
    ]


def test_files_that_are_there_need_no_network(root, dead_mirror, monkeypatch):
    monkeypatch.setattr(Small, "mirrors", (dead_mirror,))
    (root / "mnist" / Small.files[2].name).unlink()
    assert len(Small(root=str(root)).split("train").examples) == 3
    with pytest.raises(DataError, match=r"^t10k-images-idx3-ubyte\.gz cannot be fetched into "):
        Small(root=str(root)).split("test")


def test_a_damaged_file_is_named_with_its_mend(root, monkeypatch):
    path = root / "mnist" / Small.files[3].name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    with pytest.raises(DataError) as caught:
        Small(root=str(root)).split("test")
    assert str(caught.value) == (
        f"{path} is damaged: it has {len(content) - 1} bytes, not {len(content)}. "
        f"Delete it or run `gan data fetch mnist --root {root}`."
    )
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    monkeypatch.setenv("GAN_DATA_DIR", str(root))
    with pytest.raises(DataError) as caught:
        Small().split("test")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    assert str(caught.value) == (
        f"{path} is damaged: its SHA-256 begins with {found[:12]}, "
        f"not {Small.files[3].sha256[:12]}. Delete it or run `gan data fetch mnist`."
    )


def test_files_are_known_by_their_content_wherever_other_programs_leave_them(
    tmp_path, dead_mirror, monkeypatch
):
    """Unpacked, with a dot, packed again, or beside other data: none is downloaded again."""
    monkeypatch.setattr(Small, "mirrors", (dead_mirror,))
    raw = [gzip.decompress(content) for content in CONTENTS.values()]
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("train-images-idx3-ubyte", raw[0])
    left = {
        "MNIST/raw/train-images-idx3-ubyte.zip": zipped.getvalue(),
        "MNIST/raw/train-labels-idx1-ubyte": raw[1],
        "mnist/t10k-images.idx3-ubyte": raw[2],
        "t10k-labels-idx1-ubyte.gz": gzip.compress(raw[3], mtime=0),
        "train-images-idx3-ubyte": b"of another data set",
    }
    for name, content in left.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "mnist" / "t10k-images-idx3-ubyte").mkdir()
    small = Small(root=str(tmp_path))
    assert [small.locate(file).path for file in small.files] == [
        tmp_path / name for name in list(left)[:4]
    ]
    assert small.fetch() == []
    np.testing.assert_array_equal(small.split("validation").examples[..., 0], arrays(10_003)[0][3:])
    np.testing.assert_array_equal(small.split("test").labels, arrays(4)[1])
    path = tmp_path / "mnist" / "t10k-images.idx3-ubyte"
    path.write_bytes(raw[2][:-1])
    with pytest.raises(DataError) as caught:
        small.split("test")
    assert str(caught.value) == (
        f"{path} is damaged: its content is not what was published. "
        f"Delete it or run `gan data fetch mnist --root {tmp_path}`."
    )


def test_fetch_mends_what_is_missing_or_damaged_and_only_that(root, serve, monkeypatch):
    monkeypatch.setattr(Small, "mirrors", (serve(CONTENTS),))
    paths = [root / "mnist" / file.name for file in Small.files]
    paths[1].write_bytes(b"damaged")
    paths[2].unlink()
    assert Small(root=str(root)).fetch() == [paths[1], paths[2]]
    assert [path.read_bytes() for path in paths] == list(CONTENTS.values())
    assert Small(root=str(root)).fetch() == []


@pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set")
@pytest.mark.parametrize(
    ("dataset", "counts", "mean", "std"),
    [
        (Mnist(), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], 0.132515, 0.310480),
        (FashionMnist(), [1000] * 10, 0.286849, 0.352444),
    ],
)
def test_the_published_files_hold_what_is_published_of_them(dataset, counts, mean, std):
    split = dataset.split("test")
    np.testing.assert_array_equal(np.bincount(split.labels), counts)
    pixels = split.examples / 255
    np.testing.assert_allclose([pixels.mean(), pixels.std()], [mean, std], atol=1e-6)
    assert len(dataset.split("train").examples) == 50_000
    assert len(dataset.split("validation").examples) == 10_000
