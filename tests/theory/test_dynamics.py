"""The Dirac-GAN as the training step plays it, against closed forms and a loop written out."""

import functools
import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import expit

from gan_cli.config import Recipe
from gan_cli.objectives.base import total
from gan_cli.regularizers.instance_noise import InstanceNoise
from gan_cli.theory import dirac, dynamics
from gan_cli.theory.dirac_updates import UPDATES, descent, objective, rates, recipe, trained
from gan_cli.theory.findings.dynamics import after, numbers_of, verdict
from gan_cli.theory.linear_dynamics import F_SLOPES, SLOPES, Settings
from gan_cli.training.joint_updates import first_look

AGREED = 1e-7
LIGHT = ("simultaneous", "alternating", "r1", "optimistic", "extra_gradient", "consensus")


@functools.cache
def found(method: str, **changes: object) -> dynamics.Dynamics:
    return dynamics.dynamics((method,), Settings(**changes))[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("method", LIGHT)
def test_differentiation_and_fit_give_the_closed_form(method: str) -> None:
    each = found(method, gamma=0.6, step=0.2)
    assert each.error is not None
    assert each.error < AGREED
    assert each.bent < 1e-8
    assert (each.automatic is None) == (each.flow is None)


@pytest.mark.slow
@pytest.mark.parametrize("method", sorted({*dynamics.METHODS} - {*LIGHT}))
def test_so_do_the_other_methods(method: str) -> None:
    each = found(method, gamma=0.6, step=0.2, sigma=1.1, eta=0.8, unroll=3, unroll_rate=0.3)
    assert each.error is not None
    assert each.error < AGREED


OTHERS = [
    *itertools.product(
        ("r1", "instance_noise", "optimistic"), ("non_saturating", "relativistic", "wgan", "hinge")
    ),
    ("instance_noise", "least_squares"),
    ("unrolled", "f_gan"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "game"), OTHERS)
def test_so_do_other_games(method: str, game: str) -> None:
    each = found(method, objective=game, divergence="kl")
    assert each.error is not None
    assert each.error < AGREED


GAMES = [(game, "gan") for game in SLOPES] + [("f_gan", name) for name in F_SLOPES]


@pytest.mark.parametrize(("game", "divergence"), GAMES)
def test_the_slopes_are_those_of_the_losses(game: str, divergence: str) -> None:
    """By differences of the losses in D's outputs on data and on a sample."""
    s = Settings(objective=game, divergence=divergence)
    slope, curvature = s.slopes
    made, h = objective(s), 1e-3
    level = float(made.boundary)

    def losses(real: float, fake: float) -> np.ndarray:
        at = [jnp.array([[level + each]]) for each in (real, fake)]
        given = (lambda x, _: x[:, 0], *at, jax.random.key(0))
        found = (made.discriminator_loss(*given), made.generator_loss(*given))
        return np.array([float(total(each)) for each in found])

    with dirac.float64():
        here, up, down = losses(0, 0), losses(0, h), losses(0, -h)
        right, left = losses(h, 0), losses(-h, 0)
    of_d, of_g = (up - down) / (2 * h)
    assert of_d == pytest.approx(slope, abs=1e-5)
    assert of_g == pytest.approx(-slope, abs=1e-5)
    second = (up + down + right + left - 4 * here)[0] / h**2
    assert second == pytest.approx(-2 * curvature, abs=1e-5)


def test_steps_that_float64_does_not_hold_are_told() -> None:
    path = np.full((3, dynamics.STEPS + 1, 2), 0.5)
    path[1, 7:] = np.nan
    path[2, 9] = np.inf
    over = found("simultaneous")._replace(trajectories=path)
    assert over.overflows == [None, 7, 9]
    numbers = numbers_of(over)
    assert numbers["distances_at_the_end"][:2] == [pytest.approx(0.5**0.5), None]
    first = over._replace(trajectories=path[[1, 0, 0]])
    assert after(first) == "overflow at 7"
    assert verdict(first._replace(step=(0.5 + 0j, 0.5 + 0j))) == "converges, but not from afar"


def test_trajectories_are_those_of_a_loop_written_out() -> None:
    """theta += h psi s, psi -= h theta s with s = sigmoid(psi theta), both from the same point."""
    each, (theta, psi) = found("simultaneous"), dynamics.STARTS[0]
    expected = [(theta, psi)]
    for _ in range(dynamics.STEPS):
        rate = 0.1 * expit(psi * theta)
        theta, psi = theta + rate * psi, psi - rate * theta
        expected.append((theta, psi))
    np.testing.assert_allclose(each.trajectories[0], expected, rtol=1e-9)
    assert each.distances[0, -1] > each.distances[0, 0]


def test_the_portrait_shows_the_first_step_from_each_point() -> None:
    each = found("simultaneous")
    side = np.linspace(-dynamics.EXTENT, dynamics.EXTENT, dynamics.ARROWS)
    theta, psi = np.meshgrid(side, side)
    rate = 0.1 * expit(psi * theta)
    np.testing.assert_allclose(each.moves[..., 0], rate * psi, atol=1e-12)
    np.testing.assert_allclose(each.moves[..., 1], -rate * theta, atol=1e-12)


def test_at_a_kink_there_is_no_jacobian() -> None:
    each = found("simultaneous", objective="wgan_gp")
    assert "kink" in each.kink
    assert each.flow is each.automatic is each.step is each.measured is None
    assert each.error is each.predicted_modulus is each.measured_modulus is None
    assert np.isfinite(each.trajectories).all()


def gradients(made: Recipe, theta: float, psi: float) -> np.ndarray:
    with dirac.float64():
        game, state = dirac.play(made)
        at = dirac.at(state, jnp.float64(theta), jnp.float64(psi))
        of_g, of_d = jax.jit(lambda: first_look(game, at).gradients)()
        return np.array([of_g["theta"], of_d["psi"]])


def test_quadrature_is_the_mean_of_what_instance_noise_draws() -> None:
    s = Settings(sigma=0.8)
    exact = gradients(recipe(s, objective=dirac.Blurred(game=objective(s), std=0.8)), 0.5, -0.9)
    drawn = gradients(
        recipe(s, batch_size=200_000, regularizer={"noise": InstanceNoise(std=0.8)}), 0.5, -0.9
    )
    none = gradients(recipe(s), 0.5, -0.9)
    np.testing.assert_allclose(drawn, exact, atol=5e-3)
    assert np.abs(none - exact).max() > 0.05


@pytest.mark.slow
def test_unrolling_at_one_rate_is_what_gan_train_does() -> None:
    s = Settings(step=0.2, unroll=3, unroll_rate=0.2)
    with dirac.float64():
        (ours, start), (theirs, _) = UPDATES["unrolled"](s), trained(s, unroll=3)
        state = dirac.at(start, jnp.float64(0.7), jnp.float64(-0.4))
        points = [np.asarray(dirac.parameters(jax.jit(each)(state))) for each in (ours, theirs)]
    np.testing.assert_allclose(*points, rtol=1e-12)


def test_nothing_else_in_the_process_becomes_float64() -> None:
    with dirac.float64():
        assert jnp.zeros(1).dtype == jnp.float64
        assert dirac.play(recipe(Settings()))[1].step.dtype == jnp.int32
    assert jnp.zeros(1).dtype == jnp.float32
    assert rates(descent(0.1), descent(0.2))["optimizer"].generator.learning_rate == 0.1
