"""The exact map between two normals, and a G that is trained to find it."""

from collections.abc import Iterator

import numpy as np
import pytest

from gan_cli.divergences import Estimate
from gan_cli.divergences.gaussian import (
    Gaussian,
    optimal_map,
    sliced_wasserstein_2_squared,
    wasserstein_2_squared,
)
from gan_cli.theory.findings.optimal_transport import findings
from gan_cli.theory.optimal_transport import (
    OptimalTransport,
    P,
    Q,
    costs_of_rotations,
    optimal_transport,
)
from tests.compiling import unoptimized

LINE = Gaussian((0.0,), ((1.0,),)), Gaussian((3.0,), ((0.25,),))


def found_by(p: Gaussian, q: Gaussian, matrix: np.ndarray) -> OptimalTransport:
    """What is found of a G that is m_q + matrix (x - m_p)."""
    x = p.sample(np.random.default_rng(0), 4000)
    return OptimalTransport(
        p,
        q,
        optimal_map(p, q),
        wasserstein_2_squared(p, q),
        sliced_wasserstein_2_squared(p, q),
        Estimate(1.0),
        x,
        q.centre + (x - p.centre) @ matrix.T,
        1,
    )


def turned(degrees: float) -> np.ndarray:
    """The matrix of a perfect G that turns before it maps."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(optimal_map(P, Q).matrix @ turn)


def test_the_optimal_map_itself_is_found_without_error() -> None:
    found = found_by(P, Q, optimal_map(P, Q).matrix)
    assert found.error.value < 1e-25
    assert abs(found.angle) < 1e-10
    np.testing.assert_allclose(found.cost, (found.wasserstein.value, 0), atol=1e-12)
    np.testing.assert_allclose(found.fitted.matrix, found.exact.matrix, atol=1e-12)
    assert found.distance < 0.02


def test_a_turned_map_is_perfect_and_costs_more() -> None:
    found = found_by(P, Q, turned(40))
    assert found.distance < 0.02
    np.testing.assert_allclose(found.angle, 40)
    [expected] = costs_of_rotations(P, Q, np.array([40.0]))
    value, error = found.cost
    assert abs(value - expected) < 4 * error
    assert expected > found.wasserstein.value + 1


def test_no_rotation_costs_less_than_the_optimal_map() -> None:
    for p, q in ((P, Q), (Q, P)):
        costs = costs_of_rotations(p, q, np.linspace(-180, 180, 37))
        assert costs.argmin() == 18
        np.testing.assert_allclose(costs[18], wasserstein_2_squared(p, q).value)


@pytest.fixture(scope="module")
def trained() -> Iterator[OptimalTransport]:
    """Compiled without optimizations, which would take longer than these steps."""
    with unoptimized():
        yield optimal_transport(*LINE, seed=1, steps=400)


@pytest.mark.slow
def test_a_trained_g_comes_near_the_map(trained: OptimalTransport) -> None:
    assert trained.unexplained < 0.02
    value, error = trained.cost
    assert abs(value - 9.25) < 0.1
    assert 0 < error < 0.05
    np.testing.assert_allclose(trained.fitted.matrix, [[0.5]], atol=0.03)
    np.testing.assert_allclose(trained.fitted.to, [3], atol=0.03)


@pytest.mark.slow
def test_what_is_told_on_the_line(trained: OptimalTransport) -> None:
    numbers, lines, pictures, *_ = findings("normal(0,1)", "normal(3,.5)", trained)
    assert numbers["matrix"] == [[0.5]]
    assert "angle" not in numbers["trained"]
    assert any("9.25" in line for line in lines)
    assert pictures["optimal_transport.png"].startswith(b"\x89PNG")


def test_what_is_told_in_the_plane() -> None:
    numbers, lines, pictures, *_ = findings("P", "Q", found_by(P, Q, turned(40)))
    assert abs(numbers["wasserstein_2_squared"] - 5.5358984) < 5e-8
    assert "1.3660254  0.3660254" in "\n".join(lines)
    assert any("+40.00 degrees" in line for line in lines)
    assert pictures["optimal_transport.png"].startswith(b"\x89PNG")
