import io
import struct
import subprocess
import sys
import time
import zlib
from unittest import mock

import numpy as np
import pytest
from PIL import Image

from gan_cli import decoding
from gan_cli.errors import DataError
from gan_cli.logs import waiting

RNG = np.random.default_rng(0)


def test_a_png_of_the_asked_size_is_read_as_it_is(tmp_path):
    for array in (
        RNG.integers(0, 256, (8, 8), np.uint8),
        RNG.integers(0, 256, (8, 8, 3), np.uint8),
    ):
        Image.fromarray(array).save(tmp_path / "a.png")
        shape = (8, 8, 1 if array.ndim == 2 else 3)
        np.testing.assert_array_equal(
            decoding.pixels(tmp_path / "a.png", shape), array.reshape(shape)
        )


def test_a_smaller_picture_has_the_mean_of_the_larger(tmp_path):
    ramp = np.broadcast_to(np.linspace(0, 255, 64).astype(np.uint8), (64, 64))
    Image.fromarray(ramp.copy()).save(tmp_path / "a.png")
    small = decoding.pixels(tmp_path / "a.png", (16, 16, 1))
    assert small is not None
    blocks = ramp.reshape(16, 4, 16, 4).mean((1, 3))
    np.testing.assert_allclose(small[:, 2:-2, 0], blocks[:, 2:-2], atol=1.5)


@pytest.mark.parametrize("portrait", [False, True])
def test_the_short_side_fits_and_the_middle_is_cut_out(tmp_path, portrait):
    picture = np.zeros((20, 60), np.uint8)
    picture[:, 12:48] = 200  # the filter reaches 6 pixels beyond the middle
    Image.fromarray(picture.T.copy() if portrait else picture).save(tmp_path / "a.png")
    middle = decoding.pixels(tmp_path / "a.png", (10, 10, 1))
    np.testing.assert_array_equal(middle, np.full((10, 10, 1), 200))


def test_transparent_parts_are_white(tmp_path):
    picture = np.zeros((4, 4, 4), np.uint8)
    picture[:2] = [255, 0, 0, 255]
    Image.fromarray(picture).save(tmp_path / "a.png")
    colour = decoding.pixels(tmp_path / "a.png", (4, 4, 3))
    assert colour is not None
    assert colour[0, 0].tolist() == [255, 0, 0]
    assert colour[3, 3].tolist() == [255, 255, 255]


def test_sixteen_bit_grey_is_scaled_and_not_clipped(tmp_path):
    picture = np.array([[0, 257 * 100], [257 * 200, 65535]], np.uint16)
    Image.fromarray(picture).save(tmp_path / "a.png")
    assert decoding.channels(tmp_path / "a.png") == 1
    grey = decoding.pixels(tmp_path / "a.png", (2, 2, 1))
    assert grey is not None
    assert grey.ravel().tolist() == [0, 100, 200, 255]


def test_a_photograph_is_turned_as_its_camera_says(tmp_path):
    picture = np.zeros((16, 16), np.uint8)
    picture[:8] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to show
    Image.fromarray(picture).save(tmp_path / "a.jpg", exif=exif, quality=100)
    turned = decoding.pixels(tmp_path / "a.jpg", (16, 16, 1))
    assert turned is not None
    assert turned[:, 9:].min() > 200
    assert turned[:, :7].max() < 5


@pytest.mark.parametrize(
    ("mode", "channels"), [("1", 1), ("L", 1), ("LA", 1), ("RGB", 3), ("RGBA", 3)]
)
def test_the_number_of_channels_is_read_from_the_header(tmp_path, mode, channels):
    Image.new(mode, (4, 4)).save(tmp_path / "a.png")
    assert decoding.channels(tmp_path / "a.png") == channels
    for depth in (1, 3):
        assert decoding.pixels(tmp_path / "a.png", (4, 4, depth)) is not None


def test_a_palette_is_grey_or_coloured(tmp_path):
    picture = Image.fromarray(RNG.integers(0, 4, (4, 4), np.uint8))
    for colours, channels in (([0, 0, 0, 9, 9, 9], 1), ([0, 0, 0, 9, 9, 8], 3)):
        picture.putpalette(colours * 2)
        for name in ("a.png", "a.gif"):
            picture.save(tmp_path / name)
            assert decoding.channels(tmp_path / name) == channels
    assert decoding.pixels(tmp_path / "a.png", (4, 4, 1)) is not None


def test_sixteen_bits_keep_orientation_and_transparency(tmp_path):
    """Orientation 3 turns a picture upside down; the last pixel on the disk is the first to see."""
    exif = Image.Exif()
    exif[0x0112] = 3
    grey = Image.fromarray(np.array([[0, 7], [257 * 100, 257 * 200]], np.uint16))
    grey.save(tmp_path / "grey.png", exif=exif, transparency=257 * 200)
    seen = decoding.pixels(tmp_path / "grey.png", (2, 2, 1))
    assert seen is not None
    assert seen.ravel().tolist() == [255, 100, 0, 0]


