import os

import numpy as np
import pytest
from PIL import Image

from gan_cli import decoding
from gan_cli.datasets.images import Images
from gan_cli.errors import DataError, UsageError
from gan_cli.loading import construct


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "gan" / "images"


@pytest.fixture
def folder(tmp_path):
    """Twelve grey pictures, each of one level, in two folders; and what is not to be read."""
    for i in range(12):
        path = tmp_path / "mine" / "ab"[i % 2] / f"{i}.{'png' if i < 10 else 'JPEG'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (10, 8), 10 * i).save(path)
    (tmp_path / "mine" / "notes.txt").write_text("not a picture")
    (tmp_path / "mine" / "._0.png").write_text("not a picture")
    return tmp_path / "mine"


def levels(examples):
    return examples[:, 0, 0, 0].tolist()


def test_every_picture_is_found_and_none_twice(folder):
    dataset = Images(path=str(folder), size=4, validation=2, test=3)
    assert (dataset.shape, dataset.levels) == ((4, 4, 1), 255)
    splits = [dataset.split(name).examples for name in ("train", "validation", "test")]
    assert [len(split) for split in splits] == [7, 2, 3]
    examples = np.concatenate(splits)
    assert sorted(levels(examples)) == [10 * i for i in range(12)]
    assert (examples == examples[:, :1, :1]).all()
    assert levels(examples) != sorted(levels(examples))


def test_pictures_are_decoded_once_and_mapped_ever_after(folder, cache, monkeypatch):
    first = Images(path=str(folder), size=4).split("train").examples
    assert len(list(cache.iterdir())) == 1
    monkeypatch.setattr(decoding, "write", None)
    again = Images(path=str(folder), size=4, test=2)
    assert isinstance(again.split("train").examples, np.memmap)
    np.testing.assert_array_equal(again.split("test").examples, first[-2:])


def test_other_files_or_settings_are_decoded_anew(folder, cache):
    def decoded(**settings):
        return levels(Images(path=str(folder), **settings).split("train").examples)

    before = decoded()
    assert Images(path=str(folder), colour="rgb").shape == (32, 32, 3)
    assert Images(path=str(folder), size=8).shape == (8, 8, 1)
    Image.new("L", (10, 8), 255).save(folder / "new.png")
    assert sorted(decoded()) == [*sorted(before), 255]
    Image.new("L", (10, 8), 254).save(folder / "new.png")
    os.utime(folder / "new.png", ns=(0, 0))
    assert sorted(decoded()) == [*sorted(before), 254]
    assert len(list(cache.iterdir())) == 5


def test_the_order_does_not_depend_on_where_the_folder_is(folder, tmp_path):
    before = levels(Images(path=str(folder)).split("train").examples)
    folder.rename(tmp_path / "moved")
    assert levels(Images(path=str(tmp_path / "moved")).split("train").examples) == before


def test_grey_and_colour_together_need_a_choice(folder):
    for i in range(3):
        Image.new("RGB", (8, 8), (250, 0, 0)).save(folder / f"red{i}.jpg")
    with pytest.raises(DataError) as caught:
        _ = Images(path=str(folder)).shape
    assert str(caught.value) == (
        f"{folder} holds 12 grey and 3 colour images. "
        "Set dataset.colour=grey or dataset.colour=rgb."
    )
    assert Images(path=str(folder), colour="grey").shape == (32, 32, 1)
    assert Images(path=str(folder), colour="rgb").shape == (32, 32, 3)


def test_colour_is_kept_when_all_have_it(tmp_path):
    (tmp_path / "mine").mkdir()
    Image.new("RGB", (8, 8), (250, 20, 10)).save(tmp_path / "mine" / "red.png")
    examples = Images(path=str(tmp_path / "mine"), size=2).split("train").examples
    np.testing.assert_array_equal(examples, np.full((1, 2, 2, 3), [250, 20, 10]))


def test_a_corrupt_file_among_good_ones_is_named(folder, cache):
    path = folder / "a" / "0.png"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(DataError) as caught:
        Images(path=str(folder)).split("train")
    assert str(caught.value) == (
        f"1 of the 12 images in {folder} cannot be decoded: damaged, or no image of a known format "
        "(a/0.png). Mend them, or move them elsewhere."
    )
    assert list(cache.iterdir()) == []


