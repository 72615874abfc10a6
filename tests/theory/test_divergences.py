"""The terms of KL and JS: they come to the divergences, and are infinite where KL is."""

import numpy as np
import pytest
import scipy.stats

from gan_cli.divergences import Discrete, LineMixture, Normal, Uniform, compare
from gan_cli.divergences.distributions import OnLine
from gan_cli.theory.divergences import (
    CELLS,
    divergences,
    interval,
    logarithms,
    terms,
    weights,
)

NORMAL, OTHER = Normal(0.0, 1.0), Normal(1.5, 0.02)
TWO = LineMixture((0.3, 0.7), (Normal(-1.0, 0.5), Normal(2.0, 1.0)))


@pytest.mark.parametrize("pair", [(NORMAL, TWO), (NORMAL, Normal(0.5, 2.0)), (OTHER, TWO)])
def test_areas_are_the_divergences(pair: tuple[OnLine, OnLine]) -> None:
    ends = interval(*pair)
    made_of = terms(*pair, ends)
    known = compare(*pair)
    for name in ("kl_pq", "js", "squared_hellinger"):
        area = np.trapezoid(made_of[name].y, made_of[name].x)
        np.testing.assert_allclose(area, known[name].value, rtol=2e-3)


def test_sums_are_the_divergences_of_discrete_distributions() -> None:
    p, q = Discrete((0.5, 0.3, 0.2), (0.0, 1.0, 4.0)), Discrete((0.1, 0.2, 0.7), (4.0, 1.0, 0.0))
    made_of = terms(p, q, interval(p, q))
    assert list(made_of)[:3] == ["kl_pq", "kl_qp", "js"]
    for term in made_of.values():
        assert term.discrete
        np.testing.assert_array_equal(term.x, [0, 1, 4])
    a, b = [0.5, 0.3, 0.2], [0.7, 0.2, 0.1]
    np.testing.assert_allclose(made_of["kl_pq"].y.sum(), scipy.stats.entropy(a, b))
    np.testing.assert_allclose(made_of["kl_qp"].y.sum(), scipy.stats.entropy(b, a))
    np.testing.assert_allclose(made_of["js"].y.sum(), compare(p, q)["js"].value)


def test_a_term_is_infinite_just_where_the_other_has_no_density() -> None:
    p, q = Uniform(0.0, 1.0), Uniform(0.5, 2.0)
    made_of = terms(p, q, interval(p, q))
    x, kl_pq, _ = made_of["kl_pq"]
    np.testing.assert_array_equal(np.isposinf(kl_pq), (x >= 0) & (x < 0.5))
    assert np.isfinite(made_of["js"].y).all()


def test_a_term_is_finite_where_a_density_is_too_small_for_a_float() -> None:
    p, q = Normal(0.0, 0.001), Uniform(-3.0, 3.0)
    kl_qp = terms(p, q, interval(p, q))["kl_qp"].y
    assert np.isfinite(kl_qp).all()
    np.testing.assert_allclose(kl_qp.max(), 9e6 / 2 / 6, rtol=0.01)


def test_a_density_and_masses_have_no_terms() -> None:
    assert terms(NORMAL, Discrete((0.5, 0.5)), (-3, 3)) == {}


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


def test_a_comparison_holds_both_directions_and_what_is_drawn() -> None:
    found = divergences(NORMAL, TWO)
    assert found.there == compare(NORMAL, TWO)
    assert found.back["kl_pq"] == found.there["kl_qp"]
    assert found.ends == interval(NORMAL, TWO)
    np.testing.assert_allclose(found.pair[1].y.max(), np.exp(TWO.log_prob(found.pair[1].x)).max())
    assert found.transport.mass.shape == (CELLS, CELLS)
    np.testing.assert_allclose(found.transport.mass.sum(), 1)


def test_the_logarithm_is_known_of_what_is_finite_and_float64_does_not_hold() -> None:
    far, wide = Normal(40.0, 1.0), Normal(100.0, 2.0)
    assert logarithms(NORMAL, far, compare(NORMAL, far)) == pytest.approx(
        {"pearson": 1600, "neyman": 1600}
    )
    assert list(logarithms(NORMAL, wide, compare(NORMAL, wide))) == ["pearson"]
    assert logarithms(NORMAL, TWO, compare(NORMAL, TWO)) == {}
