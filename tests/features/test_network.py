"""The images that a classifier is trained on are changed a little, and no more."""

import jax
import numpy as np
import pytest

from gan_cli.features import network


@pytest.fixture
def dots() -> np.ndarray:
    """Black images with one white pixel in the middle, of which each is changed in its own way."""
    images = np.full((50, 9, 7, 1), -1, np.float32)
    images[:, 4, 3] = 1
    return images


def test_a_dot_moves_by_less_than_a_pixel(dots: np.ndarray) -> None:
    changed = np.asarray(network._varied(dots, jax.random.key(0)))
    ink = (changed + 1) / 2
    assert ink.min() == 0
    assert ink.max() < 1 + 1e-6
    np.testing.assert_allclose(ink[:, 2:7, 1:6].sum(axis=(1, 2)), ink.sum(axis=(1, 2)), rtol=1e-5)
    heights = (ink.sum(axis=(2, 3)) @ np.arange(9)) / ink.sum(axis=(1, 2, 3))
    assert 0.3 < np.abs(heights - 4).max() < 1
    assert len(np.unique(heights)) > 40


def test_without_a_size_nothing_is_changed(
    dots: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "MOST", 0.0)
    np.testing.assert_allclose(network._varied(dots, jax.random.key(0)), dots, atol=1e-6)


def test_nonsense_is_shuffled_pixels_and_noise_of_many_contrasts() -> None:
    images = np.linspace(-1, 1, 40 * 63, dtype=np.float32).reshape(40, 9, 7, 1)
    made = np.asarray(network._nonsense(images, jax.random.key(0)))
    assert made.shape == images.shape
    shuffled, noise = made[:20].reshape(20, -1), made[20:].reshape(20, -1)
    np.testing.assert_array_equal(np.sort(shuffled), images[:20].reshape(20, -1))
    assert (shuffled != images[:20].reshape(20, -1)).mean() > 0.9
    assert (noise.min(), noise.max()) == (-1, 1)
    assert noise.std(axis=1).min() < 0.1
    assert noise.std(axis=1).max() > 0.5