def test_what_is_left_out_is_named_with_the_reason(folder, monkeypatch):
    """Links are followed, each folder is read once, and what is hidden or unreadable is told."""
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    for name in ("new.webp", "new.BMP", "new.jfif", "new.gif", "new.tif"):
        Image.new("L", (10, 8), 255).save(elsewhere / name, Image.EXTENSION.get(name[3:].lower()))
    (folder / "Z").symlink_to(elsewhere)
    (folder / "A").symlink_to(folder / "b")
    (folder / "a" / "loop").symlink_to(folder)
    (folder / "gone.png").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.png")
    for name in (".ipynb_checkpoints", "@eaDir", "__MACOSX", "closed"):
        (folder / name).mkdir()
        Image.new("L", (10, 8), 255).save(folder / name / "more.png")
    look = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return look(path)

    monkeypatch.setattr(os, "scandir", refuse)
    dataset = Images(path=str(folder), colour="grey")
    assert dataset.left_out == (
        "1 other file (.txt); a link to nothing: gone.png; cannot be read (Permission denied): "
        "closed; hidden: ._0.png, .ipynb_checkpoints/, @eaDir/ and 1 more; neither a file nor a "
        "folder: pipe.png; read already by another name: A, a/loop"
    )
    found = sorted(levels(dataset.split("train").examples))
    assert found == [*(10 * i for i in range(12)), *[255] * 5]


def test_pictures_that_are_not_read_and_further_frames_are_named(folder, cache):
    for name in ("a/1.HEIC", "a/2.heic", "b/3.dng"):
        (folder / name).write_bytes(b"x")
    frames = [Image.new("L", (10, 8), level) for level in (200, 0)]
    for name in ("moving.gif", "moving.webp", "pages.tif"):
        frames[0].save(folder / name, save_all=True, append_images=frames[1:])
    told = (
        "in formats that are not read: 2 .heic and 1 .dng; 1 other file (.txt); hidden: ._0.png; "
        "all but the first picture in moving.gif, moving.webp, pages.tif"
    )
    dataset = Images(path=str(folder), colour="grey")
    assert dataset.left_out == told
    assert sorted(levels(dataset.split("train").examples))[-3:] == [200, 200, 200]
    assert Images(path=str(folder), colour="grey").left_out == told, "as it was when decoded"


def test_a_damaged_cache_is_named(folder, cache):
    Images(path=str(folder)).split("train")
    (path,) = cache.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError) as caught:
        Images(path=str(folder)).split("train")
    assert str(caught.value) == f"{path} is damaged. Delete it: it is made again when needed."


def test_a_folder_without_pictures_says_what_it_holds(tmp_path):
    empty = tmp_path / "mine"
    with pytest.raises(DataError) as caught:
        _ = Images(path=str(empty)).shape
    assert str(caught.value) == (
        f"{empty} is not a folder. dataset.path must name one with images in it."
    )
    link = tmp_path / "link"
    link.symlink_to("mine")
    with pytest.raises(DataError, match=r"link is a link to mine, which is not there\. dataset\."):
        _ = Images(path=str(link)).shape
    empty.mkdir()
    with pytest.raises(DataError) as caught:
        _ = Images(path=str(empty)).shape
    assert (
        str(caught.value) == f"{empty} holds no files. Images such as PNG, JPEG or WebP are needed."
    )
    for name in ("a.txt", "b.TXT", "README"):
        (empty / name).write_bytes(b"")
    with pytest.raises(DataError) as caught:
        _ = Images(path=str(empty)).shape
    assert str(caught.value) == (
        f"{empty} holds no images, only 3 other files (.txt, README). "
        "Images such as PNG, JPEG or WebP are needed."
    )


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({}, "path is not set: add dataset.path=FOLDER, a folder of your images."),
        ({"path": "x", "size": 0}, "size=0: must be at least 1."),
        ({"path": "x", "validation": -2}, "validation=-2: must be at least 0."),
    ],
)
def test_values_that_cannot_be_are_refused(values, text):
    with pytest.raises(UsageError) as caught:
        construct(Images, values)
    assert str(caught.value) == text
