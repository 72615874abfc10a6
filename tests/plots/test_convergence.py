"""The picture of the game on p_g, read back from its pixels."""

import io

import numpy as np
from PIL import Image, ImageColor

from gan_cli.plots.convergence import COLOURS, LOG_4, Games, draw


def colours(png: bytes, wanted: str) -> np.ndarray:
    picture = np.asarray(Image.open(io.BytesIO(png)), dtype=int)
    return np.argwhere(np.abs(picture - ImageColor.getrgb(wanted)).max(axis=2) < 30)


def test_games_that_end_nearer_are_drawn_lower() -> None:
    costs = np.concatenate([0.2 * 0.7 ** np.arange(60), np.zeros(40)]) - LOG_4
    games = [Games(k, np.full((3, 100), 0.1 / k)) for k in (1, 2, 5, 20)]
    picture = draw(costs, games, "what was found")
    heights = [colours(picture, colour)[:, 0] for colour in COLOURS]
    below_the_legend = [np.median(height[height > 160]) for height in heights]
    assert below_the_legend == sorted(below_the_legend)


def test_a_descent_that_is_cut_short_is_drawn_whole() -> None:
    costs = 0.2 * 0.99 ** np.arange(30) - LOG_4
    picture = Image.open(io.BytesIO(draw(costs, [Games(1, np.full((1, 30), 0.1))], "")))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
