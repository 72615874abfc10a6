import numpy as np
import ot
import pytest

from gan_cli.divergences.couplings import line_distance, linear_program, on_line


@pytest.fixture
def points():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=7), rng.normal(1, 2, size=5)
    p, q = rng.dirichlet(np.ones(7)), rng.dirichlet(np.ones(5))
    return x, p, y, q


def test_the_coupling_on_the_line_has_the_marginals_and_crosses_nowhere(points):
    x, p, y, q = points
    matrix = on_line(*points)
    np.testing.assert_allclose(matrix.sum(axis=1), p, atol=1e-15)
    np.testing.assert_allclose(matrix.sum(axis=0), q, atol=1e-15)
    source, target = np.nonzero(matrix[np.argsort(x)][:, np.argsort(y)])
    assert (np.diff(source) >= 0).all()
    assert (np.diff(target) >= 0).all()
    assert len(source) <= 7 + 5 - 1


@pytest.mark.parametrize("power", [1, 1.5, 2, 4])
def test_all_couplings_cost_what_pot_says(points, power):
    x, p, y, q = points
    cost = np.abs(x[:, None] - y) ** power
    expected = ot.emd2(p, q, cost)
    assert np.sum(on_line(x, p, y, q) * cost) == pytest.approx(expected, rel=1e-12)
    assert np.sum(linear_program(p, q, cost) * cost) == pytest.approx(expected, rel=1e-12)
    assert line_distance(x, p, y, q, power) ** power == pytest.approx(expected, rel=1e-12)
    one_dimensional = ot.emd2_1d(x, y, p, q, metric="minkowski", p=power)
    assert line_distance(x, p, y, q, power) ** power == pytest.approx(one_dimensional, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-200, 1e-9, 1e200])
def test_a_distance_on_the_line_scales_without_overflow(points, scale):
    x, p, y, q = points
    found = line_distance(scale * x, p, scale * y, q, 2)
    assert found == pytest.approx(scale * line_distance(*points, 2), rel=1e-12)


def test_many_points_come_to_their_optimum():
    rng = np.random.default_rng(1)
    x, y = np.sort(rng.normal(size=(2, 400)))
    equal = np.full(400, 1 / 400)
    coupling = linear_program(equal, equal, (x[:, None] - y) ** 2)
    assert np.sum(coupling * (x[:, None] - y) ** 2) == pytest.approx(np.mean((x - y) ** 2))
