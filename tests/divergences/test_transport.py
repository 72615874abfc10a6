import math

import numpy as np
import pytest

from gan_cli.divergences import (
    Discrete,
    LineMixture,
    Normal,
    PlaneMixture,
    Uniform,
    optimal_coupling,
)
from gan_cli.divergences.transport import wasserstein

PLANE = PlaneMixture(((0, 0), (3, 0)), (0.2, 0.2), (0.5, 0.5))
SHIFTED = PlaneMixture(((0, 1), (3, 1)), (0.2, 0.2), (0.5, 0.5))
OTHER = PlaneMixture(((0, 0), (3, 0)), (0.2, 0.2), (0.25, 0.75))


@pytest.mark.parametrize(
    ("p", "q", "first", "second"),
    [
        (Normal(0, 1), Normal(3, 1), 3, 3),
        (Normal(0, 1), Normal(0, 3), 2 * math.sqrt(2 / math.pi), 2),
        (Uniform(0, 1), Uniform(0, 3), 1, math.sqrt(4 / 3)),
        (Discrete((0.5, 0.5)), Discrete((0.5, 0.5), (2.0, 5.0)), 3, math.sqrt(10)),
        (Discrete((1,)), Normal(0, 2), 2 * math.sqrt(2 / math.pi), 2),
        (Uniform(-1, 1), Discrete((1,), (1.0,)), 1, math.sqrt(4 / 3)),
        (PLANE, SHIFTED, 1, 1),
    ],
)
def test_every_kind_of_pair_has_its_closed_form_both_ways(p, q, first, second):
    for power, truth in ((1, first), (2, second)):
        for a, b in ((p, q), (q, p)):
            found = wasserstein(a, b, power, points=200)
            assert abs(found.value - truth) <= found.error + 1e-15
            assert found.value == pytest.approx(truth, rel=0.02 if p is PLANE else 1e-10)


@pytest.mark.parametrize(
    "p", [Normal(0, 1), Discrete((0.5, 0.5)), LineMixture((1,), (Uniform(0, 1),)), PLANE]
)
def test_a_distribution_is_at_distance_zero_of_itself(p):
    assert wasserstein(p, p, 2) == (0, 0)


def test_a_bounded_and_an_unbounded_distribution_agree_either_way():
    p, q = Uniform(3.75, 3.94), LineMixture((0.9, 0.1), (Normal(2.5, 3.7), Normal(2.7, 4.8)))
    assert wasserstein(p, q, 2) == wasserstein(q, p, 2)
    assert wasserstein(p, q, 2).error < 1e-11


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (Normal(0, 1), LineMixture((0.5, 0.5), (Normal(-2, 0.5), Normal(2, 0.5)))),
        (Normal(0, 1), Discrete((0.2, 0.8), (1.0, -1.0))),
    ],
)
def test_the_coupling_on_the_line_is_monotone_and_costs_the_distance(p, q):
    x, y, mass = optimal_coupling(p, q, points=200)
    assert mass.shape == (len(x), len(y))
    assert mass.sum() == pytest.approx(1)
    assert (mass >= 0).all()
    rows, columns = np.nonzero(mass)
    assert (np.diff(columns[np.argsort(rows, kind="stable")]) >= 0).all()
    cost = np.sum(mass * np.abs(x[:, None] - y)) ** 1.0
    assert cost == pytest.approx(wasserstein(p, q).value, abs=0.02)
    cells = mass.sum(axis=1)
    np.testing.assert_allclose((cells.cumsum() - cells / 2)[1:-1], p.cdf(x)[1:-1], atol=1e-12)


def test_no_mass_is_gathered_where_there_is_none():
    parts = LineMixture((0.5, 0.5), (Uniform(0, 1), Uniform(2, 3)))
    x, y, mass = optimal_coupling(Normal(0, 1), parts, points=48)
    filled = y[mass.sum(axis=0) > 0]
    assert (np.diff(x) > 0).all()
    assert (((filled >= 0) & (filled <= 1)) | ((filled >= 2) & (filled <= 3))).all()


def test_the_coupling_in_the_plane_moves_only_what_has_to_move():
    x, y, mass = optimal_coupling(PLANE, OTHER, points=100)
    assert x.shape[1] == y.shape[1] == 2
    assert mass.shape == (len(x), len(y))
    far = np.linalg.norm(x[:, None] - y, axis=-1) > 1.5
    assert mass[far].sum() == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize("function", [wasserstein, optimal_coupling])
def test_what_has_no_distance_is_refused(function):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        function(Normal(0, 1), PLANE)
    assert str(caught.value) == "p and q must have as many coordinates: p has 1, and q has 2."
    for power in (0.5, math.inf, math.nan):
        with pytest.raises(ValueError, match="power must be a number of at least 1, and is "):
            function(Normal(0, 1), Normal(1, 1), power)
    for pair in ((PLANE, OTHER), (Normal(0, 1), Normal(1, 1))):
        with pytest.raises(ValueError, match="points must be at least 1, and is 0"):
            function(*pair, points=0)
