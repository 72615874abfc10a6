"""Figure 1: the estimates that it rests on, and a short training."""

from collections.abc import Iterator

import numpy as np
import pytest
import scipy.stats
from scipy.spatial.distance import jensenshannon

from gan_cli.theory.figure1 import (
    ALONE,
    CELL,
    MOVED,
    WIDTH,
    Film,
    X,
    estimate,
    farthest,
    figure1,
    jensen_shannon,
    latents,
    levels,
    schedule,
)
from tests.compiling import unoptimized


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than the training."""
    with unoptimized():
        yield


@pytest.fixture(scope="module")
def film() -> Film:
    return figure1(0, 100)


def test_the_estimate_is_the_density_widened_by_the_kernel() -> None:
    points = scipy.stats.norm.ppf(levels(20_000), 1, 0.5)
    wider = scipy.stats.norm.pdf(X, 1, np.hypot(0.5, WIDTH))
    np.testing.assert_allclose(estimate(points), wider, atol=2e-3)


def test_points_beyond_the_axis_are_not_lost() -> None:
    far = estimate(np.array([-100.0, 100.0]))
    assert far[0] > 1
    assert far[-1] > 1
    assert far[1:-1].sum() * CELL < 1


def test_js_is_that_of_scipy() -> None:
    p, q = scipy.stats.norm.pdf(X, -1, 0.5), scipy.stats.norm.pdf(X, 1, 0.7)
    np.testing.assert_allclose(jensen_shannon(p, q), jensenshannon(p, q) ** 2, rtol=1e-9)


def test_the_farthest_is_sought_where_the_mass_is() -> None:
    density = scipy.stats.norm.pdf(X)
    np.testing.assert_allclose(farthest(X, np.zeros_like(X), density), 2.576, atol=0.011)


def test_latents_are_evenly_spaced_quantiles() -> None:
    z = latents(9)
    assert z.shape == (9, 1)
    np.testing.assert_allclose(scipy.stats.norm.cdf(z[:, 0]), (np.arange(9) + 0.5) / 9, atol=1e-6)


@pytest.mark.parametrize("steps", [100, 2000])
def test_frames_increase_and_hold_the_four_moments(steps: int) -> None:
    stops, moments = schedule(steps)
    assert (np.diff(stops) > 0).all()
    assert stops[list(moments)].tolist() == [0, ALONE, ALONE + MOVED, ALONE + steps]


def test_d_is_trained_alone_and_comes_closer_to_its_optimum(film: Film) -> None:
    start, trained, moved, _ = film.moments
    np.testing.assert_array_equal(film.images[trained], film.images[start])
    assert film.off_optimum[trained] < 0.5 * film.off_optimum[start]
    assert (film.images[moved] != film.images[trained]).all()


def test_p_g_becomes_the_data(film: Film) -> None:
    start, _, moved, end = film.moments
    assert film.js[start] > 0.3
    assert film.js[moved] < 0.5 * film.js[start]
    assert film.js[end] < 0.06
    assert film.floor < 1e-4
    assert film.off_half[end] < 0.1
    np.testing.assert_allclose(film.density.sum(axis=1) * CELL, 1, atol=1e-3)


def test_the_same_seed_gives_the_same_numbers(film: Film) -> None:
    again = figure1(0, 100)
    np.testing.assert_array_equal(again.density, film.density)
    np.testing.assert_array_equal(again.outputs, film.outputs)


@pytest.mark.long
def test_at_full_length_little_is_left_of_either() -> None:
    film = figure1(0)
    assert film.js[-1] < 0.005
    assert film.off_half[-1] < 0.02
