import math

import numpy as np
import pytest

from gan_cli.divergences import PlaneMixture, optimal_coupling
from gan_cli.divergences.transport import grid_distance


def normal(x, y, std=1.0):
    return PlaneMixture(((x, y),), (std,), (1,))


@pytest.mark.parametrize("power", [1, 2])
def test_a_shift_costs_its_length_within_the_bound(power):
    found = grid_distance(normal(0, 0), normal(3, 4), power, 400)
    assert abs(found.value - 5) <= found.error < 2
    assert found.value == pytest.approx(5, rel=0.02)


def test_w2_of_concentric_normals_has_its_closed_form():
    truth = math.sqrt(2) * 2
    found = grid_distance(normal(0, 0, 1), normal(0, 0, 3), 2, 400)
    assert abs(found.value - truth) <= found.error
    assert found.value == pytest.approx(truth, rel=0.05)


def test_the_bound_shrinks_with_the_root_of_the_number_of_points():
    p, q = normal(0, 0), normal(1, 0.5)
    few, many = (grid_distance(p, q, 1, points).error for points in (100, 400))
    assert many / few == pytest.approx(0.5, abs=0.1)


def test_mass_that_moves_between_far_modes_costs_their_distance():
    p = PlaneMixture(((0, 0), (10, 0)), (0.1, 0.1), (0.5, 0.5))
    q = PlaneMixture(((0, 0), (10, 0)), (0.1, 0.1), (0.2, 0.8))
    found = grid_distance(p, q, 1, 300)
    assert abs(found.value - 3) <= found.error <= 0.3
    assert found.value == pytest.approx(3, rel=5e-3)


def test_a_coupling_has_the_masses_of_the_cells():
    p, q = normal(0, 0), normal(1, 0.5, 0.5)
    coupling = optimal_coupling(p, q, 2, points=120)
    assert len(coupling.x) <= 120
    assert len(coupling.y) <= 120
    np.testing.assert_allclose(coupling.mass.sum(axis=1) @ coupling.x, [0, 0], atol=1e-2)
    np.testing.assert_allclose(coupling.mass.sum(axis=0) @ coupling.y, [1, 0.5], atol=1e-2)
    assert coupling.mass.sum() == pytest.approx(1)
