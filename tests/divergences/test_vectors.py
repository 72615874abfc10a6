import math
import subprocess
import sys

import numpy as np
import pytest
import scipy.optimize
import scipy.spatial.distance
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from gan_cli.divergences import js, kl, total_variation, transport_plan, wasserstein
from gan_cli.divergences.terms import js_terms, kl_terms

LOG_2 = math.log(2)


def vectors(count, least=0.0):
    masses = st.floats(1e-6, 1) | st.floats(least, 1) | st.just(least)
    drawn = st.lists(masses, min_size=count, max_size=count).filter(lambda v: sum(v) > 1e-3)
    return drawn.map(lambda v: np.array(v) / np.sum(v))


def several(count, **options):
    size = st.integers(1, 8)
    return size.flatmap(lambda n: st.tuples(*[vectors(n, **options)] * count))


places = st.lists(st.floats(-100, 100), min_size=4, max_size=4).map(np.array)


def line_cost(x, y, power=1):
    return np.abs(x[:, None] - y[None]) ** power


@given(several(2))
def test_kl_js_and_tv_agree_with_scipy(pair):
    p, q = pair
    assert kl(p, q) == pytest.approx(scipy.stats.entropy(p, q), abs=1e-14)
    m = (p + q) / 2
    reference = (scipy.stats.entropy(p, m) + scipy.stats.entropy(q, m)) / 2
    assert js(p, q) == pytest.approx(reference, rel=1e-9, abs=1e-14)
    assert total_variation(p, q) == pytest.approx(np.maximum(p - q, 0).sum(), abs=1e-15)


@given(several(2))
def test_none_is_negative_and_those_that_are_bounded_stay_so(pair):
    p, q = pair
    assert kl(p, q) >= 0
    assert 0 <= js(p, q) <= LOG_2
    assert 0 <= total_variation(p, q) <= 1


@given(several(2))
def test_each_is_zero_exactly_when_the_vectors_are_equal(pair):
    p, q = pair
    for divergence in (kl, js, total_variation):
        assert divergence(p, p) == 0
    if np.abs(p - q).max() > 1e-6:
        for divergence in (kl, js, total_variation):
            assert divergence(p, q) > 0


@given(several(2))
def test_js_and_tv_are_symmetric(pair):
    p, q = pair
    assert js(p, q) == pytest.approx(js(q, p), rel=1e-13, abs=1e-16)
    assert total_variation(p, q) == total_variation(q, p)


def test_kl_is_not_symmetric():
    assert kl([0.9, 0.1], [0.5, 0.5]) == pytest.approx(0.9 * math.log(1.8) + 0.1 * math.log(0.2))
    assert kl([0.5, 0.5], [0.9, 0.1]) == pytest.approx(0.5 * math.log(0.25 / 0.09))


@given(several(2))
def test_js_is_by_its_definition_through_kl_to_the_mixture(pair):
    p, q = pair
    m = (p + q) / 2
    assert js(p, q) == pytest.approx(kl(p, m) / 2 + kl(q, m) / 2, abs=1e-14)


@given(several(2), st.randoms(use_true_random=False))
def test_a_permutation_changes_nothing(pair, random):
    p, q = pair
    order = random.sample(range(len(p)), len(p))
    for divergence in (kl, js, total_variation):
        assert divergence(p[order], q[order]) == pytest.approx(divergence(p, q), rel=1e-12)


@given(several(3, least=1e-3))
def test_pinsker_and_the_triangles_of_tv_and_root_js(three):
    p, q, r = three
    assert total_variation(p, q) <= math.sqrt(kl(p, q) / 2) + 1e-12
    assert total_variation(p, r) <= total_variation(p, q) + total_variation(q, r) + 1e-12
    assert math.sqrt(js(p, r)) <= math.sqrt(js(p, q)) + math.sqrt(js(q, r)) + 1e-7


def test_where_supports_differ():
    assert kl([0.5, 0.5], [1, 0]) == math.inf
    assert kl([1, 0], [0.5, 0.5]) == pytest.approx(LOG_2)
    assert js([1, 0], [0, 1]) == pytest.approx(LOG_2)
    assert total_variation([1, 0], [0, 1]) == 1
    assert kl([1, 0], [1, 0]) == 0


def test_the_smallest_floats_are_no_zeros():
    tiny = 5e-324
    assert js([1, tiny], [1, 0]) < 1e-300
    assert kl([0.5, 0.5], [1, tiny]) == pytest.approx(0.5 * math.log(0.25) - 0.5 * math.log(tiny))


def test_float32_probabilities_are_accepted_and_normalised():
    p = np.full(3, 1 / 3, np.float32) * np.float32(1 + 5e-7)
    assert kl(p, [1 / 3] * 3) == pytest.approx(0, abs=1e-15)


@given(st.tuples(vectors(4), vectors(4), places, places), st.sampled_from([1, 2, 3.5]))
def test_transport_on_the_line_agrees_with_sorting(drawn, power):
    p, q, x, y = drawn
    found = wasserstein(p, q, line_cost(x, y, power))
    if power == 1:
        expected = scipy.stats.wasserstein_distance(x, y, p, q)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)
    fine = (np.arange(20000) + 0.5) / 20000
    quantiles = [
        v[np.argsort(v)][_first_reaching(m[np.argsort(v)], fine)] for v, m in ((x, p), (y, q))
    ]
    mean = np.mean(np.abs(quantiles[0] - quantiles[1]) ** power)
    assert found == pytest.approx(mean, abs=8 / 20000 * line_cost(x, y, power).max() + 1e-9)


