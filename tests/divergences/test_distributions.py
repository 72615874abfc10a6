import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from gan_cli.divergences import Discrete, LineMixture, Normal, PlaneMixture, Uniform, from_modes

MIXTURE = LineMixture((0.3, 0.2, 0.5), (Normal(-1, 0.5), Uniform(3, 4), Normal(2, 1)))
DISTRIBUTIONS = [
    Normal(1, 2),
    Uniform(-1, 3),
    MIXTURE,
    LineMixture((0.5, 0.5), (MIXTURE, Normal(9, 0.1))),
    Discrete((0.2, 0.5, 0.3), (4.0, -1.0, 2.0)),
]
CONTINUOUS = DISTRIBUTIONS[:-1]
X = np.linspace(-3, 5, 41)


def test_normal_and_uniform_are_those_of_scipy():
    for ours, theirs in (
        (Normal(1, 2), scipy.stats.norm(1, 2)),
        (Uniform(-1, 3), scipy.stats.uniform(-1, 4)),
    ):
        np.testing.assert_allclose(ours.log_prob(X), theirs.logpdf(X), rtol=1e-14)
        np.testing.assert_allclose(ours.cdf(X), theirs.cdf(X), rtol=1e-13)
        u = np.array([1e-30, 0.2, 0.9])
        np.testing.assert_allclose(ours.quantile(u), theirs.ppf(u), rtol=1e-14)


def test_a_mixture_is_the_weighted_sum_of_its_parts():
    density = 0.3 * scipy.stats.norm.pdf(X, -1, 0.5) + 0.5 * scipy.stats.norm.pdf(X, 2, 1)
    density += 0.2 * ((X >= 3) & (X <= 4))
    np.testing.assert_allclose(np.exp(MIXTURE.log_prob(X)), density, rtol=1e-13)
    assert MIXTURE.support == ((-math.inf, math.inf),)
    assert MIXTURE.breaks == (3, 4)
    np.testing.assert_array_equal(MIXTURE.peaks, [[-1, 0.5], [2, 1]])


def test_a_mixture_of_uniforms_has_the_union_of_their_intervals():
    three = LineMixture((0.2, 0.3, 0.5), (Uniform(5, 6), Uniform(0, 2), Uniform(1, 3)))
    assert three.support == ((0, 3), (5, 6))
    assert three.log_prob(np.array([4.0])) == -math.inf
    assert three.quantile(np.array([0.0, 0.8, 1.0])) == pytest.approx([0, 3, 6])


def test_parts_without_weight_are_left_out():
    assert LineMixture((0, 1), (Uniform(0, 1), Normal(0, 1))).support == Normal(0, 1).support
    assert LineMixture((0, 1), (Normal(5, 1), Normal(0, 1))).parts == (Normal(0, 1),)


@pytest.mark.parametrize("distribution", CONTINUOUS)
def test_the_distribution_function_is_the_integral_of_the_density(distribution):
    ((low, high),) = distribution.box(1e-12)
    edges = [low, *distribution.breaks, 0.7]
    for a, b in zip(sorted(edges), sorted(edges)[1:], strict=False):
        mass, _ = scipy.integrate.quad(lambda x: np.exp(distribution.log_prob(x)), a, b)
        assert mass == pytest.approx(float(distribution.cdf(b) - distribution.cdf(a)), abs=1e-9)
    outside = distribution.cdf(low) + 1 - distribution.cdf(high)
    assert outside <= 1.01e-12


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_quantiles_are_the_least_points_that_reach_a_level(distribution):
    u = np.linspace(0.001, 0.999, 201)
    x = distribution.quantile(u)
    assert (distribution.cdf(x) >= u - 1e-12).all()
    assert (distribution.cdf(x - 1e-6) < u).all()


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_a_reflection_mirrors_the_distribution_function(distribution):
    x = np.linspace(-5, 5, 100)
    mirrored = 1 - distribution.reflected().cdf(-x)
    np.testing.assert_allclose(mirrored, distribution.cdf(x), atol=1e-15)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_samples_follow_the_distribution_and_the_seed(distribution):
    samples = distribution.sample(np.random.default_rng(0), 5000)
    np.testing.assert_array_equal(samples, distribution.sample(np.random.default_rng(0), 5000))
    places = np.unique(samples)
    empirical = np.searchsorted(np.sort(samples), places, side="right") / 5000
    assert np.abs(empirical - distribution.cdf(places)).max() < 1.95 / math.sqrt(5000)


def test_atoms_are_those_with_mass_in_order():
    points, masses = Discrete((0.5, 0, 0.5), (3.0, 2.0, 1.0)).atoms
    np.testing.assert_array_equal(points, [1, 3])
    np.testing.assert_array_equal(masses, [0.5, 0.5])
    assert Discrete((0.5, 0.5)).points == (0, 1)
    steps = Discrete((0.5, 0, 0.5), (3.0, 2.0, 1.0)).cdf(np.array([0.9, 1, 2, 3, 4]))
    np.testing.assert_array_equal(steps, [0, 0.5, 0.5, 1, 1])


def test_modes_make_a_mixture_of_their_dimension():
    assert from_modes([[0.0], [2.0]], [1.0, 0.5], [0.25, 0.75]) == LineMixture(
        (0.25, 0.75), (Normal(0, 1), Normal(2, 0.5))
    )
    plane = from_modes(np.array([[0.0, 1.0]]), np.array([0.1]), np.array([1.0]))
    assert plane == PlaneMixture(((0, 1),), (0.1,), (1,))
    with pytest.raises(
        ValueError, match=r"^The centres must have 1 or 2 coordinates, and have 3.$"
    ):
        from_modes([[0.0, 0.0, 0.0]], [1.0], [1.0])


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Normal(0, 0), "std must be above 0, and is 0."),
        (lambda: Normal(0, -1), "std must be above 0, and is -1."),
        (lambda: Normal(math.nan, 1), "mean must be at most 1e+50 in size, and is nan."),
        (lambda: Normal(0, math.inf), "std must be at most 1e+50 in size, and is inf."),
        (lambda: Uniform(1, 1), "low must be below high; they are 1 and 1."),
        (lambda: Uniform(0, math.inf), "high must be at most 1e+50 in size, and is inf."),
        (
            lambda: LineMixture((0.5, 0.4), (Normal(0, 1), Normal(1, 1))),
            "The sum of weights must be one, and is 0.9.",
        ),
        (
            lambda: LineMixture((1.5, -0.5), (Normal(0, 1), Normal(1, 1))),
            "weights must not be negative, and weights[1] is -0.5.",
        ),
        (
            lambda: LineMixture((1,), (Normal(0, 1), Normal(1, 1))),
            "A mixture needs as many weights as parts: 1 and 2.",
        ),
        (
            lambda: LineMixture((1,), (Discrete((1,)),)),
            "A mixture's parts must be normal, uniform or mixture, and one is discrete.",
        ),
        (lambda: Discrete((0.5,)), "The sum of probabilities must be one, and is 0.5."),
        (
            lambda: Discrete((0.5, 0.5), (1.0, 1.0)),
            "points must differ, and 1 is there twice.",
        ),
        (
            lambda: Discrete((0.5, 0.5), (1.0,)),
            "There must be a point for each probability: 1 points and 2 probabilities.",
        ),
        (
            lambda: Discrete((0.5, 0.5), (1.0, math.nan)),
            "points must be at most 1e+50 in size, and is [ 1. nan].",
        ),
    ],
)
def test_what_is_no_distribution_is_refused(make, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        make()
    assert str(caught.value) == text
