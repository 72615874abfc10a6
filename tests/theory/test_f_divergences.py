"""A D trained for each f-divergence comes close to it, and never above."""

import math

import numpy as np
import pytest

from gan_cli.divergences import Estimate, parse
from gan_cli.divergences.f_functions import ROWS
from gan_cli.theory.bound_terms import Terms
from gan_cli.theory.divergences import Series
from gan_cli.theory.f_divergences import Row, f_divergences
from gan_cli.theory.findings.f_divergence_reasons import short_by, why
from gan_cli.theory.findings.f_divergences import expected, findings, lines
from tests.compiling import unoptimized


@pytest.mark.slow
@pytest.mark.parametrize(
    ("p", "q"), [("normal(0,1)", "normal(3,1)"), ("discrete(.5,.5)", "discrete(.1,.9)")]
)
def test_each_trained_d_comes_within_a_hundredth(p: str, q: str) -> None:
    found = f_divergences(parse(p), parse(q), seed=0)
    assert list(found.rows) == list(ROWS)
    for row in found.rows.values():
        assert row.gap is not None
        assert -1e-6 < row.gap < row.enough
        assert row.variational.value == pytest.approx(row.direct.value, rel=1e-9, abs=1e-9)
        assert row.others_give_less
    told = findings(p, q, found)
    assert list(told.numbers) == list(ROWS)
    assert all(told.numbers[name]["within"] for name in ROWS)
    assert told.pictures["f_divergences.png"].startswith(b"\x89PNG")


@pytest.mark.slow
def test_the_infinite_ones_are_told_with_their_reason() -> None:
    with unoptimized():
        found = f_divergences(parse("uniform(0,1)"), parse("uniform(2,3)"), seed=0, updates=200)
    infinite = {name for name, row in found.rows.items() if math.isinf(row.direct.value)}
    assert infinite == {"kl", "reverse_kl", "pearson", "neyman", "jeffrey"}
    told = findings("p", "q", found)
    for name in ROWS:
        assert math.isfinite(told.numbers[name]["trained"])
        assert bool(told.numbers[name]["reason"]) >= (name in infinite)
    row = found.rows["squared_hellinger"]._replace(trained=Estimate(1.0))
    assert "half of its terms come from points that have probability" in why(row)
    far = row._replace(terms=row.terms._replace(farthest=90.0, held=80.0))
    assert "reaches 90 nats in size" in why(far)
    assert "holds T* and f*(T*) up to 80 nats" in why(far)
    text = " ".join(told.lines)
    assert "KL(P, Q); Pearson chi^2: infinite: p has mass where q has none" in text
    assert "mutually singular" in text
    assert "2 JSD = 1.386294" in text


def test_of_a_density_and_masses_no_d_is_trained() -> None:
    """D_f is f(0) and the slope of f at infinity: 1/2 + 1/2, 1 + 1, log 4 and 0."""
    found = f_divergences(parse("normal(0,1)"), parse("discrete(.5,.5)"), seed=0)
    assert found.singular
    finite = {n: row for n, row in found.rows.items() if math.isfinite(row.direct.value)}
    known = {"total_variation": 1, "squared_hellinger": 2, "jensen_shannon": math.log(4), "gan": 0}
    assert {n: row.direct.value for n, row in finite.items()} == pytest.approx(known, abs=1e-12)
    for row in finite.values():
        assert row.variational.value == pytest.approx(row.direct.value, abs=1e-12)
        assert row.others_give_less
    for row in found.rows.values():
        assert row.trained is row.within is row.gap is None
    text = " ".join(lines("p", "q", found))
    assert "No D is trained here" in text
    assert "trained D " not in text
    assert all("trained" not in each.statement for each in expected(found))


EQUAL = Row(
    "KL(P, Q)",
    direct=Estimate(0.0, 1e-15),
    log_direct=None,
    why="",
    least=0.0,
    variational=Estimate(0.0, 1e-15),
    others={"log p/q + .1": -5e-3, "0": 0.0},
    trained=Estimate(-3e-9, 0.0),
    enough=0.01,
    terms=Terms(1.0, 0.0, 80.0, 0.5, 0.5),
    optimum=Series(np.zeros(1), np.zeros(1), True),
    said=None,
)


def test_where_the_value_is_0_the_gap_is_a_number_and_below_0_has_a_reason() -> None:
    assert EQUAL.gap is None
    assert EQUAL.within
    assert short_by(EQUAL) == "3e-09"
    assert "is below 0, which no D_f is" in why(EQUAL)
    assert "to within the float32" in why(EQUAL)
    assert "to within the float32" not in why(EQUAL._replace(trained=Estimate(-0.1)))
    assert why(EQUAL._replace(trained=Estimate(-0.1))).count("0.1: half of its terms come") == 1
    assert not why(EQUAL._replace(trained=Estimate(0.0)))
    assert (EQUAL.as_good, EQUAL.others_give_less) == (["0"], False)


def test_a_gap_is_a_part_of_the_value_only_where_that_says_something() -> None:
    half = EQUAL._replace(direct=Estimate(0.5), trained=Estimate(0.4))
    assert short_by(half) == "20%"
    assert not half.within
    assert short_by(half._replace(trained=Estimate(-1e30))) == "1e+30"
    assert short_by(half._replace(trained=Estimate(0.5 - 1e-9))) == "under 0.0001%"


def test_what_float64_does_not_hold_is_not_called_infinite() -> None:
    beyond = EQUAL._replace(direct=Estimate(math.inf), log_direct=1600.0, others={})
    assert why(beyond).startswith("finite, e^1600, and more than float64, which ends at 1.8e308")
    assert beyond.within is beyond.short_by is None
