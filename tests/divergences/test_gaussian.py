"""Normal distributions in D dimensions: the optimal map and its cost."""

import numpy as np
import pytest
import scipy.linalg

from gan_cli.divergences import Normal, transport
from gan_cli.divergences.gaussian import (
    Gaussian,
    optimal_map,
    sliced_wasserstein_2_squared,
    wasserstein_2_squared,
)
from gan_cli.divergences.samples import wasserstein

P = Gaussian((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0)))
Q = Gaussian((1.0, 2.0), ((2.0, 1.0), (1.0, 2.0)))
THREE = (
    Gaussian((0.0, 1.0, 2.0), ((2.0, 0.5, 0.0), (0.5, 1.0, 0.3), (0.0, 0.3, 1.5))),
    Gaussian((1.0, 1.0, -1.0), ((1.0, -0.4, 0.2), (-0.4, 3.0, 0.0), (0.2, 0.0, 0.5))),
)


def test_the_numbers_of_the_catalogue() -> None:
    exact = optimal_map(P, Q)
    np.testing.assert_allclose(
        exact.matrix, [[1.3660254, 0.3660254], [0.3660254, 1.3660254]], atol=5e-8
    )
    np.testing.assert_array_equal(exact.to, [1, 2])
    value, error = wasserstein_2_squared(P, Q)
    assert abs(value - 5.5358984) < 5e-8
    assert error < 1e-12


@pytest.mark.parametrize(("p", "q"), [(P, Q), (Q, P), THREE], ids=["catalogue", "back", "three"])
def test_the_map_is_symmetric_and_turns_p_into_q(p: Gaussian, q: Gaussian) -> None:
    a = optimal_map(p, q).matrix
    np.testing.assert_allclose(a, a.T, atol=1e-12)
    assert (np.linalg.eigvalsh(a) > 0).all()
    np.testing.assert_allclose(a @ p.matrix @ a, q.matrix, atol=1e-12)
    moved = a - np.eye(len(a))
    cost = ((p.centre - q.centre) ** 2).sum() + np.trace(moved @ p.matrix @ moved)
    np.testing.assert_allclose(wasserstein_2_squared(p, q).value, cost, rtol=1e-12)


def test_the_distance_by_another_formula() -> None:
    p, q = THREE
    root = scipy.linalg.sqrtm(p.matrix @ q.matrix)
    expected = ((p.centre - q.centre) ** 2).sum() + np.trace(p.matrix + q.matrix - 2 * root.real)
    np.testing.assert_allclose(wasserstein_2_squared(p, q).value, expected, rtol=1e-10)


def test_on_the_line_it_is_that_of_the_quantiles() -> None:
    p, q = Gaussian((0.5,), ((4.0,),)), Gaussian((-1.0,), ((0.25,),))
    expected = transport.wasserstein(Normal(0.5, 2.0), Normal(-1.0, 0.5), 2).value ** 2
    np.testing.assert_allclose(wasserstein_2_squared(p, q).value, expected, rtol=1e-8)
    np.testing.assert_allclose(sliced_wasserstein_2_squared(p, q).value, expected, rtol=1e-8)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_sliced_distance_of_a_shift(d: int) -> None:
    one = tuple(map(tuple, np.eye(d).tolist()))
    m = np.arange(1.0, d + 1)
    shifted = Gaussian(tuple(m.tolist()), one)
    value, error = sliced_wasserstein_2_squared(Gaussian((0.0,) * d, one), shifted)
    assert abs(value - (m @ m) / d) < error
    assert error < (0.05 if d > 2 else 1e-12)


def test_the_sliced_distance_is_the_mean_over_lines_of_samples() -> None:
    rng = np.random.default_rng(0)
    x, y = P.sample(rng, 20_000), Q.sample(rng, 20_000)
    angles = np.pi * (np.arange(8) + 0.5) / 8
    lines = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    squares = [wasserstein((x @ u)[:, None], (y @ u)[:, None], 2) ** 2 for u in lines]
    np.testing.assert_allclose(
        np.mean(squares), sliced_wasserstein_2_squared(P, Q).value, rtol=0.03
    )


@pytest.mark.parametrize(
    ("covariance", "told"),
    [
        (((1.0, 0.0),), "must have 2 rows of 2 numbers"),
        (((1.0, 0.5), (0.4, 1.0)), "must be symmetric"),
        (((1.0, 2.0), (2.0, 1.0)), "must be positive definite, and its variance is -1"),
        (((float("nan"), 0.0), (0.0, 1.0)), "must be at most 1e+50"),
    ],
    ids=["rows", "skew", "negative", "nan"],
)
def test_what_is_no_normal_distribution(covariance: tuple, told: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=told.replace("+", r"\+")):
        Gaussian((0.0, 0.0), covariance)


def test_another_number_of_coordinates() -> None:
    with pytest.raises(ValueError, match="p has 2, and q has 3"):
        optimal_map(P, THREE[0])
