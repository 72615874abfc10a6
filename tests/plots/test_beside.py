"""Pictures side by side, each whole and under its name."""

import io

import numpy as np
import pytest
from PIL import Image

from gan_cli.plots import beside


def png(colour: tuple[int, int, int], size: tuple[int, int] = (60, 40)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "png")
    return buffer.getvalue()


@pytest.mark.parametrize(("count", "across", "down"), [(1, 1, 1), (3, 3, 1), (5, 4, 2)])
def test_every_picture_is_whole(count: int, across: int, down: int) -> None:
    tiles = [(40 * i, 10, 200) for i in range(count)]
    drawn = beside.draw([png(tile) for tile in tiles], [f"name {i}" for i in range(count)])
    pixels = np.asarray(Image.open(io.BytesIO(drawn)))
    for tile in tiles:
        assert (pixels == tile).all(axis=2).sum() == 60 * 40
    gap, head = beside.GAP, beside.HEAD
    assert pixels.shape == (gap + down * (40 + head + gap), gap + across * (60 + gap), 3)


def test_a_long_name_stays_over_its_own_picture() -> None:
    drawn = beside.draw([png((0, 0, 0)), png((0, 0, 0))], ["objective=" * 20, ""])
    pixels = np.asarray(Image.open(io.BytesIO(drawn)).convert("L"))
    between = slice(beside.GAP + 60, beside.GAP + 60 + beside.GAP)
    assert (pixels[:, between] == 255).all()
    assert (pixels[: beside.GAP + beside.HEAD, : beside.GAP + 60] < 255).any()
