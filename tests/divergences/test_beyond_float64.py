"""The logarithm of chi^2 beyond float64, against closed forms and against chi^2 within it."""

import math

import pytest

from gan_cli.divergences import parse
from gan_cli.divergences.beyond_float64 import log_chi_squared
from gan_cli.divergences.f_divergences import f_divergence


@pytest.mark.parametrize("name", ["pearson", "neyman"])
@pytest.mark.parametrize("apart", [30, 40, 1e4])
def test_unit_normals_at_a_distance_d_have_d_squared(name: str, apart: float) -> None:
    p, q = parse("normal(0,1)"), parse(f"normal({apart},1)")
    assert math.isinf(f_divergence(name, p, q).value)
    assert log_chi_squared(name, p, q) == pytest.approx(apart**2, rel=1e-9)


def test_other_widths_have_the_closed_form() -> None:
    """log of s_q / (s_p^2 sqrt(h)) exp(m^2 / (2 s_q^2 - s_p^2)) with h = 2 / s_p^2 - 1 / s_q^2."""
    s, t, m = 2.0, 3.0, 100.0
    expected = math.log(t / s**2 / math.sqrt(2 / s**2 - 1 / t**2)) + m**2 / (2 * t**2 - s**2)
    found = log_chi_squared("pearson", parse("normal(0,2)"), parse("normal(100,3)"))
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_steep_term_inside_an_interval_is_resolved() -> None:
    """integral over [0, 1] of 1 / q for q = N(m, 1), which is nearly e^(m^2 / 2) sqrt(2 pi) / m."""
    found = log_chi_squared("pearson", parse("uniform(0,1)"), parse("normal(500,1)"))
    expected = 500**2 / 2 + math.log(math.sqrt(2 * math.pi) / 500)
    assert found == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ("mixture(.3*normal(-1,.5)+.7*normal(2,1))", "normal(.5,1.7)"),
        ("discrete(.5,.5)", "discrete(.1,.9)"),
    ],
)
def test_within_float64_it_is_the_logarithm_of_1_and_chi_squared(p: str, q: str) -> None:
    pair = parse(p), parse(q)
    direct = f_divergence("pearson", *pair).value
    assert log_chi_squared("pearson", *pair) == pytest.approx(math.log1p(direct), rel=1e-9)


def test_it_is_infinite_where_chi_squared_is() -> None:
    for p, q in (("normal(0,2)", "normal(0,1)"), ("uniform(0,2)", "uniform(0,1)")):
        assert math.isinf(log_chi_squared("pearson", parse(p), parse(q)))
