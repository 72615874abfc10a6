"""What D sees of a point."""

import numpy as np

from gan_cli.divergences import LineMixture, Normal, Uniform, from_modes
from gan_cli.theory.sight import Sight, sight


def test_the_whole_is_seen_in_half_standard_deviations() -> None:
    points = np.array([[0.0, 0.0], [4.0, 2.0]])
    mixture = from_modes([[0.0, 0.0]], [1.0], [1.0])
    seen = sight(mixture, mixture, points, np.ones(2))
    np.testing.assert_allclose(seen(points), [[-2, -2], [2, 2]])


def test_each_part_is_seen_in_its_own_units() -> None:
    p = LineMixture((0.5, 0.5), (Normal(0, 0.001), Normal(100, 1)))
    seen = sight(p, Normal(0, 10), np.array([[-1.0], [1.0]]), np.ones(2))
    assert seen.size == 4
    np.testing.assert_allclose(
        seen(np.array([[0.002]]))[0],
        [0.004, np.arcsinh(2), np.arcsinh(0.0002), np.arcsinh(-99.998)],
        rtol=1e-6,
    )


def test_a_vector_keeps_its_direction() -> None:
    none = np.empty(0)
    seen = Sight(np.zeros(2), np.ones(2), np.array([[1.0, 1.0, 0.5]]), none)
    at, centre = seen(np.array([[4.0, 5.0], [1.0, 1.0]]))[:, 2:]
    np.testing.assert_allclose(at, np.arcsinh(10) * np.array([0.6, 0.8]), rtol=1e-6)
    np.testing.assert_array_equal(centre, [0, 0])


def test_a_jump_has_two_sides() -> None:
    seen = sight(Uniform(0, 1), Uniform(0, 2), np.array([[0.0], [2.0]]), np.ones(2))
    sides = seen(np.array([[-0.1], [0.1], [1.1], [2.1]]))[:, 1:]
    np.testing.assert_array_equal(sides, [[-1, -1, -1], [1, -1, -1], [1, 1, -1], [1, 1, 1]])
