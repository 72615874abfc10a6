"""The closed forms against the numbers of the catalogue and against matrices written out here."""

import numpy as np
import pytest

from gan_cli.theory.dynamics import METHODS
from gan_cli.theory.linear_dynamics import FLOWS, MAPS, Settings, eigenvalues_of_step

OTHER = Settings(objective="minimax", step=0.3, gamma=0.7, sigma=1.3, eta=0.9, unroll=3)
WGAN = Settings(objective="wgan")


def flow(method: str, **changes: float) -> list[complex]:
    return sorted(FLOWS[method](Settings(**changes)), key=lambda z: (z.real, z.imag))  # type: ignore[arg-type]


def modulus(method: str, settings: Settings) -> float:
    return max(map(abs, eigenvalues_of_step(method, settings)))


@pytest.mark.parametrize(
    ("method", "changes", "expected"),
    [
        ("simultaneous", {}, [-0.5j, 0.5j]),
        ("instance_noise", {"sigma": 0.5}, [-0.0625 - 0.4961j, -0.0625 + 0.4961j]),
        ("instance_noise", {"sigma": 1.0}, [-0.25 - 0.4330j, -0.25 + 0.4330j]),
        ("instance_noise", {"sigma": 2.0}, [-1.8660, -0.1340]),
        ("r1", {"gamma": 0.5}, [-0.25 - 0.4330j, -0.25 + 0.4330j]),
        ("r1", {"gamma": 1.0}, [-0.5, -0.5]),
        ("r1_r2", {"gamma": 0.5}, [-0.5, -0.5]),
        ("consensus", {"gamma": 1.0}, [-0.25 - 0.5j, -0.25 + 0.5j]),
        ("consensus", {"gamma": 10.0}, [-2.5 - 0.5j, -2.5 + 0.5j]),
        ("gradient_norm", {"eta": 0.5}, [-0.125 - 0.4841j, -0.125 + 0.4841j]),
        ("unrolled", {"unroll": 5}, [-0.125 - 0.4841j, -0.125 + 0.4841j]),
        ("unrolled", {"unroll": 10}, [-0.25 - 0.4330j, -0.25 + 0.4330j]),
        ("two_time_scales", {}, [-0.1581j, 0.1581j]),
    ],
)
def test_eigenvalues_of_the_catalogue(
    method: str, changes: dict[str, float], expected: list[complex]
) -> None:
    np.testing.assert_allclose(flow(method, **changes), expected, atol=6e-5)


@pytest.mark.parametrize(
    ("method", "settings", "expected"),
    [
        ("simultaneous", Settings(), 1.0012492),
        ("simultaneous", WGAN, 1.0049876),
        ("alternating", Settings(), 1.0),
        ("alternating", Settings(step=4.0), 1.0),
        ("r1", Settings(gamma=0.1), 0.99624),
        ("r1", Settings(gamma=1.0), 0.95),
        ("r1", Settings(gamma=10.0), 0.99749),
        ("optimistic", Settings(), 0.9987461),
        ("optimistic", WGAN, 0.9949362),
        ("extra_gradient", Settings(), 0.9987523),
        ("extra_gradient", WGAN, 0.9950377),
        ("competitive", Settings(), 0.9987523),
    ],
)
def test_moduli_of_the_catalogue(method: str, settings: Settings, expected: float) -> None:
    assert modulus(method, settings) == pytest.approx(expected, abs=6e-6)


def test_the_second_moduli_of_the_catalogue() -> None:
    assert min(map(abs, eigenvalues_of_step("optimistic", Settings()))) == pytest.approx(
        0.0500628, abs=1e-7
    )
    assert min(map(abs, eigenvalues_of_step("r1", Settings(gamma=10.0)))) == pytest.approx(
        0.0025, abs=1e-5
    )


def test_alternating_steps_leave_the_circle_where_they_are_too_long() -> None:
    assert modulus("alternating", Settings(step=4.1)) > 1.1


def test_each_is_the_spectrum_of_a_matrix() -> None:
    """The maps as matrices of theta and psi, and of their last gradients, in plain NumPy."""
    s, h, slope = OTHER, OTHER.step, 0.5
    eye = np.eye(2)
    field = slope * np.array([[0.0, -1.0], [1.0, 0.0]])
    damped = field - np.diag([0.0, s.gamma])
    theta_first = np.array([[1.0, -h * slope], [0.0, 1.0]])
    psi_first = np.array([[1.0, 0.0], [h * slope, 1.0]])
    matrices = {
        "simultaneous": eye + h * field,
        "alternating": theta_first @ psi_first,
        "r1": eye + h * damped,
        "r1_r2": eye + h * (damped - np.diag([0.0, s.gamma])),
        "consensus": eye + h * (field - s.gamma * field.T @ field),
        "optimistic": np.block([[eye + 2 * h * field, -h * field], [eye, np.zeros((2, 2))]]),
        "extra_gradient": eye + h * field @ (eye + h * field),
        "competitive": np.linalg.inv(eye - h * field),
    }
    for method, matrix in matrices.items():
        expected = np.abs(np.linalg.eigvals(matrix)).max()
        assert modulus(method, s) == pytest.approx(expected, abs=1e-12), method


def test_every_method_has_one_closed_form() -> None:
    assert {*FLOWS} | {*MAPS} == {*METHODS}
    assert not {*FLOWS} & {*MAPS}
