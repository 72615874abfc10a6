import itertools
import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from gan_cli.divergences import Discrete, LineMixture, Normal, Uniform
from gan_cli.divergences.transport import between_cdfs, between_quantiles

normals = st.builds(Normal, st.floats(-5, 5), st.floats(0.05, 5))
uniforms = st.builds(lambda a, width: Uniform(a, a + width), st.floats(-5, 5), st.floats(0.1, 5))
parts = normals | uniforms
mixtures = st.builds(
    lambda w, a, b: LineMixture((w, 1 - w), (a, b)), st.floats(0.01, 0.99), parts, parts
)
densities = normals | uniforms | mixtures


@pytest.mark.parametrize(
    ("m", "s", "n", "t"),
    [(0, 1, 3, 1), (0, 1, 0, 2), (1, 0.5, -2, 3), (0, 1, 1e-6, 1), (0, 1, 0, 1e-6), (1e3, 1, 0, 1)],
)
def test_w2_of_normals_has_its_closed_form(m, s, n, t):
    found = between_quantiles(Normal(m, s), Normal(n, t), 2)
    assert abs(found.value - math.hypot(m - n, s - t)) <= found.error <= 1e-10


@pytest.mark.parametrize("power", [1, 1.5, 2, 3])
def test_a_shift_costs_its_length(power):
    p = LineMixture((0.3, 0.7), (Normal(-1, 0.5), Uniform(2, 3)))
    q = LineMixture((0.3, 0.7), (Normal(1.5, 0.5), Uniform(4.5, 5.5)))
    found = between_quantiles(p, q, power)
    assert abs(found.value - 2.5) <= found.error <= 1e-10
    found = between_cdfs(p, q)
    assert abs(found.value - 2.5) <= found.error <= 1e-10


def test_uniforms_have_their_closed_forms():
    p, q = Uniform(0, 1), Uniform(0, 3)
    assert between_cdfs(p, q).value == pytest.approx(1, abs=1e-13)
    for power in (2, 3):
        truth = (2**power / (power + 1)) ** (1 / power)
        assert between_quantiles(p, q, power).value == pytest.approx(truth, abs=1e-13)


def test_w1_of_centred_normals_is_the_difference_of_their_mean_sizes():
    found = between_cdfs(Normal(2, 1), Normal(2, 4))
    assert abs(found.value - 3 * math.sqrt(2 / math.pi)) <= found.error <= 1e-10


def test_atoms_against_a_density():
    p, q = Uniform(0, 1), Discrete((0.5, 0.5), (0.0, 1.0))
    assert between_cdfs(p, q).value == pytest.approx(0.25, abs=1e-13)
    assert between_quantiles(p, q, 2).value == pytest.approx(math.sqrt(1 / 12), abs=1e-13)
    point = Discrete((1,), (3.0,))
    found = between_quantiles(Normal(1, 2), point, 2)
    assert abs(found.value - math.sqrt(8)) <= found.error <= 1e-10


def test_w1_agrees_with_scipy():
    p = LineMixture((0.3, 0.7), (Normal(-1, 0.5), Normal(2, 1)))
    q = Normal(0, 2)
    edges = np.linspace(-25, 25, 501)
    truth = sum(
        scipy.integrate.quad(lambda x: abs(float(p.cdf(x) - q.cdf(x))), a, b)[0]
        for a, b in itertools.pairwise(edges)
    )
    assert between_cdfs(p, q).value == pytest.approx(truth, abs=1e-8)


@pytest.mark.parametrize("power", [2, 3])
def test_wp_agrees_with_the_mean_over_many_quantiles(power):
    p = LineMixture((0.3, 0.7), (Normal(-1, 0.5), Normal(2, 1)))
    q = LineMixture((0.6, 0.4), (Uniform(-1, 0), Normal(3, 0.1)))
    u = (np.arange(50_000) + 0.5) / 50_000
    truth = np.mean(np.abs(p.quantile(u) - q.quantile(u)) ** power) ** (1 / power)
    assert between_quantiles(p, q, power).value == pytest.approx(truth, rel=1e-3)


@pytest.mark.parametrize("scale", [1e-49, 1e49])
def test_powers_that_no_float_holds_do_not_matter(scale):
    found = between_quantiles(Normal(0, scale), Normal(0, 3 * scale), 7)
    truth = 2 * scale * (48 * math.sqrt(2 / math.pi)) ** (1 / 7)
    assert found.value == pytest.approx(truth, rel=1e-12)


@given(densities, densities)
def test_both_formulas_for_w1_agree(p, q):
    one, other, swapped = between_cdfs(p, q), between_quantiles(p, q, 1), between_quantiles(q, p, 1)
    assert abs(one.value - other.value) <= one.error + other.error
    assert abs(one.value - swapped.value) <= one.error + swapped.error
    assert max(one.error, other.error) < 1e-9


@given(densities, densities, densities, st.sampled_from([1, 2]))
def test_the_triangle_inequality(p, q, r, power):
    pq, qr, pr = (between_quantiles(a, b, power) for a, b in ((p, q), (q, r), (p, r)))
    assert pr.value <= pq.value + qr.value + pq.error + qr.error + pr.error


@given(densities, densities)
def test_w_grows_with_its_power_and_w1_is_at_least_the_shift_of_the_mean(p, q):
    first, second = between_quantiles(p, q, 1), between_quantiles(p, q, 2)
    assert first.value <= second.value + first.error + second.error
    assert first.value + 1e-9 >= abs(mean(p) - mean(q))


def mean(p):
    match p:
        case Normal(centre, _):
            return centre
        case Uniform(low, high):
            return (low + high) / 2
        case LineMixture(weights, parts):
            return sum(w * mean(part) for w, part in zip(weights, parts, strict=True))


@given(densities, st.sampled_from([1, 2, 3]))
def test_one_distribution_told_in_two_ways_is_at_distance_zero(p, power):
    found = between_quantiles(p, LineMixture((0.25, 0.75), (p, p)), power)
    assert found.value <= found.error <= 1e-9
