import math

import numpy as np
import ot
import pytest
import scipy.optimize
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from gan_cli.divergences.samples import (
    bin_numbers,
    histogram_js,
    histogram_kl,
    sliced_wasserstein,
    wasserstein,
    wasserstein_1d,
)

numbers = st.lists(st.floats(-100, 100), min_size=1, max_size=9).map(np.array)
ALL = (wasserstein_1d, wasserstein, sliced_wasserstein, histogram_kl, histogram_js)


@given(numbers, numbers)
def test_w1_on_the_line_is_that_of_scipy(x, y):
    expected = scipy.stats.wasserstein_distance(x, y)
    assert wasserstein_1d(x, y) == pytest.approx(expected, rel=1e-9, abs=1e-12)


@given(numbers, numbers, st.sampled_from([1, 2, 3]))
def test_wp_on_the_line_is_that_of_pot(x, y, power):
    expected = ot.emd2_1d(x, y, metric="minkowski", p=power)
    assert wasserstein_1d(x, y, power) ** power == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(numbers, numbers, numbers, st.sampled_from([1, 2]))
def test_it_is_a_metric_on_the_line(x, y, z, power):
    def distance(a, b):
        return wasserstein_1d(a, b, power)

    assert distance(x, x) == 0
    assert distance(x, y) == pytest.approx(distance(y, x), rel=1e-12)
    assert distance(x, z) <= distance(x, y) + distance(y, z) + 1e-9
    assert distance(-3 * x + 1, -3 * y + 1) == pytest.approx(3 * distance(x, y), rel=1e-6, abs=1e-9)
    assert distance(x, np.repeat(x, 3)) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("power", [1, 2])
def test_of_equally_many_points_it_is_the_best_assignment(power):
    x, y = np.random.default_rng(0).normal(size=(2, 30, 3))
    cost = np.linalg.norm(x[:, None] - y, axis=-1) ** power
    best = cost[scipy.optimize.linear_sum_assignment(cost)].mean()
    assert wasserstein(x, y, power) ** power == pytest.approx(best, rel=1e-12)


def test_of_unequally_many_points_it_is_that_of_pot():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(20, 2)), rng.normal(1, 1, size=(33, 2))
    expected = ot.emd2(ot.unif(20), ot.unif(33), ot.dist(x, y, "euclidean"))
    assert wasserstein(x, y) == pytest.approx(expected, rel=1e-9)
    assert wasserstein(x[:, :1], y[:, :1]) == wasserstein_1d(x[:, 0], y[:, 0])


def test_the_sliced_distance_is_that_of_pot_over_the_same_directions():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)), rng.normal(1, 1, size=(60, 5))
    directions = np.random.default_rng(3).normal(size=(64, 5))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    expected = ot.sliced_wasserstein_distance(x, y, p=2, projections=directions.T)
    assert sliced_wasserstein(x, y, 2, projections=64, seed=3) == pytest.approx(expected, rel=1e-9)


def test_the_sliced_distance_is_exact_on_the_line_seeded_and_at_most_the_whole():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 5)), rng.normal(1, 1, size=(40, 5))
    assert sliced_wasserstein(x[:, 0], y[:, 0], 2) == wasserstein_1d(x[:, 0], y[:, 0], 2)
    assert sliced_wasserstein(x, y) == sliced_wasserstein(x, y, seed=0)
    assert sliced_wasserstein(x, y) != sliced_wasserstein(x, y, seed=1)
    assert sliced_wasserstein(x, y) <= wasserstein(x, y)
    shift = np.array([3.0, 0, 4, 0, 0])
    found = sliced_wasserstein(x, x + shift, 2, projections=4000)
    assert found == pytest.approx(5 / math.sqrt(5), rel=0.03)


def test_the_floors_of_w_fall_as_the_docstring_says():
    def floor(count, dimension, distance):
        rng = np.random.default_rng(count)
        return np.mean([distance(*rng.normal(size=(2, count, dimension))) for _ in range(8)])

    on_line = floor(100, 1, wasserstein) / floor(1600, 1, wasserstein)
    assert on_line == pytest.approx(4, rel=0.3)
    in_six = floor(40, 6, wasserstein) / floor(320, 6, wasserstein)
    assert in_six == pytest.approx(8 ** (1 / 6), rel=0.15)
    sliced = floor(40, 6, sliced_wasserstein) / floor(640, 6, sliced_wasserstein)
    assert sliced == pytest.approx(4, rel=0.15)


def test_histograms_count_shares_in_common_bins():
    x, y = [0.1, 0.2, 0.9, 1.0], [0.0, 0.6]
    assert histogram_kl(x, y, 2) == pytest.approx(0)
    assert histogram_kl(y, x, np.int64(2)) == histogram_kl(y, x, 2)
    edges = (np.array([0.0, 0.25, 0.95, 1.0]),)
    p, q = np.array([0.5, 0.25, 0.25]), np.array([0.5, 0.5, 0])
    assert histogram_kl(x, y, edges) == math.inf
    assert histogram_kl(y, x, edges) == pytest.approx(0.5 * math.log(2))
    m = (p + q) / 2
    assert histogram_js(x, y, edges) == pytest.approx(
        (scipy.stats.entropy(p, m) + scipy.stats.entropy(q, m)) / 2
    )


