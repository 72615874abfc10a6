"""Nine f-divergences against sums, SciPy and closed forms; which are infinite and why."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import quad
from scipy.special import rel_entr

from gan_cli.divergences import parse
from gan_cli.divergences.f_divergences import attained, f_divergence, reason
from gan_cli.divergences.f_functions import ROWS

BERN = [0.4, 0.5108256, 0.3680642, 1.7777778, 0.64, 0.2111456, 0.8788898, 0.2034985, -1.1827959]
GAUSS = [0.3829249, 0.5, 0.5, 1.7182818, 1.7182818, 0.2350062, 1.0, 0.2228430, -1.1634514]
PAIRS = {
    "bern": (parse("discrete(.5,.5)"), parse("discrete(.1,.9)"), BERN),
    "gauss": (parse("normal(0,1)"), parse("normal(1,1)"), GAUSS),
}
every = pytest.mark.parametrize("name", ROWS)


@every
@pytest.mark.parametrize("pair", PAIRS)
def test_both_ways_give_the_known_numbers(name, pair):
    p, q, known = PAIRS[pair]
    expected = known[list(ROWS).index(name)]
    direct = f_divergence(name, p, q)
    assert direct.value == pytest.approx(expected, abs=6e-8)
    assert direct.error < 1e-12
    assert attained(name, p, q).value == pytest.approx(direct.value, abs=1e-11)


@every
def test_the_conjugate_is_that_of_f(name):
    """f*(f'(u)) = u f'(u) - f(u), and no other point of the line of slope t is farther above f."""
    row, u = ROWS[name], np.array([0.02, 0.4, 0.9, 1.7, 30.0])
    t = row.slope(np.log(u))
    np.testing.assert_allclose(row.conjugate(t), u * t - row.f(u), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(row.conjugate_of_slope(np.log(u)), row.conjugate(t), rtol=1e-9)
    many = np.geomspace(1e-6, 1e4, 4001)
    sup = (t[:, None] * many - row.f(many)).max(axis=1)
    np.testing.assert_allclose(sup, row.conjugate(t), rtol=1e-3, atol=1e-3)
    low, high = row.domain
    assert ((low <= t) & (t <= high)).all()


@every
def test_other_densities_agree_with_scipy(name):
    p, q = parse("mixture(.3*normal(-1,.5)+.7*normal(2,1))"), parse("normal(.5,1.7)")
    if name == "neyman":
        p, q = q, p

    def term(x):
        a = 0.3 * stats.norm.pdf(x, -1, 0.5) + 0.7 * stats.norm.pdf(x, 2, 1)
        b = stats.norm.pdf(x, 0.5, 1.7)
        a, b = (b, a) if name == "neyman" else (a, b)
        return b * float(ROWS[name].f(np.float64(a / b)))

    parts = [-14, -4, -2, -1, 0, 0.5, 1, 2, 3, 4, 6, 14]
    expected = sum(quad(term, a, b, epsabs=1e-12)[0] for a, b in itertools.pairwise(parts))
    assert f_divergence(name, p, q).value == pytest.approx(expected, abs=1e-6)


def test_a_tail_of_p_squared_over_q_beyond_both_is_integrated():
    """chi^2 of N(0, s^2) from N(0, 1) is 1 / (s sqrt(2 - s^2)) - 1, for s^2 < 2 alone."""
    unit = parse("normal(0,1)")
    for s in (1.4, 1.41, 1.414):
        found = f_divergence("pearson", parse(f"normal(0,{s})"), unit)
        expected = 1 / (s * math.sqrt(2 - s * s)) - 1
        assert abs(found.value - expected) < max(1e-9, 100 * found.error)
        mirrored = f_divergence("neyman", unit, parse(f"normal(0,{s})"))
        assert mirrored.value == pytest.approx(found.value, rel=1e-12)
    assert math.isinf(f_divergence("pearson", parse("normal(0,1.4142135623730951)"), unit).value)
    assert math.isinf(f_divergence("pearson", parse("normal(0,2)"), unit).value)
    assert "tail of p" in str(reason("pearson", parse("normal(0,2)"), unit))
    assert reason("neyman", parse("normal(0,2)"), unit) is None


def test_masses_agree_with_plain_sums_where_some_are_zero():
    p, q = parse("discrete(.2@0,.5@1,.3@5)"), parse("discrete(.6@1,.4@2)")
    a, b = np.array([0.2, 0.5, 0, 0.3]), np.array([0, 0.6, 0.4, 0])
    expected = {
        "total_variation": np.abs(a - b).sum() / 2,
        "squared_hellinger": ((np.sqrt(a) - np.sqrt(b)) ** 2).sum(),
        "jensen_shannon": (rel_entr(a, (a + b) / 2) + rel_entr(b, (a + b) / 2)).sum(),
        "gan": (rel_entr(a, a + b) + rel_entr(b, a + b)).sum(),
    }
    for name in ROWS:
        found = f_divergence(name, p, q).value
        assert found == pytest.approx(expected.get(name, math.inf), rel=1e-12)
    assert reason("jeffrey", p, q) == "p has mass where q has none and q has mass where p has none"
    assert reason("kl", p, q) == "p has mass where q has none"
    assert reason("reverse_kl", p, q) == "q has mass where p has none"


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ("uniform(0,1)", "uniform(2,3)"),
        ("discrete(.5,.5)", "normal(0,1)"),
        ("discrete(1)", "discrete(1@4)"),
    ],
)
def test_what_shares_nothing_is_as_far_apart_as_can_be(p, q):
    values = {name: f_divergence(name, parse(p), parse(q)).value for name in ROWS}
    finite = {name: value for name, value in values.items() if not math.isinf(value)}
    assert finite == pytest.approx(
        {"total_variation": 1, "squared_hellinger": 2, "jensen_shannon": math.log(4), "gan": 0},
        abs=1e-12,
    )


@every
def test_equal_distributions_have_none(name):
    p = parse("mixture(.5*normal(0,1)+.5*uniform(3,4))")
    expected = -math.log(4) if name == "gan" else 0
    assert f_divergence(name, p, p).value == pytest.approx(expected, abs=1e-12)


def test_what_is_too_large_for_float64_is_infinite_without_a_reason():
    p, q = parse("normal(0,1)"), parse("normal(40,1)")
    assert math.isinf(f_divergence("pearson", p, q).value)
    assert reason("pearson", p, q) is None
    assert f_divergence("kl", p, q).value == pytest.approx(800)


@every
@pytest.mark.parametrize(
    ("p", "q"),
    [
        ("normal(0,1)", "normal(26,1)"),
        ("normal(0,1)", "normal(40,1)"),
        ("normal(0,.02)", "mixture(.5*normal(0,1)+.5*uniform(-2,2))"),
    ],
)
def test_both_ways_agree_where_float64_does_not_hold_the_ratio(name, p, q):
    """log p / q reaches 1,200 nats and more, and p and q count where it does."""
    p, q = parse(p), parse(q)
    direct = f_divergence(name, p, q)
    if math.isfinite(direct.value):
        assert attained(name, p, q).value == pytest.approx(direct.value, rel=1e-9)
