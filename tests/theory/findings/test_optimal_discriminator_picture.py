"""The pictures of a trained D, read back from their pixels."""

import io

import numpy as np
from PIL import Image, ImageColor

from gan_cli.divergences import Estimate
from gan_cli.plots import canvas
from gan_cli.theory.findings.optimal_discriminator_picture import draw
from gan_cli.theory.optimal_discriminator import OptimalDiscriminator

X = np.linspace(-3, 3, 301)
P, Q = (np.exp(-((X - at) ** 2) / 2) / np.sqrt(2 * np.pi) for at in (-0.5, 0.5))
OPTIMUM = P / (P + Q)


def found(
    axes: tuple[np.ndarray, ...],
    region: np.ndarray,
    optimum: np.ndarray,
    trained: np.ndarray,
) -> OptimalDiscriminator:
    """What was found on a grid, whose densities matter only on the line."""
    nothing = Estimate(0.0, 0.0)
    flat = (region.ravel(), optimum.ravel(), trained.ravel())
    mass = np.ones(region.size)
    return OptimalDiscriminator(axes, P, Q, mass, *flat, nothing, nothing, nothing, updates=1)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)), dtype=int)


def shaded(region: np.ndarray) -> int:
    picture = pixels(draw(found((X,), region, OPTIMUM, OPTIMUM), ""))
    row = picture[200]  # within the axes of the densities
    return int((np.abs(row - row[-40]).max(axis=1) > 5).sum())


def test_the_region_is_shaded_in_all_of_its_parts() -> None:
    one, two = np.abs(X) < 1, (np.abs(X) < 1) | (X > 2.2)
    assert shaded(two) > shaded(one) + 80


def test_a_d_that_is_off_is_drawn_elsewhere() -> None:
    def dark(trained: np.ndarray) -> np.ndarray:
        picture = pixels(draw(found((X,), np.abs(X) < 2, OPTIMUM, trained), ""))[400:740, 150:]
        return np.argwhere(np.abs(picture - ImageColor.getrgb(canvas.INK)).max(axis=2) < 20)

    assert dark(OPTIMUM * 0.2)[:, 0].mean() > dark(OPTIMUM)[:, 0].mean() + 50


def test_the_difference_is_shown_only_where_d_is_held_to_it() -> None:
    axes = (np.linspace(-2, 2, 41), np.linspace(-2, 2, 41))
    x, y = np.meshgrid(*axes, indexing="ij")
    optimum, region = 1 / (1 + np.exp(x)), np.hypot(x, y) < 1
    trained = np.where(region, optimum + 0.01, optimum + 0.4)
    picture = pixels(draw(found(axes, region, optimum, trained), ""))
    third = picture[160:480, 1040:1390]
    red = (third[..., 0] > 80) & (third[..., 1] < 40) & (third[..., 2] < 60)
    assert 0.2 < red.mean() < 0.7
    white = (third > 250).all(axis=-1)
    assert white.mean() > 0.2


def test_axes_are_not_swapped() -> None:
    axes = (np.linspace(0, 1, 31), np.linspace(0, 1, 31))
    x, _ = np.meshgrid(*axes, indexing="ij")
    picture = pixels(draw(found(axes, np.ones((31, 31), bool), x, x), ""))
    first = picture[200:460, 100:430].sum(axis=-1)
    assert first[:, 250:].mean() > first[:, :80].mean() + 100


def test_d_star_is_not_drawn_where_both_densities_are_0() -> None:
    """At the left end of the axes its broad grey line is there, and in the middle it is not."""
    gap = np.where(np.abs(X) < 1, np.nan, OPTIMUM)
    pictures = [
        pixels(draw(found((X,), np.abs(X) > 2, each, 0 * X), "")) for each in (OPTIMUM, gap)
    ]
    changed = (pictures[0] != pictures[1]).any(axis=(0, 2)).nonzero()[0]
    width = pictures[0].shape[1]
    assert width / 4 < changed.min() < width / 2 < changed.max() < 3 * width / 4
