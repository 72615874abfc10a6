"""Two segments: what is true of them, and what trained networks find."""

import math
from collections.abc import Iterator

import jax
import numpy as np
import pytest

from gan_cli.theory.parallel_lines import (
    LOOKS,
    PENALTY,
    ParallelLines,
    parallel_lines,
    segment,
)
from tests.compiling import unoptimized

THETAS = (-0.5, 0.0, 1.0)
UPDATES = 600


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than the training."""
    with unoptimized():
        yield


@pytest.fixture(scope="module")
def found() -> ParallelLines:
    return parallel_lines(3, THETAS, UPDATES)


def test_a_segment_is_vertical_at_theta() -> None:
    points = segment(jax.random.key(0), 0.7, 5000)
    np.testing.assert_allclose(points[:, 0], 0.7, rtol=1e-6)
    np.testing.assert_allclose(np.quantile(points[:, 1], [0, 0.5, 1]), [0, 0.5, 1], atol=0.03)


def test_the_true_divergences(found: ParallelLines) -> None:
    np.testing.assert_array_equal(found.kl, [math.inf, 0, math.inf])
    np.testing.assert_array_equal(found.js, [math.log(2), 0, math.log(2)])
    np.testing.assert_array_equal(found.wasserstein_1, [0.5, 0, 1])


def test_discriminators_find_log_2_and_give_g_nothing(found: ParallelLines) -> None:
    assert found.js_error < 1e-3
    assert np.abs(found.minimax.gradients[found.apart, -1]).max() < 0.01
    early = np.abs(found.minimax.gradients[found.apart, 0])
    assert (early > 20 * np.abs(found.minimax.gradients[found.apart, -1])).all()


def test_critics_find_the_distance_and_slope_one(found: ParallelLines) -> None:
    expected = found.wasserstein_1 * (1 + found.wasserstein_1 / (2 * PENALTY))
    np.testing.assert_allclose(found.critic.estimates[:, -1], expected, atol=0.01)
    slopes = found.critic.gradients[found.apart, -1]
    np.testing.assert_allclose(slopes, [-1.005, 1.01], atol=0.02)
    assert 0.99 < found.slope < 1.03
    assert found.wasserstein_1_error < 0.02


def test_a_look_is_taken_every_fortieth_of_the_updates(found: ParallelLines) -> None:
    assert found.minimax.gradients.shape == found.critic.estimates.shape == (3, LOOKS)
    np.testing.assert_array_equal(found.critic.updates, np.arange(1, LOOKS + 1) * 15)


def test_the_same_seed_gives_the_same_numbers(found: ParallelLines) -> None:
    again = parallel_lines(3, THETAS, UPDATES)
    np.testing.assert_array_equal(again.critic.estimates, found.critic.estimates)
    np.testing.assert_array_equal(again.minimax.gradients, found.minimax.gradients)
