"""Hellinger, chi^2, triangular discrimination and Fisher, against closed forms and SciPy's quad."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad

from gan_cli.divergences import LineMixture, Normal, PlaneMixture, Uniform, densities, vectors

P, Q = np.array([0.5, 0.5]), np.array([0.1, 0.9])
INTEGRANDS = {
    "squared_hellinger": lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2,
    "chi_squared": lambda p, q: (p - q) ** 2 / q,
    "triangular_discrimination": lambda p, q: (p - q) ** 2 / (p + q),
}
ROOTED = {"fisher": lambda p, q: 2 * (p - q) ** 2 / (p + q)}


@pytest.mark.parametrize(
    ("name", "masses", "normals"),
    [
        ("squared_hellinger", 0.2111456, 0.2350062),
        ("chi_squared", 1.7777778, 1.7182818),
        ("fisher", 0.8728716, 0.9034473),
        ("triangular_discrimination", 0.3809524, 0.4081085),
    ],
)
def test_the_numbers_of_the_catalogue(name, masses, normals):
    assert getattr(vectors, name)(P, Q) == pytest.approx(masses, abs=6e-8)
    value, error = getattr(densities, name)(Normal(0, 1), Normal(1, 1))
    assert value == pytest.approx(normals, abs=6e-8)
    assert 0 <= error < 1e-12


def test_neyman_is_pearson_the_other_way():
    assert vectors.chi_squared(Q, P) == pytest.approx(0.64)
    one, other = Normal(0, 1), Normal(0, 0.8)
    assert densities.chi_squared(one, other).value != densities.chi_squared(other, one).value


@pytest.mark.parametrize("name", [*INTEGRANDS, *ROOTED])
def test_the_quadrature_of_scipy_agrees(name):
    p = LineMixture((0.4, 0.6), (Normal(-1, 0.5), Normal(1, 0.8)))
    q = LineMixture((0.5, 0.5), (Normal(0, 1), Uniform(-2, 3)))
    function = (INTEGRANDS | ROOTED)[name]

    def integrand(x):
        at = np.array(x)
        return function(np.exp(p.log_prob(at)), np.exp(q.log_prob(at)))

    expected, _ = quad(integrand, -8, 8, points=[-2, 3], limit=400, epsabs=1e-12)
    expected = math.sqrt(expected) if name in ROOTED else expected
    value, error = getattr(densities, name)(p, q)
    assert abs(value - expected) <= error + 1e-9
    plain = function(P, Q).sum()
    expected = math.sqrt(plain) if name in ROOTED else plain
    assert getattr(vectors, name)(P, Q) == pytest.approx(expected)


@pytest.mark.parametrize(("std", "shift"), [(0.5, 3.0), (1.0, 2.0), (1.3, 0.5), (1.41, 0.5)])
def test_chi_squared_of_normals_has_its_closed_form(std, shift):
    """1 + chi^2 = s^-2 v exp(shift^2 / (2 - s^2)) for N(shift, s^2) and N(0, 1), v^2 = 1/(2/s^2-1).

    Towards s = sqrt 2 the integrand is far wider than either density.
    """
    width = (2 / std**2 - 1) ** -0.5
    expected = width / std**2 * math.exp(shift**2 / (2 - std**2)) - 1
    value, error = densities.chi_squared(Normal(shift, std), Normal(0, 1))
    assert value == pytest.approx(expected, rel=1e-9)
    assert error < 1e-8 * value


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Normal(0, math.sqrt(2)), Normal(0, 1)),
        (Normal(1, 2), Normal(0, 1)),
        (Normal(0, 1), Uniform(0, 1)),
        (Uniform(0, 2), Uniform(0, 1)),
        (Normal(0, 1), Normal(1e3, 1)),
        (PlaneMixture(((0, 0),), (2,), (1,)), PlaneMixture(((0, 0),), (1,), (1,))),
    ],
)
def test_chi_squared_is_infinite_where_its_integral_is(p, q):
    assert densities.chi_squared(p, q) == (math.inf, 0)


def test_the_plane_is_a_product_of_lines():
    p = PlaneMixture(((0, 0),), (1,), (1,))
    q = PlaneMixture(((1, 0),), (1,), (1,))
    for name in ("squared_hellinger", "chi_squared", "triangular_discrimination", "fisher"):
        value, error = getattr(densities, name)(p, q)
        on_line = getattr(densities, name)(Normal(0, 1), Normal(1, 1)).value
        assert abs(value - on_line) <= error + 1e-12


def test_masses_without_overlap_are_as_far_apart_as_can_be():
    p, q = [1.0, 0.0], [0.0, 1.0]
    assert vectors.squared_hellinger(p, q) == 2
    assert vectors.fisher(p, q) == 2
    assert vectors.triangular_discrimination(p, q) == 2
    assert vectors.chi_squared(p, q) == math.inf
    assert vectors.chi_squared([1.0, 0.0], [0.5, 0.5]) == 1
    assert vectors.relativistic(p, q) == pytest.approx(math.log(2))


def test_fisher_is_the_most_that_a_critic_gets():
    p, q = np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])
    for f in [(p - q) / (p + q), *np.random.default_rng(0).normal(size=(20, 3))]:
        gain = f @ (p - q) / math.sqrt((p + q) @ f**2 / 2)
        assert gain <= vectors.fisher(p, q) + 1e-12
    best = (p - q) / (p + q)
    assert best @ (p - q) / math.sqrt((p + q) @ best**2 / 2) == pytest.approx(vectors.fisher(p, q))


def test_what_is_no_matrix_of_distances_is_one_sentence():
    with pytest.raises(ValueError, match=r"^The distances must have shape \(2, 2\), not \(3, 3\)"):
        vectors.energy(P, Q, np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"^The kernel must be finite, without NaN\.$"):
        vectors.mmd(P, Q, np.full((2, 2), np.nan))
    x = np.array([0.0, 1.0])
    line = stats.energy_distance(x, x, P, Q) ** 2
    assert vectors.energy(P, Q, np.abs(x[:, None] - x)) == pytest.approx(line)