def test_the_outermost_bins_reach_to_infinity():
    edges = (np.array([-1.0, 0.0, 1.0]),)
    assert histogram_js([-50.0, 0.5], [-0.5, 50.0], edges) == 0


def test_histograms_in_the_plane_are_those_of_numpy():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(500, 2)), rng.normal(0.5, 1, size=(400, 2))
    edges = (np.linspace(-5, 5, 6), np.linspace(-6, 6, 4))
    p, q = (np.histogramdd(z, edges)[0].ravel() / len(z) for z in (x, y))
    m = (p + q) / 2
    expected = (scipy.stats.entropy(p, m) + scipy.stats.entropy(q, m)) / 2
    assert histogram_js(x, y, edges) == pytest.approx(expected)
    assert 0 < histogram_js(x, y) < math.log(2)


def test_the_floors_of_histograms_are_those_of_the_docstring():
    rng = np.random.default_rng(0)
    edges = (np.linspace(0, 1, 21),)
    pairs = [(rng.uniform(size=2000), rng.uniform(size=3000)) for _ in range(60)]
    excess = 19 * (1 / 2000 + 1 / 3000)
    assert np.mean([histogram_js(*pair, edges) for pair in pairs]) == pytest.approx(
        excess / 8, rel=0.15
    )
    assert np.mean([histogram_kl(*pair, edges) for pair in pairs]) == pytest.approx(
        excess / 2, rel=0.15
    )


def test_points_apart_are_at_log_2():
    assert histogram_js([0.0, 0.1], [5.0, 5.1]) == pytest.approx(math.log(2))
    assert histogram_js([1.0], [1.0]) == 0


@pytest.mark.parametrize("distance", ALL)
@pytest.mark.parametrize(
    ("x", "y", "text"),
    [
        (
            [],
            [1.0],
            "x must have shape (N, D) or (N,) with at least one sample, and has shape (0,).",
        ),
        (
            [1.0],
            np.ones((2, 2, 2)),
            "y must have shape (N, D) or (N,) with at least one sample, and has shape (2, 2, 2).",
        ),
        ([1.0], [math.nan], "y must be finite, and holds NaN or infinity."),
        (
            np.ones((3, 2)),
            np.ones((3, 1)),
            "x and y must have as many coordinates: x has 2, and y has 1.",
        ),
    ],
)
def test_what_is_no_pair_of_samples_is_refused(distance, x, y, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        distance(x, y)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: wasserstein_1d(np.ones((2, 2)), np.ones((2, 2))),
            "x and y must lie on the line, and have 2 coordinates.",
        ),
        (lambda: wasserstein([1.0], [2.0], 0), "power must be a number of at least 1, and is 0."),
        (
            lambda: sliced_wasserstein([1.0], [2.0], projections=0),
            "projections must be at least 1, and is 0.",
        ),
        (
            lambda: histogram_js(np.ones((2, 3)), np.ones((2, 3))),
            "Histograms need 1 or 2 coordinates, and x and y have 3.",
        ),
        (
            lambda: histogram_js([1.0], [2.0], 0),
            "bins must be at least 1 on each axis, and their edges increase.",
        ),
        (
            lambda: histogram_js([1.0], [2.0], 2.5),
            "bins must be a whole number or edges along each axis, and is 2.5.",
        ),
        (
            lambda: histogram_js([1.0], [2.0], (np.array([1.0, 0.0]),)),
            "bins must be at least 1 on each axis, and their edges increase.",
        ),
        (
            lambda: histogram_js([1.0], [2.0], (np.arange(3), np.arange(3))),
            "bins must hold edges for each of 1 axes, and has 2.",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(call, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        call()
    assert str(caught.value) == text


def test_bins_are_counted_row_by_row_and_what_is_outside_has_the_last_number():
    edges = [np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 3.0, 4.0])]
    inside = [(0.0, 0.0), (0.5, 1.0), (0.5, 3.5), (1.0, 0.5), (2.0, 4.0)]
    outside = [(-0.1, 0.5), (2.1, 0.5), (0.5, -1.0), (0.5, math.inf)]
    numbers = bin_numbers(np.array([*inside, *outside]), edges)
    assert numbers.tolist() == [0, 1, 2, 3, 5, 6, 6, 6, 6]
    assert bin_numbers(np.array([[1.0]]), [np.ones(4)]).tolist() == [2]


@given(st.integers(0, 1000))
def test_counts_of_bins_are_those_of_numpy(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 9, (50, 2)) / 4
    edges = [np.array([0.25, 0.5, 1.5]), np.array([0.0, 1.0, 1.25, 2.0])]
    counts = np.bincount(bin_numbers(points, edges), minlength=7)
    np.testing.assert_array_equal(counts[:6], np.histogramdd(points, edges)[0].ravel())
    assert counts.sum() == 50
