"""The search for eigenvalues leaves the zeros of rescalings out, and finds what comes next."""

import numpy as np

from gan_cli.theory.eigenvalues import arpack_search, judged, whole_search

RNG = np.random.default_rng(0)


def test_zeros_of_directions_that_change_nothing_are_left_out_and_the_next_ones_found() -> None:
    n, zeros = 200, 8
    basis = np.linalg.qr(RNG.normal(size=(n, n)))[0]
    others = -np.arange(1.0, n - zeros + 1)
    matrix = basis @ np.diag(np.concatenate([np.zeros(zeros), others])) @ basis.T
    rescaled = basis[:, :zeros]

    def along(vector: np.ndarray) -> np.ndarray:
        return rescaled @ (rescaled.T @ vector)

    for search in (arpack_search, whole_search):
        kinds, left = search(lambda v: matrix @ v, along, RNG.normal(size=n), 5)
        np.testing.assert_allclose(kinds["real"].values, others[:5], atol=1e-6)
        np.testing.assert_allclose(kinds["modulus"].values, others[-5:][::-1], atol=1e-6)
        assert 1 <= len(left.values) <= zeros
        np.testing.assert_allclose(left.values, 0, atol=1e-6)


def test_no_eigenvalue_has_nothing_to_be_said_of_it() -> None:
    """ARPACK may converge for none."""
    found = judged(np.empty(0, complex), np.empty((4, 0), complex), abs, abs)
    assert [len(each) for each in found] == [0, 0, 0]


def test_residuals_are_those_of_a_dense_matrix() -> None:
    matrix = np.array([[0.0, -2.0], [2.0, 0.0]])
    vectors = np.array([[3.0, 3.0], [-3.0j, 3.0j]])
    found = judged(np.array([2.0j, -1.0j]), vectors, lambda v: matrix @ v, lambda v: v * [1, 0])
    np.testing.assert_allclose(found.residuals, [0, 1], atol=1e-12)
    np.testing.assert_allclose(found.along, [0.5, 0.5])