def test_a_transparent_colour_of_sixteen_bits_is_found(tmp_path):
    """Pillow writes no such file: a PNG of one pixel, whose colour is the transparent one."""
    colour = struct.pack(">3H", 0xC800, 0, 0)
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0),
        b"tRNS": colour,
        b"IDAT": zlib.compress(b"\0" + colour),
        b"IEND": b"",
    }
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    ]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunks))
    seen = decoding.pixels(tmp_path / "a.png", (1, 1, 3))
    assert seen is not None
    assert seen.ravel().tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    ("values", "kind", "what"),
    [([[0.5]], np.float32, "float pixels"), ([[70_000]], np.int32, "pixels of more than 16 bits")],
)
def test_pixels_whose_white_is_not_known_are_not_guessed(tmp_path, values, kind, what):
    Image.fromarray(np.array(values, kind)).save(tmp_path / "a.tif")
    with pytest.raises(decoding.Broken) as broken:
        decoding.pixels(tmp_path / "a.tif", (1, 1, 1))
    assert str(broken.value) == (
        f"{tmp_path}/a.tif cannot be decoded: {what}, whose white is not known: save 8 or 16 bits, "
        "or a .npy file for dataset=array."
    )


def test_broken_files_are_named_and_leave_no_array(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "BATCH", 3)
    Image.new("L", (9, 9)).save(tmp_path / "good.png")
    whole = (tmp_path / "good.png").read_bytes()
    broken = [f"bad{i}.png" for i in range(7)]
    for i, name in enumerate(broken):
        (tmp_path / name).write_bytes(whole[: i * 7])
    assert decoding.channels(tmp_path / "bad0.png") is None
    destination = tmp_path / "cache" / "all.npy"
    with pytest.raises(DataError) as caught:
        decoding.write(tmp_path, ["good.png", *broken], (4, 4, 1), destination)
    told = str(caught.value)
    assert told.startswith(f"7 of the 8 images in {tmp_path} cannot be decoded: empty (bad0.png); ")
    assert "damaged, or no image of a known format (bad1.png" in told
    assert told.endswith(". Mend them, or move them elsewhere.")
    assert list(destination.parent.iterdir()) == []


