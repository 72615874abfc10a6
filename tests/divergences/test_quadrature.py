import math

import numpy as np
import pytest
import scipy.integrate

from gan_cli.divergences.quadrature import PANEL, REACH, cells, integrate

NO_PEAKS = np.empty((0, 2))


def integral(function, low, high, breaks=(), peaks=NO_PEAKS, tolerance=1e-12):
    parts = cells(np.array([[low, high]]), breaks, peaks)
    return integrate(lambda x: function(x[:, 0]), parts, tolerance)


def test_cells_fill_the_box_break_where_told_and_are_narrow_at_a_peak():
    peaks = np.array([[0.3, 1e-3], [5.0, 0.1]])
    parts = cells(np.array([[-10.0, 30.0]]), [1.0, 2.0, 99.0], peaks)[:, 0]
    parts = parts[np.argsort(parts[:, 0])]
    assert parts[0, 0] == -10
    assert parts[-1, 1] == 30
    np.testing.assert_array_equal(parts[1:, 0], parts[:-1, 1])
    assert {1.0, 2.0} <= set(parts[:, 0])
    for centre, width in peaks:
        within = (parts[:, 0] < centre + REACH * width) & (parts[:, 1] > centre - REACH * width)
        assert np.diff(parts[within], axis=1).max() <= PANEL * width
    assert len(parts) < 100


def test_cells_in_the_plane_fill_the_box():
    peaks = np.array([[0.2, 0.3, 0.01], [-1.0, 1.0, 0.05]])
    parts = cells(np.array([[-2.0, 2.0], [-1.0, 3.0]]), [], peaks)
    assert np.diff(parts, axis=2).prod(axis=1).sum() == pytest.approx(16)
    at_peak = (np.abs(parts.mean(axis=2) - peaks[0, :2]) < 0.01).all(axis=1)
    assert np.diff(parts[at_peak], axis=2).max() <= PANEL * 0.01


@pytest.mark.parametrize(
    ("function", "low", "high", "truth"),
    [
        (np.cos, 0, 1, math.sin(1)),
        (lambda x: np.abs(x - 1 / 3), 0, 1, 5 / 18),
        (lambda x: (x > math.pi / 4).astype(float), 0, 1, 1 - math.pi / 4),
        (np.sqrt, 0, 1, 2 / 3),
        (lambda x: 1 / np.sqrt(1e-6 + x), 0, 1, 2 * (math.sqrt(1 + 1e-6) - 1e-3)),
        (lambda x: np.abs(np.sin(20 * x)), 0, math.pi, 2),
        (lambda x: 1e6 * np.cos(x), 0, 1, 1e6 * math.sin(1)),
    ],
)
def test_the_truth_lies_within_the_stated_error(function, low, high, truth):
    value, error = integral(function, low, high)
    assert abs(value - truth) <= error
    assert error <= 2e-12 * max(1, abs(truth))


def test_a_narrow_peak_is_found_where_it_is_told():
    value, error = integral(
        lambda x: np.exp(-0.5 * ((x - 0.7) / 1e-9) ** 2),
        -1e3,
        1e3,
        peaks=np.array([[0.7, 1e-9]]),
        tolerance=1e-20,
    )
    assert value == pytest.approx(1e-9 * math.sqrt(2 * math.pi), rel=1e-12)
    assert error < 1e-19


def test_the_plane_agrees_with_scipy():
    def function(x, y):
        return np.abs(x - y) * np.exp(x * y)

    parts = cells(np.array([[0.0, 1.0], [0.0, 2.0]]), [], np.empty((0, 3)))
    value, error = integrate(lambda x: function(x[:, 0], x[:, 1]), parts, 1e-5)
    below, _ = scipy.integrate.dblquad(lambda y, x: function(x, y), 0, 1, 0, lambda x: x)
    above, _ = scipy.integrate.dblquad(lambda y, x: function(x, y), 0, 1, lambda x: x, 2)
    assert abs(value - (below + above)) <= error <= 2e-5


def test_what_cannot_be_reached_is_stated():
    noise = np.random.default_rng(0)
    value, error = integral(lambda x: noise.uniform(size=len(x)), 0, 1)
    assert error > 1e-3
    assert value == pytest.approx(0.5, abs=0.1)
