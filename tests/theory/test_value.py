"""V(D, G) by quadrature against closed forms, and D* against what maximises V."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from gan_cli.divergences import Normal, PlaneMixture, Uniform, densities
from gan_cli.divergences.distributions import Density
from gan_cli.theory.value import LOG_4, Logit, log_densities, optimum, value

P, Q = Normal(0.0, 1.0), Normal(1.0, 2.0)


def test_the_optimum_is_the_ratio_of_the_densities() -> None:
    x = np.linspace(-5, 5, 11)[:, None]
    p = np.exp(-(x[:, 0] ** 2) / 2) / math.sqrt(2 * math.pi)
    q = np.exp(-((x[:, 0] - 1) ** 2) / 8) / math.sqrt(8 * math.pi)
    np.testing.assert_allclose(1 / (1 + np.exp(-optimum(P, Q)(x))), p / (p + q), rtol=1e-12)


def test_the_optimum_is_sure_where_one_density_is_zero() -> None:
    logit = optimum(Uniform(0, 1), Uniform(2, 3))
    np.testing.assert_array_equal(
        logit(np.array([[0.5], [2.5], [1.5]])), [math.inf, -math.inf, 0.0]
    )


def test_a_d_that_does_not_know_has_minus_log_4() -> None:
    found = value(P, Q, lambda x: np.zeros(len(x)), 1e-10)
    assert abs(found.value + LOG_4) < 1e-10


def test_a_linear_logit_against_an_independent_sum() -> None:
    x = np.linspace(-30, 30, 600_001)
    p, q = (np.exp(each) for each in log_densities(P, Q, x[:, None]))
    expected = -(p * np.log1p(np.exp(-x)) + q * np.log1p(np.exp(x))).sum() * (x[1] - x[0])
    assert abs(value(P, Q, lambda points: points[:, 0], 1e-10).value - expected) < 1e-9


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (P, Q),
        (Uniform(0, 1), Uniform(0.5, 2)),
        (Uniform(0, 1), Uniform(2, 3)),
        (P, Uniform(-1, 1)),
    ],
)
def test_at_the_optimum_it_is_jensen_shannon(p: Density, q: Density) -> None:
    found = value(p, q, optimum(p, q), 1e-10)
    assert abs(found.value - (2 * densities.js(p, q).value - LOG_4)) < 1e-9


def test_at_the_optimum_in_the_plane() -> None:
    p = PlaneMixture(((0.0, 0.0), (1.0, 1.0)), (0.5, 0.3), (0.4, 0.6))
    q = PlaneMixture(((0.0, 0.5),), (1.0,), (1.0,))
    js = densities.js(p, q)
    found = value(p, q, optimum(p, q), 1e-6)
    assert abs(found.value - (2 * js.value - LOG_4)) < found.error + 2 * js.error + 1e-9


def test_no_other_d_is_better() -> None:

    def changed(change: Callable[[np.ndarray], np.ndarray]) -> Logit:
        return lambda points: optimum(P, Q)(points) + change(points[:, 0])

    best = value(P, Q, optimum(P, Q), 1e-10).value
    for change in (lambda x: 0.1 + 0 * x, np.sin, lambda x: -0.05 * x):
        assert value(P, Q, changed(change), 1e-10).value < best - 1e-5