def test_a_file_that_may_not_be_read_is_not_called_broken(tmp_path, monkeypatch):
    def closed(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(decoding.reading, "opened", closed)
    for read in (
        lambda: decoding.channels(tmp_path / "a.png"),
        lambda: decoding.write(tmp_path, ["a.png"], (4, 4, 1), tmp_path / "a.npy"),
    ):
        with pytest.raises(DataError) as caught:
            read()
        assert str(caught.value) == f"{tmp_path}/a.png cannot be read: Permission denied."


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_large_picture_is_refused_by_its_header(tmp_path):
    """A PNG may say any size; of these only the first has as many pixels as are decoded."""
    for size, is_read in (((10_000, 10_000), True), ((10_000, 10_001), False)):
        path = tmp_path / "large.png"
        Image.new("1", size).save(path)
        for read in (decoding.channels, lambda path: decoding.pixels(path, (2, 2, 1)) is not None):
            if is_read:
                assert read(path) == 1
                continue
            with pytest.raises(DataError) as caught:
                read(path)
            assert str(caught.value) == (
                f"{path} has more than 100,000,000 pixels, the most that are decoded. "
                "Make it smaller, or move it elsewhere."
            )


def png(width, height):
    """A PNG's header for a size, with the pixels of none."""
    file = io.BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    head = b"IHDR" + struct.pack(">II", width, height) + file.getvalue()[24:29]
    return file.getvalue()[:12] + head + struct.pack(">I", zlib.crc32(head)) + file.getvalue()[33:]


def ico(within):
    """An ICO that says 16 x 16 of the file within it."""
    entry = struct.pack("<4B2H2I", 16, 16, 0, 0, 1, 32, len(within), 22)
    return b"\0\0\1\0\1\0" + entry + within


def icns(within):
    """An ICNS that says 128 x 128 of the file within it."""
    part = b"ic07" + struct.pack(">I", len(within) + 8) + within
    return b"icns" + struct.pack(">I", len(part) + 8) + part


@pytest.mark.parametrize("packed", [ico, icns])
@pytest.mark.parametrize("size", [10_001, 20_000])
def test_a_large_picture_within_a_small_one_is_refused(tmp_path, packed, size):
    """The outer header tells another size than that of what is decoded."""
    path = tmp_path / "a.png"
    path.write_bytes(packed(png(10_000, size)))
    with pytest.raises(DataError, match="has more than 100,000,000 pixels") as caught:
        decoding.pixels(path, (2, 2, 3))
    assert not isinstance(caught.value, decoding.Broken)


@pytest.mark.parametrize("kind", ["ICO", "ICNS", "AVIF"])
def test_pictures_within_files_are_decoded_one_at_a_time(tmp_path, monkeypatch, kind):
    """Their sizes are known too late to tell the large ones."""
    Image.new("RGB", (32, 32), "white").save(tmp_path / "a.png", kind)
    alone = mock.MagicMock()
    monkeypatch.setattr(decoding, "ALONE", alone)
    assert decoding.pixels(tmp_path / "a.png", (1, 1, 3)).tolist() == [[[255, 255, 255]]]
    alone.__enter__.assert_called_once()
    Image.new("RGB", (32, 32), "red").save(tmp_path / "b.png")
    decoding.pixels(tmp_path / "b.png", (1, 1, 3))
    alone.__enter__.assert_called_once()


SMALLER = {
    "AVIF": lambda whole: within(whole, b"ispe\0\0\0\0", ">II"),
    "JPEG2000": lambda whole: within(whole, b"ihdr", ">II"),
    "WEBP": lambda whole: in_a_canvas(whole[12:]),
}
"""The same picture in a container that says 64 x 64."""


def within(whole, key, form):
    place = whole.index(key) + len(key)
    return whole[:place] + struct.pack(form, 64, 64) + whole[place + struct.calcsize(form) :]


def in_a_canvas(frame):
    canvas = b"VP8X" + struct.pack("<II", 10, 0) + 2 * (63).to_bytes(3, "little") + frame
    return b"RIFF" + struct.pack("<I", len(canvas) + 4) + b"WEBP" + canvas


def saying_less(side, kind):
    file = io.BytesIO()
    how = {"speed": 10} if kind == "AVIF" else {}
    Image.new("RGB", (side, side), "white").save(file, kind, **how)
    return SMALLER[kind](file.getvalue())


@pytest.mark.parametrize("kind", ["JPEG2000", "WEBP"])
def test_a_frame_that_is_larger_than_its_container_says_is_not_decoded(tmp_path, kind):
    (tmp_path / "a.png").write_bytes(saying_less(200, kind))
    with pytest.raises(decoding.Broken):
        decoding.pixels(tmp_path / "a.png", (2, 2, 3))


PEAK = """
import sys
from pathlib import Path
from gan_cli import decoding
def peak():
    [line] = [each for each in open("/proc/self/status") if each.startswith("VmHWM")]
    return int(line.split()[1])
decoding.pixels(Path(sys.argv[1]), (2, 2, 3))
before = peak()
assert decoding.pixels(Path(sys.argv[2]), (2, 2, 3)).min() > 200
print(peak() - before)
"""


@pytest.mark.slow
def test_an_avif_that_says_less_takes_no_more_memory_than_one_that_does_not(tmp_path):
    """It is decoded whole and scaled to what it says; 9,000 x 9,000 took 170 MiB, honestly 790."""
    paths = [tmp_path / "small.avif", tmp_path / "less.avif"]
    for path, side in zip(paths, (64, 4000), strict=True):
        path.write_bytes(saying_less(side, "AVIF"))
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *paths], capture_output=True, text=True, check=True
    )
    assert 0 < int(done.stdout) * 1024 < 8 * 4000**2


def test_no_program_is_started_for_a_picture(tmp_path, monkeypatch):
    """Pillow knows EPS by its content, and decodes it with Ghostscript; here also within IPTC."""
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a program is started"))
    eps = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    field = b"\x1c%c%c%s"
    head = {
        (3, 60): b"\1\0",
        (3, 65): b"\1",
        (3, 20): b"\0\11",
        (3, 30): b"\0\11",
        (3, 120): b"\0\1",
    }
    within = b"".join(field % (*key, struct.pack(">H", len(v)) + v) for key, v in head.items())
    within += field % (8, 10, struct.pack(">H", len(eps)) + eps)
    for content in (eps, within):
        (tmp_path / "a.png").write_bytes(content)
        assert decoding.channels(tmp_path / "a.png") is None
        with pytest.raises(decoding.Broken, match="no image of a known format"):
            decoding.pixels(tmp_path / "a.png", (4, 4, 3))


def test_progress_is_shown_where_it_takes_long(tmp_path, capsys, monkeypatch):
    Image.new("L", (9, 9)).save(tmp_path / "a.png")
    decoding.write(tmp_path, ["a.png"], (4, 4, 1), tmp_path / "a.npy")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(waiting, "EVERY", 0.01)

    def slow(path, *_):
        time.sleep(0.2)
        raise decoding.Broken(path, "slow")

    monkeypatch.setattr(decoding, "pixels", slow)
    with pytest.raises(DataError):
        decoding.write(tmp_path, ["a.png"], (4, 4, 1), tmp_path / "b.npy")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"decoding {tmp_path.name}: 0 s, 0 of 1 images\n" in shown.err
