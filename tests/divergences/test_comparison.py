import math

import pytest

from gan_cli.divergences import Discrete, Normal, PlaneMixture, Uniform, compare, kl
from gan_cli.divergences.comparison import NAMES

KEYS = list(NAMES)


def values(p, q):
    found = compare(p, q)
    assert list(found) == KEYS
    assert all(estimate.error >= 0 for estimate in found.values())
    return [estimate.value for estimate in found.values()]


def test_normals():
    p, q = Normal(0, 1), Normal(1, 2)
    found = values(p, q)
    assert found[0] == pytest.approx(math.log(2) + 2 / 8 - 0.5, abs=1e-12)
    assert found[1] == pytest.approx(-math.log(2) + 5 / 2 - 0.5, abs=1e-12)
    assert found[-1] == pytest.approx(math.sqrt(2), abs=1e-12)
    assert 0 < found[2] < math.log(2)
    assert 0 < found[3] < 1
    assert 1 < found[-2] < math.sqrt(2)


def test_discrete_distributions_over_the_union_of_their_points():
    p, q = Discrete((0.5, 0.5), (0.0, 1.0)), Discrete((0.25, 0.75), (1.0, 3.0))
    found = values(p, q)
    assert found[:2] == [math.inf, math.inf]
    assert found[3] == pytest.approx(0.75)
    assert found[-2] == pytest.approx(2.0)
    same_places = values(Discrete((0.5, 0.5)), Discrete((0.9, 0.1)))
    assert same_places[0] == kl([0.5, 0.5], [0.9, 0.1])
    assert same_places[1] == kl([0.9, 0.1], [0.5, 0.5])


@pytest.mark.parametrize("swap", [False, True])
def test_atoms_and_a_density_overlap_nowhere_and_lie_at_a_distance(swap):
    pair = (Discrete((1,), (2.0,)), Uniform(0, 1))
    found = values(*(pair[::-1] if swap else pair))
    assert found[:4] == [math.inf, math.inf, math.log(2), 1]
    assert found[-2] == pytest.approx(1.5)
    assert found[-1] == pytest.approx(math.sqrt(7 / 3))


def test_the_plane():
    p, q = PlaneMixture(((0, 0),), (1,), (1,)), PlaneMixture(((1, 0),), (1,), (1,))
    found = compare(p, q)
    assert list(found) == KEYS
    for key, truth in (("kl_pq", 0.5), ("kl_qp", 0.5), ("wasserstein_1", 1), ("wasserstein_2", 1)):
        assert abs(found[key].value - truth) <= found[key].error


@pytest.mark.parametrize(
    "p", [Normal(0, 1), Uniform(0, 1), Discrete((0.5, 0.5)), PlaneMixture(((0, 0),), (1,), (1,))]
)
def test_equal_distributions_are_at_zero(p):
    assert values(p, p) == [0] * 13


@pytest.mark.parametrize("p", [Normal(0, 1), Discrete((1,))])
def test_a_line_and_a_plane_are_no_pair(p):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        compare(p, PlaneMixture(((0, 0),), (1,), (1,)))
    assert str(caught.value) == "p and q must have as many coordinates: p has 1, and q has 2."
