import math

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from gan_cli.divergences import Discrete, LineMixture, Normal, PlaneMixture, Uniform
from gan_cli.divergences.densities import js, kl, total_variation

LOG_2 = math.log(2)
ALL = (kl, js, total_variation)

normals = st.builds(Normal, st.floats(-5, 5), st.floats(0.05, 5))
uniforms = st.builds(lambda a, width: Uniform(a, a + width), st.floats(-5, 5), st.floats(0.1, 5))
parts = normals | uniforms
mixtures = st.builds(
    lambda w, a, b: LineMixture((w, 1 - w), (a, b)), st.floats(0.01, 0.99), parts, parts
)
densities = normals | uniforms | mixtures


def moved(p, scale, shift):
    """The distribution of scale x + shift."""
    match p:
        case Normal(mean, std):
            return Normal(scale * mean + shift, abs(scale) * std)
        case Uniform(low, high):
            return Uniform(*sorted((scale * low + shift, scale * high + shift)))
        case LineMixture(weights, parts):
            return LineMixture(weights, tuple(moved(part, scale, shift) for part in parts))


def holds(estimate, truth):
    """Whether the truth lies within the stated error, which is small."""
    assert abs(estimate.value - truth) <= estimate.error
    assert estimate.error <= 1e-10 * max(1, abs(truth))
    return True


@pytest.mark.parametrize(
    ("m", "s", "n", "t"), [(0, 1, 1, 2), (0, 1, 0, 0.1), (3, 0.2, -4, 1), (0, 1, 1e-3, 1)]
)
def test_kl_of_normals_has_its_closed_form(m, s, n, t):
    truth = math.log(t / s) + (s**2 + (m - n) ** 2) / (2 * t**2) - 0.5
    assert holds(kl(Normal(m, s), Normal(n, t)), truth)


@pytest.mark.parametrize("distance", [1e-3, 0.5, 3, 20])
def test_tv_of_shifted_normals_has_its_closed_form(distance):
    truth = 2 * ndtr(distance / 4) - 1
    assert holds(total_variation(Normal(1, 2), Normal(1 + distance, 2)), truth)


def test_tv_of_normals_of_different_width_is_that_between_their_crossings():
    edge = math.sqrt(2 * math.log(3) * 9 / 8)
    truth = (2 * ndtr(edge) - 1) - (2 * ndtr(edge / 3) - 1)
    assert holds(total_variation(Normal(0, 1), Normal(0, 3)), truth)


def test_uniforms_have_their_closed_forms():
    p, q = Uniform(0, 1), Uniform(-1, 3)
    assert holds(kl(p, q), math.log(4))
    assert kl(q, p) == (math.inf, 0)
    assert holds(total_variation(p, q), 0.75)
    assert holds(js(p, q), 0.5 * math.log(8 / 5) + 0.125 * math.log(2 / 5) + 0.375 * LOG_2)


def test_scales_far_apart_are_no_difficulty():
    p, q = Normal(0, 1), Normal(0, 1e-50)
    assert holds(js(p, q), LOG_2)
    assert holds(total_variation(p, q), 1)
    assert holds(kl(q, p), 50 * math.log(10) - 0.5)


def test_what_float64_loses_far_from_zero_is_in_the_error():
    p, q = Normal(1e6, 1e-5), Normal(1e6 + 1e-5, 1e-5)
    found = kl(p, q)
    assert 1e-6 < abs(found.value - 0.5) <= found.error < 1e-3


def test_of_disjoint_distributions_js_is_log_2():
    p, q = Uniform(0, 1), Uniform(1, 2)
    assert holds(js(p, q), LOG_2)
    assert holds(total_variation(p, q), 1)
    assert kl(p, q).value == math.inf
    far = Normal(0, 0.1), Normal(1e3, 0.1)
    assert holds(js(*far), LOG_2)
    assert holds(total_variation(*far), 1)


def test_kl_is_infinite_exactly_where_q_leaves_out_some_of_p():
    gap = LineMixture((0.5, 0.5), (Uniform(0, 1), Uniform(2, 3)))
    assert kl(Uniform(0, 3), gap).value == math.inf
    assert kl(Uniform(0.5, 2.5), gap).value == math.inf
    assert kl(Normal(0, 1), Uniform(-1e6, 1e6)).value == math.inf
    assert holds(kl(gap, Uniform(0, 3)), math.log(1.5))
    joined = LineMixture((0.5, 0.5), (Uniform(0, 1), Uniform(1, 3)))
    assert holds(kl(Uniform(0.5, 1.5), joined), 0.5 * math.log(2) + 0.5 * math.log(4))


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (LineMixture((0.3, 0.7), (Normal(-1, 0.5), Normal(2, 1))), Normal(0, 2)),
        (LineMixture((0.5, 0.5), (Normal(-3, 0.1), Uniform(1, 2))), Normal(0, 2)),
    ],
)
def test_mixtures_agree_with_scipy_split_at_every_break(p, q):
    def integral(function):
        edges = [-30, -3.5, -3.1, -3, -2.9, -2.5, -1, *p.breaks, 3, 5, 30]
        inside = zip(sorted(edges), sorted(edges)[1:], strict=False)
        return sum(scipy.integrate.quad(function, a, b, epsabs=1e-13)[0] for a, b in inside)

    def entropy(x):
        a, b = p.log_prob(x), q.log_prob(x)
        return float(np.exp(a) * (a - b)) if a > -math.inf else 0.0

    def halves(x):
        a, b = float(np.exp(p.log_prob(x))), float(np.exp(q.log_prob(x)))
        first = a * math.log(2 * a / (a + b)) if a else 0.0
        return (first + b * math.log(2 * b / (a + b))) / 2

    assert kl(p, q).value == pytest.approx(integral(entropy), abs=1e-9)
    assert js(p, q).value == pytest.approx(integral(halves), abs=1e-9)


