"""The terms of KL and JS: they come to the divergences, and are infinite where KL is."""

import numpy as np
import pytest
import scipy.stats

from gan_cli.divergences import Discrete, Mixture, Normal, Uniform, compare
from gan_cli.theory.pointwise import OnLine, integrands, interval, weights

NORMAL, OTHER = Normal(0.0, 1.0), Normal(1.5, 0.02)
TWO = Mixture((0.3, 0.7), (Normal(-1.0, 0.5), Normal(2.0, 1.0)))


@pytest.mark.parametrize("pair", [(NORMAL, TWO), (NORMAL, Normal(0.5, 2.0)), (OTHER, TWO)])
def test_areas_are_the_divergences(pair: tuple[OnLine, OnLine]) -> None:
    ends = interval(*pair)
    terms = integrands(*pair, ends)
    assert terms is not None
    known = compare(*pair)
    for name in ("kl_pq", "js"):
        area = np.trapezoid(getattr(terms, name), terms.x)
        np.testing.assert_allclose(area, known[name].value, rtol=2e-3)


def test_sums_are_the_divergences_of_discrete_distributions() -> None:
    p, q = Discrete((0.5, 0.3, 0.2), (0.0, 1.0, 4.0)), Discrete((0.1, 0.2, 0.7), (4.0, 1.0, 0.0))
    terms = integrands(p, q, interval(p, q))
    assert terms is not None
    assert terms.discrete
    np.testing.assert_array_equal(terms.x, [0, 1, 4])
    a, b = [0.5, 0.3, 0.2], [0.7, 0.2, 0.1]
    np.testing.assert_allclose(terms.kl_pq.sum(), scipy.stats.entropy(a, b))
    np.testing.assert_allclose(terms.kl_qp.sum(), scipy.stats.entropy(b, a))
    np.testing.assert_allclose(terms.js.sum(), compare(p, q)["js"].value)


def test_a_term_is_infinite_just_where_the_other_has_no_density() -> None:
    p, q = Uniform(0.0, 1.0), Uniform(0.5, 2.0)
    terms = integrands(p, q, interval(p, q))
    assert terms is not None
    alone = (terms.x >= 0) & (terms.x < 0.5)
    np.testing.assert_array_equal(np.isposinf(terms.kl_pq), alone)
    assert np.isfinite(terms.js).all()


def test_a_term_is_finite_where_a_density_is_too_small_for_a_float() -> None:
    p, q = Normal(0.0, 0.001), Uniform(-3.0, 3.0)
    terms = integrands(p, q, interval(p, q))
    assert terms is not None
    assert np.isfinite(terms.kl_qp).all()
    np.testing.assert_allclose(terms.kl_qp.max(), 9e6 / 2 / 6, rtol=0.01)


def test_a_density_and_masses_have_no_terms() -> None:
    assert integrands(NORMAL, Discrete((0.5, 0.5)), (-3, 3)) is None


def test_a_narrow_peak_is_seen_between_wide_ones() -> None:
    x, density, discrete = weights(OTHER, (-1000.0, 1000.0))
    assert not discrete
    np.testing.assert_allclose(density.max(), 1 / (0.02 * np.sqrt(2 * np.pi)), rtol=1e-9)
    np.testing.assert_allclose(np.trapezoid(density, x), 1, rtol=2e-3)


def test_masses_are_drawn_as_they_are() -> None:
    x, mass, discrete = weights(Discrete((0.2, 0.8), (3.0, 1.0)), (0.0, 4.0))
    assert discrete
    np.testing.assert_allclose([x, mass], [[1, 3], [0.8, 0.2]])


@pytest.mark.parametrize("pair", [(NORMAL, TWO), (Discrete((1.0,)), Discrete((1.0,)))])
def test_the_interval_shows_both(pair: tuple[OnLine, OnLine]) -> None:
    low, high = interval(*pair)
    assert low < high
    for each in pair:
        assert each.cdf(np.array([high])) - each.cdf(np.array([low])) > 0.9999
