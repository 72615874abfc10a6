"""Small samples and data that several tests of metrics look at."""

import numpy as np
import pytest

from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.features.base import Pixels, Seen
from gan_cli.metrics.base import Reference


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.fixture
def points(rng: np.random.Generator) -> Reference:
    """Points of the ring."""
    ring = Ring()

    def draw(n: int) -> np.ndarray:
        which = rng.integers(0, 8, n)
        return ring.modes().centres[which] + 0.05 * rng.normal(size=(n, 2))

    return Reference(ring, draw(400), draw(300), draw(500))


@pytest.fixture
def images(rng: np.random.Generator) -> Reference:
    """Small images that look like nothing."""

    def draw(n: int) -> np.ndarray:
        return np.clip(0.3 * rng.normal(size=(n, 4, 4, 1)), -1, 1)

    return Reference(Digits(), draw(230), draw(120), draw(210))


class Brightness(Pixels):
    """Pixels as features, and ten classes by which tenth of the brightness range a mean lies in."""

    name = "brightness"
    accuracy = 0.5  # type: ignore[assignment]

    def __call__(self, examples: np.ndarray) -> Seen:
        pixels = examples.reshape(len(examples), -1)
        near = np.exp(-((pixels.mean(axis=1)[:, None] - np.linspace(-0.3, 0.3, 10)) ** 2) / 0.01)
        return Seen(pixels, near / near.sum(axis=1, keepdims=True))


@pytest.fixture
def brightness() -> Brightness:
    return Brightness()
