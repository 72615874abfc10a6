"""What D measures at its optimum, against the divergence by its definition."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm, wasserstein_distance

from gan_cli.objectives.hinge import Hinge
from gan_cli.objectives.least_squares import LeastSquares
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.non_saturating import NonSaturating
from gan_cli.objectives.relativistic import Relativistic
from gan_cli.objectives.relativistic_average import RelativisticAverage
from gan_cli.objectives.wgan import Wgan
from gan_cli.objectives.wgan_gp import WganGp

PLACES = np.array([0.0, 1.0, 3.0, 3.5])
P_COUNTS, Q_COUNTS = np.array([1, 2, 5, 8]), np.array([6, 6, 3, 1])
P, Q = P_COUNTS / 16, Q_COUNTS / 16


def kl(p, q):
    return np.sum(p * np.log(p / q))


def jensen_shannon(p, q):
    return (kl(p, (p + q) / 2) + kl(q, (p + q) / 2)) / 2


def potential():
    """The 1-Lipschitz function of the places that tells p from q best: slope sign(F_q - F_p)."""
    slopes = np.sign(np.cumsum(Q - P)[:-1])
    return np.concatenate([[0.0], np.cumsum(slopes * np.diff(PLACES))])


def codes(fake, real):
    return LeastSquares(fake_code=fake, real_code=real), (real * P + fake * Q) / (P + Q)


def relativistic_average(outputs):
    """log 2 - L_D / 2 by its formula, for outputs at the places."""
    above, below = outputs - Q @ outputs, outputs - P @ outputs
    sigmoid = 1 / (1 + np.exp(-np.array([above, below])))
    return np.log(2) + (P @ np.log(sigmoid[0]) + Q @ np.log(1 - sigmoid[1])) / 2


MOST = minimize(lambda outputs: -relativistic_average(outputs), np.log(P / Q), tol=1e-10)
TRIANGULAR = np.sum((P - Q) ** 2 / (P + Q))
CASES = {
    "minimax": (Minimax(), np.log(P / Q), jensen_shannon(P, Q)),
    "non_saturating": (NonSaturating(), np.log(P / Q), jensen_shannon(P, Q)),
    "hinge": (Hinge(), np.sign(P - Q), np.abs(P - Q).sum() / 2),
    "least_squares": (*codes(0.0, 1.0), TRIANGULAR),
    "least_squares, -1 to 1": (*codes(-1.0, 1.0), TRIANGULAR),
    "least_squares, 2 to 7": (*codes(2.0, 7.0), TRIANGULAR),
    "relativistic": (
        Relativistic(),
        np.log(P / Q),
        jensen_shannon(np.outer(P, Q), np.outer(Q, P)),
    ),
    "relativistic_average": (RelativisticAverage(), MOST.x, -MOST.fun),
    "wgan": (Wgan(), potential(), wasserstein_distance(PLACES, PLACES, P, Q)),
    "wgan_gp": (WganGp(), potential(), wasserstein_distance(PLACES, PLACES, P, Q)),
}


measure = jax.jit(lambda objective, real, fake: objective.estimate(real, fake))


def estimate(objective, outputs):
    """The estimate from examples that occur exactly as often as p and q say."""
    real, fake = (np.repeat(outputs, counts) for counts in (P_COUNTS, Q_COUNTS))
    return float(measure(objective, real, fake))


@pytest.mark.parametrize("case", CASES)
def test_the_estimate_at_the_optimal_output_is_the_divergence(case):
    objective, best, divergence = CASES[case]
    np.testing.assert_allclose(estimate(objective, best), divergence, rtol=1e-5)


@pytest.mark.parametrize("case", [case for case in CASES if "wgan" not in case])
def test_any_other_output_gives_less(case):
    objective, best, divergence = CASES[case]
    for outputs in 3 * np.random.default_rng(0).normal(size=(50, len(PLACES))):
        assert estimate(objective, outputs) <= divergence + 1e-6
        assert estimate(objective, best + 0.1 * outputs) <= divergence + 1e-5


def test_any_other_lipschitz_output_gives_less():
    objective, _, divergence = CASES["wgan"]
    for slopes in np.random.default_rng(0).uniform(-1, 1, size=(50, len(PLACES) - 1)):
        outputs = np.concatenate([[0.0], np.cumsum(slopes * np.diff(PLACES))])
        assert estimate(objective, outputs) <= divergence + 1e-5


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case.startswith(("wgan", "relativistic_"))]
)
def test_the_boundary_is_where_data_and_samples_are_equally_likely(case):
    objective, best, _ = CASES[case]
    np.testing.assert_array_equal(best > objective.boundary, P > Q)


@pytest.mark.parametrize("objective", [Relativistic(), RelativisticAverage()])
def test_relativistic_games_see_differences_of_outputs_alone(objective):
    real, fake = jax.random.normal(jax.random.key(0), (2, 50))
    for measured in (objective.estimate, objective.accuracy):
        np.testing.assert_allclose(measured(real + 7, fake + 7), measured(real, fake), atol=1e-5)
    assert objective.estimate(real, real) <= 0
    assert objective.accuracy(real + 9, fake) == 1 - objective.accuracy(real - 9, fake) == 1


def test_disjoint_distributions_are_as_far_apart_as_can_be():
    sure = jnp.full(4, 1e4)
    np.testing.assert_allclose(Minimax().estimate(sure, -sure), np.log(2), rtol=1e-6)
    np.testing.assert_allclose(Hinge().estimate(sure, -sure), 1, rtol=1e-6)
    for objective in (Relativistic(), RelativisticAverage()):
        np.testing.assert_allclose(objective.estimate(sure, -sure), np.log(2), rtol=1e-6)
    one = jnp.ones(4)
    np.testing.assert_allclose(LeastSquares().estimate(one, 0 * one), 2, rtol=1e-6)


def test_two_normals():
    """JS of N(0, 1) and N(1, 1) from evenly spaced quantiles, against the integral."""

    def integrand(x):
        p, q = norm.pdf(x), norm.pdf(x, 1)
        m = (p + q) / 2
        return (p * np.log(p / m) + q * np.log(q / m)) / 2

    quantiles = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    logits = [jnp.asarray(0.5 - x) for x in (quantiles, quantiles + 1)]
    np.testing.assert_allclose(Minimax().estimate(*logits), quad(integrand, -12, 12)[0], rtol=1e-3)


@pytest.mark.parametrize(
    ("objective", "meaning"),
    [
        (Minimax(), lambda p, q: 2 * jensen_shannon(p, q)),
        (NonSaturating(), lambda p, q: kl(q, p) - 2 * jensen_shannon(p, q)),
    ],
    ids=["minimax", "non_saturating"],
)
def test_the_gradient_of_the_generator_at_the_optimal_output(objective, meaning):
    """G shifts N(0, 1) by 1; data are N(0, 1.5^2); D is at its optimum and held there."""
    line = np.linspace(-15, 15, 30_001)
    data = norm.pdf(line, scale=1.5) * (line[1] - line[0])

    def divergence(shift):
        return meaning(data, norm.pdf(line, shift) * (line[1] - line[0]))

    def D(x, _):
        log_p = -jnp.square(x[:, 0] / 1.5) / 2 - np.log(1.5)
        return log_p + jnp.square(x[:, 0] - 1) / 2

    z = jnp.asarray(norm.ppf((np.arange(50_000) + 0.5) / 50_000), jnp.float32)[:, None]
    loss = jax.grad(lambda shift: objective.generator_loss(D, z, z + shift, jax.random.key(0)))
    slope = (divergence(1 + 1e-4) - divergence(1 - 1e-4)) / 2e-4
    np.testing.assert_allclose(loss(1.0), slope, rtol=2e-3)


@pytest.mark.parametrize(("a", "b", "c"), [(-1.0, 1.0, 0.0), (0.0, 1.0, 1.0), (2.0, 7.0, 3.0)])
def test_what_least_squares_says_of_g_at_the_optimum_of_d(a, b, c):
    def cost(q):
        D = (b * P + a * q) / (P + q)
        return (P @ (D - c) ** 2 + q @ (D - c) ** 2) / 2

    expected = (b - a) ** 2 * TRIANGULAR / 8 + (a + b - 2 * c) ** 2 / 4
    np.testing.assert_allclose(cost(Q), expected)
    pearson = np.sum((2 * Q - (P + Q)) ** 2 / (P + Q))
    np.testing.assert_allclose(pearson, TRIANGULAR)
    along = np.array([1.0, -2.0, 3.0, -2.0]) / 1e6
    slope = (cost(Q + along) - cost(Q - along)) / 2
    own = along @ (((b * P + a * Q) / (P + Q) - c) ** 2) / 2
    assert abs(slope - own) > 0.01 * abs(slope)


def test_the_gradient_of_g_at_the_hinge_optimum_is_that_of_twice_tv():
    along = np.array([1.0, -2.0, 3.0, -2.0]) / 1e6
    slope = (np.abs(P - Q - along).sum() - np.abs(P - Q + along).sum()) / 2
    np.testing.assert_allclose(slope, -along @ np.sign(P - Q), rtol=1e-6)
