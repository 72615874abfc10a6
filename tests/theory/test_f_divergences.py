"""A D trained for each f-divergence comes close to it, and never above."""

import math

import pytest

from gan_cli.divergences import Estimate, parse
from gan_cli.divergences.f_functions import ROWS
from gan_cli.theory.f_divergences import f_divergences
from gan_cli.theory.findings.f_divergences import findings, why
from tests.compiling import unoptimized


@pytest.mark.slow
@pytest.mark.parametrize(
    ("p", "q"), [("normal(0,1)", "normal(3,1)"), ("discrete(.5,.5)", "discrete(.1,.9)")]
)
def test_each_trained_d_comes_within_a_hundredth(p: str, q: str) -> None:
    found = f_divergences(parse(p), parse(q), seed=0)
    assert list(found.rows) == list(ROWS)
    for row in found.rows.values():
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
    text = "\n".join(told.lines)
    assert "KL(P, Q): infinite: p has mass where q has none" in text
    assert "2 JSD" in text
