"""C(G) along two families against what is known of it."""

import math

import numpy as np
import pytest

from gan_cli.theory.global_optimum import Curve, global_optimum
from gan_cli.theory.value import LOG_4


@pytest.fixture(scope="module")
def curves() -> tuple[Curve, Curve]:
    return global_optimum()


def test_each_touches_minus_log_4_at_p_data_alone(curves: tuple[Curve, Curve]) -> None:
    for curve in curves:
        assert abs(curve.gap) < 1e-6
        assert curve.elsewhere > 1e-6
        assert curve.parameters[np.argmin(curve.costs)] == curve.truth
        assert curve.falls_then_rises


def test_each_lies_between_minus_log_4_and_0(curves: tuple[Curve, Curve]) -> None:
    for curve in curves:
        assert curve.costs.min() >= -LOG_4
        assert curve.costs.max() < 0
        assert curve.costs[[0, -1]].min() > -0.02  # far from p_data next to nothing is in common


def test_theorem_1_holds_all_along(curves: tuple[Curve, Curve]) -> None:
    """C(G) by its definition, max_D V(D, G), is integrated apart from JS."""
    for curve in curves:
        assert curve.disagreement < 1e-9
        assert curve.error < 1e-9


def test_near_p_data_it_is_a_quarter_of_the_fisher_information(
    curves: tuple[Curve, Curve],
) -> None:
    """2 JS = I (change)^2 / 4 to second order: I is 1 for a normal's mean and 2 for log s."""
    shift, width = curves
    near = np.flatnonzero((np.abs(shift.parameters) > 0) & (np.abs(shift.parameters) < 0.02))
    change = shift.parameters[near]
    np.testing.assert_allclose(shift.costs[near] + LOG_4, change**2 / 4, rtol=1e-3)
    change = np.log(width.parameters[near])
    np.testing.assert_allclose(width.costs[near] + LOG_4, change**2 / 2, rtol=1e-3)


def test_the_curves_have_the_symmetry_of_their_families(curves: tuple[Curve, Curve]) -> None:
    """JS(N(0,1), N(0,s)) = JS(N(0,1), N(0,1/s)), as x -> x / s shows."""
    for curve in curves:
        np.testing.assert_allclose(curve.costs, curve.costs[::-1], atol=1e-9)


def test_one_value_against_an_independent_sum(curves: tuple[Curve, Curve]) -> None:
    shift = curves[0]
    at = int(np.searchsorted(shift.parameters, 1.0))
    x = np.linspace(-20, 20, 400_001)
    p, q = (
        np.exp(-((x - mu) ** 2) / 2) / math.sqrt(2 * math.pi) for mu in (0.0, shift.parameters[at])
    )
    expected = (p * np.log(p / (p + q)) + q * np.log(q / (p + q))).sum() * (x[1] - x[0])
    assert abs(shift.costs[at] - expected) < 1e-9


def test_a_curve_with_a_second_low_is_told() -> None:
    wavy = Curve("", 0.0, np.arange(-2.0, 3.0), np.array([-1, -1.2, -1.38, -1.1, -1.2]), 0.0, 0.0)
    assert not wavy.falls_then_rises
