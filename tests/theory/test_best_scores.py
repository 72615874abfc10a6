"""The best scores of D on finitely many points, against closed forms and a bounded search."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from gan_cli.theory.best_scores import best_value, by_index, over_all_pairs, separately

REAL = np.array([0, 1])


@pytest.mark.parametrize(
    ("fake", "expected"),
    [
        ([0, 1], (-0.6931, -0.6931, -0.6931)),
        ([1, 0], (-0.6931, -0.6931, -0.6931)),
        ([0, 0], (-0.4774, -0.3466, -0.3466)),
        ([0, 2], (-0.3466, -0.3466, -0.1733)),
        ([2, 2], (0.0, 0.0, 0.0)),
        ([2, 3], (0.0, 0.0, 0.0)),
    ],
    ids=["matched", "swapped", "on_one_point", "one_matched", "none_as_one", "none"],
)
def test_the_losses_of_two_points(fake: list[int], expected: tuple[float, ...]) -> None:
    """The numbers of Sun et al. 2020, to the four digits that they print."""
    for compared, value in zip((separately, by_index, over_all_pairs), expected, strict=True):
        found = best_value(*compared(REAL, np.array(fake)))
        assert abs(found.value - value) < 6e-5
        assert found.error < 1e-12


def test_a_collapse_of_minimax_in_closed_form() -> None:
    """With samples thrice on one point of three, D says 1/4 there: odds of one to three."""
    found = best_value(*separately(np.array([0, 1, 2]), np.array([0, 0, 0])))
    assert abs(found.value - (math.log(1 / 4) + 3 * math.log(3 / 4)) / 6) < 1e-14


@pytest.mark.parametrize("seed", range(5))
def test_random_comparisons_against_a_bounded_search(seed: int) -> None:
    rng = np.random.default_rng(seed)
    above, below = rng.integers(0, 6, (2, 9))

    def loss(h: np.ndarray) -> float:
        return float(np.logaddexp(0, h[below] - h[above]).mean())

    options = {"maxiter": 5000, "ftol": 0, "gtol": 1e-9}
    searched = minimize(loss, np.zeros(6), bounds=[(-40, 40)] * 6, options=options)
    value, error = best_value(above, below)
    assert error < 1e-10
    assert value >= -searched.fun - 1e-9
    np.testing.assert_allclose(value, -searched.fun, atol=1e-6)


def test_comparisons_that_nothing_contradicts_cost_nothing() -> None:
    assert best_value(np.array([3, 2, 1]), np.array([2, 1, 0])).value == 0
