"""The picture of the game on p_g, read back from its pixels."""

import io

import numpy as np
from PIL import Image, ImageColor

from gan_cli.theory.convergence import Convergence, Descent, Game
from gan_cli.theory.findings.convergence_picture import COLOURS, draw
from gan_cli.theory.value import LOG_4


def played(costs: np.ndarray, games: int, ks: tuple[int, ...]) -> Convergence:
    """Games with k updates whose JS is always 0.1 / k."""
    shape = (games, len(costs))
    made = [Game(k, np.full(shape, 0.1 / k), np.zeros((games, len(costs) - 1))) for k in ks]
    return Convergence(Descent(costs, np.ones(1)), made)


def colours(png: bytes, wanted: str) -> np.ndarray:
    picture = np.asarray(Image.open(io.BytesIO(png)), dtype=int)
    return np.argwhere(np.abs(picture - ImageColor.getrgb(wanted)).max(axis=2) < 30)


def test_games_that_end_nearer_are_drawn_lower() -> None:
    costs = np.concatenate([0.2 * 0.7 ** np.arange(60), np.zeros(40)]) - LOG_4
    picture = draw(played(costs, games=3, ks=(1, 2, 5, 20)), "")
    heights = [colours(picture, colour)[:, 0] for colour in COLOURS]
    below_the_legend = [np.median(height[height > 160]) for height in heights]
    assert below_the_legend == sorted(below_the_legend)


def test_a_descent_that_is_cut_short_is_drawn_whole() -> None:
    costs = 0.2 * 0.99 ** np.arange(30) - LOG_4
    picture = Image.open(io.BytesIO(draw(played(costs, games=1, ks=(1,)), "")))
    assert (picture.format, picture.mode) == ("PNG", "RGB")
