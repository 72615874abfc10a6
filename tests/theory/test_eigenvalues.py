"""The search for eigenvalues leaves the zeros of rescalings out, and finds what comes next."""

import numpy as np

from gan_cli.theory.eigenvalues import arpack_search, whole_search

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