def _first_reaching(masses, levels):
    return np.minimum(np.searchsorted(np.cumsum(masses), levels), len(masses) - 1)


@given(vectors(4), vectors(3), st.integers(0, 1000))
def test_transport_is_a_coupling_and_the_optimum_of_the_linear_program(p, q, seed):
    cost = np.random.default_rng(seed).uniform(size=(4, 3))
    found = transport_plan(p, q, cost)
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), p, rtol=0, atol=1e-15)
    np.testing.assert_allclose(found.sum(axis=0), q, rtol=0, atol=1e-15)
    rows, columns = np.kron(np.eye(4), np.ones(3)), np.kron(np.ones(4), np.eye(3))
    program = scipy.optimize.linprog(
        cost.ravel(), A_eq=np.vstack([rows, columns[:-1]]), b_eq=[*p, *q[:-1]]
    )
    assert wasserstein(p, q, cost) == pytest.approx(program.fun, abs=1e-7)


@given(st.tuples(vectors(4), vectors(4), vectors(4), places), st.sampled_from([1, 2]))
def test_wasserstein_is_a_metric(drawn, power):
    p, q, r, x = drawn

    def distance(a, b):
        return wasserstein(a, b, line_cost(x, x, power)) ** (1 / power)

    assert distance(p, p) == 0
    assert distance(p, q) == pytest.approx(distance(q, p), rel=1e-7, abs=1e-7)
    assert distance(p, r) <= (distance(p, q) + distance(q, r)) * (1 + 1e-7) + 1e-6


@given(
    st.tuples(vectors(4), vectors(4), places),
    st.sampled_from([-3, 0.01, 1e-12, 1e12]),
    st.floats(-10, 10),
)
def test_wasserstein_scales_with_the_places_and_ignores_a_shift(drawn, scale, shift):
    p, q, x = drawn
    base = wasserstein(p, q, line_cost(x, x))
    moved = abs(scale) * (x + shift)
    again = wasserstein(p, q, line_cost(moved, moved))
    assert again == pytest.approx(abs(scale) * base, rel=1e-6, abs=abs(scale) * 1e-10)


@pytest.mark.parametrize(
    ("p", "q", "text"),
    [
        ([0.5, 0.4], [1, 0], "The sum of p must be one, and is 0.9."),
        ([1, 0], [0.5, 0.6], "The sum of q must be one, and is 1.1."),
        ([1.5, -0.5], [1, 0], "p must not be negative, and p[1] is -0.5."),
        ([1, 0], [math.nan, 1], "q must be finite, and holds NaN or infinity."),
        ([math.inf, 1], [1, 0], "p must be finite, and holds NaN or infinity."),
        ([], [1, 0], "p is empty: it must have at least one probability."),
        ([[1, 0]], [1, 0], "p must be a vector, and has shape (1, 2)."),
        (1.0, [1, 0], "p must be a vector, and has shape ()."),
        ([1, 0], [1, 0, 0], "p and q must be of one length: p has 2 entries, q has 3."),
    ],
)
@pytest.mark.parametrize("divergence", [kl, js, total_variation])
def test_what_is_no_pair_of_probability_vectors_is_refused(divergence, p, q, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        divergence(p, q)
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("p", "cost", "text"),
    [
        ([0.5, 0.4], np.ones((2, 3)), "The sum of p must be one, and is 0.9."),
        (
            [0.5, 0.5],
            np.ones((3, 2)),
            "The cost must have shape (2, 3), a row for each entry of p and a column for each of "
            "q, and has shape (3, 2).",
        ),
        (
            [0.5, 0.5],
            np.full((2, 3), math.nan),
            "The cost must be finite, and holds NaN or infinity.",
        ),
    ],
)
def test_what_cannot_be_transported_is_refused(p, cost, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        wasserstein(p, [0.2, 0.3, 0.5], cost)
    assert str(caught.value) == text


def test_a_cost_of_nothing_is_nothing():
    assert wasserstein([0.5, 0.5], [1.0], np.zeros((2, 1))) == 0


def test_neither_importing_nor_transporting_starts_jax():
    code = (
        "import sys, gan_cli.divergences as d; assert 'ot' not in sys.modules; "
        "d.wasserstein([.5, .5], [1.], [[0.], [1.]]); "
        "assert 'ot' in sys.modules and not {'jax', 'torch', 'tensorflow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_terms_are_those_of_the_sums_and_need_no_density_that_float64_holds():
    p, q = np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.25, 0.0, 0.75, 0.0])
    with np.errstate(divide="ignore"):
        log_p, log_q = np.log(p), np.log(q)
    np.testing.assert_allclose(kl_terms(log_p, log_q), [0.5 * LOG_2, math.inf, 0, 0])
    np.testing.assert_allclose(js_terms(p, q).sum(), js(p, q))
    far = kl_terms(np.array([0.0, -1e5]), np.array([-1e5, -math.inf]))
    assert far.tolist() == [1e5, math.inf]
    assert np.isfinite(js_terms(np.array([5e-324, 1e50]), np.array([0.0, 1e-300]))).all()
