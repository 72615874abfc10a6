"""The losses of critics with several outputs are the published formulas, as loops over pairs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.objectives.cramer import Cramer
from gan_cli.objectives.mmd import Mmd

KEY = jax.random.key(0)
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(2, 6, 3)) * 2
WEIGHTS = RNG.normal(size=(3, 4))
H, K = X @ WEIGHTS, Y @ WEIGHTS
"""What the critic below says of data and of samples."""


def D(x, _):
    return x @ jnp.asarray(WEIGHTS, jnp.float32)


def length(v):
    return np.sqrt((v**2).sum())


def batches():
    return jnp.asarray(X, jnp.float32), jnp.asarray(Y, jnp.float32)


def following(i):
    """The sample that the paper draws anew is the next one of the batch."""
    return K[(i + 1) % len(K)]


def test_the_cramer_critic_is_the_surrogate_of_algorithm_1():
    """L = E f(y) - E f(x) with f(z) = |h(z) - h(y')| - |h(z)|."""
    expected = np.mean(
        [
            (length(K[i] - following(i)) - length(K[i]))
            - (length(H[i] - following(i)) - length(H[i]))
            for i in range(len(H))
        ]
    )
    found = Cramer().discriminator_loss(D, *batches(), KEY)
    np.testing.assert_allclose(found["critic"], expected, rtol=1e-5)


def test_the_cramer_penalty_holds_the_slope_of_f_near_1():
    """h(x) = 3x: f has the slope 3 - 3 above h(y') and -3 - 3 below, for positive x.

    Between 1 and 2, with y' = 5, it is -6; between 5 and 6, with y' = 1, it is 0.
    """
    real, fake = jnp.array([[2.0], [6.0]]), jnp.array([[1.0], [5.0]])
    found = Cramer(penalty=0.4).discriminator_loss(lambda x, _: 3 * x, real, fake, KEY)
    np.testing.assert_allclose(found["penalty"], 0.4 * ((6 - 1) ** 2 + 1) / 2, rtol=1e-5)


def test_the_cramer_generator_minimises_the_energy_distance():
    """E|h(x) - h(y)| + E|h(x) - h(y')| - E|h(y) - h(y')|, as in Algorithm 1."""
    expected = np.mean(
        [
            length(H[i] - K[i]) + length(H[i] - following(i)) - length(K[i] - following(i))
            for i in range(len(H))
        ]
    )
    found = Cramer().generator_loss(D, *batches(), KEY)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def unbiased(k):
    """E k(h, h') - 2 E k(h, k) + E k(k, k') without pairs of one with itself."""
    n = len(H)
    different = [(i, j) for i in range(n) for j in range(n) if i != j]
    within = [k(length(z[i] - z[j])) for z in (H, K) for i, j in different]
    between = [k(length(a - b)) for a in H for b in K]
    return 2 * np.mean(within) - 2 * np.mean(between)


KERNELS = {
    "gaussian": lambda r, s: np.exp(-(r**2) / (2 * s**2)),
    "rational_quadratic": lambda r, s: 1 / (1 + r**2 / (2 * s**2)),
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_mmd_losses_are_mmd_squared_with_either_sign(kernel):
    widths = (0.7, 1.5, 4.0)
    objective = Mmd(kernel=kernel, widths=widths)
    expected = unbiased(lambda r: np.mean([KERNELS[kernel](r, s) for s in widths]))
    assert abs(expected) > 0.01
    for loss, sign in ((objective.discriminator_loss, -1), (objective.generator_loss, 1)):
        np.testing.assert_allclose(loss(D, *batches(), KEY), sign * expected, rtol=1e-4)


def test_the_cramer_estimate_is_the_energy_distance_of_all_pairs():
    found = Cramer().estimate(*(D(x, None) for x in batches()))
    np.testing.assert_allclose(found, unbiased(lambda r: -r), rtol=1e-4)