@given(densities, densities)
def test_none_is_negative_and_those_that_are_bounded_stay_so(p, q):
    assert kl(p, q).value >= 0
    assert 0 <= js(p, q).value <= LOG_2
    assert 0 <= total_variation(p, q).value <= 1


@given(densities)
def test_each_is_zero_for_equal_distributions(p):
    for divergence in ALL:
        assert divergence(p, p).value == 0
        split = divergence(p, LineMixture((0.25, 0.75), (p, p)))
        assert split.value <= 1e-14
        assert split.error <= 1e-12


@given(densities, densities)
def test_js_and_tv_are_symmetric(p, q):
    for divergence in (js, total_variation):
        one, other = divergence(p, q), divergence(q, p)
        assert abs(one.value - other.value) <= one.error + other.error


@given(densities, densities)
def test_js_is_by_its_definition_through_kl_to_the_mixture(p, q):
    m = LineMixture((0.5, 0.5), (p, q))
    first, second, whole = kl(p, m), kl(q, m), js(p, q)
    gap = abs(whole.value - (first.value + second.value) / 2)
    assert gap <= whole.error + first.error + second.error


@given(densities, densities, st.sampled_from([-1, 2, -0.01, 1e4]), st.floats(-3, 3))
def test_an_affine_map_changes_nothing(p, q, scale, shift):
    for divergence in ALL:
        before = divergence(p, q)
        after = divergence(moved(p, scale, shift), moved(q, scale, shift))
        if before.value < math.inf:
            assert after.value == pytest.approx(before.value, rel=1e-9, abs=1e-10)


@given(normals | mixtures, normals)
def test_pinsker(p, q):
    divergence = kl(p, q)
    assert (
        total_variation(p, q).value <= math.sqrt((divergence.value + divergence.error) / 2) + 1e-9
    )


def plane(*modes):
    centres, std, weights = zip(*modes, strict=True)
    return PlaneMixture(centres, std, weights)


def test_the_plane_has_the_closed_forms_of_normals():
    p, q = plane(((0, 0), 1, 1)), plane(((1, 2), 1.5, 1))
    truth = 2 * math.log(1.5) + (2 + 5) / (2 * 2.25) - 1
    found = kl(p, q)
    assert abs(found.value - truth) <= found.error <= 1e-4
    shifted = plane(((3, 4), 1, 1))
    found = total_variation(p, shifted)
    assert abs(found.value - (2 * ndtr(2.5) - 1)) <= found.error <= 1e-4


def test_narrow_modes_in_the_plane_are_found():
    centres = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    all_nine = plane(*[(c, 0.01, 1 / 9) for c in centres])
    one_less = plane(*[(c, 0.01, 1 / 8) for c in centres[1:]])
    found = total_variation(all_nine, one_less)
    assert abs(found.value - 1 / 9) <= found.error <= 1e-4
    found = js(all_nine, one_less)
    m = (1 / 9 + 1 / 8) / 2
    truth = (1 / 9 * LOG_2 + 8 / 9 * math.log(1 / 9 / m) + math.log(1 / 8 / m)) / 2
    assert abs(found.value - truth) <= found.error <= 1e-4
    found = kl(one_less, all_nine)
    assert abs(found.value - math.log(9 / 8)) <= found.error <= 1e-4


@pytest.mark.parametrize("divergence", ALL)
def test_a_line_and_a_plane_are_no_pair(divergence):
    with pytest.raises(ValueError, match=r"p has 1, and q has 2\.$") as caught:
        divergence(Normal(0, 1), plane(((0, 0), 1, 1)))
    assert str(caught.value) == "p and q must have as many coordinates: p has 1, and q has 2."


def test_a_distribution_of_ones_own_will_do():
    class Laplace:
        dimension = 1
        support = ((-math.inf, math.inf),)
        breaks = (0.0,)
        peaks = np.array([[0.0, 1.0]])

        def log_prob(self, x):
            return -np.abs(x) - LOG_2

        def box(self, outside):
            return np.log(outside) * np.array([[1.0, -1.0]])

    truth = -1 - LOG_2 + 0.5 * math.log(2 * math.pi) + 1
    assert holds(kl(Laplace(), Normal(0, 1)), truth)


def test_atoms_have_no_density():
    assert not hasattr(Discrete((1,)), "log_prob")
