"""The gradient penalty against critics whose slope is known by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.objectives.base import total
from gan_cli.objectives.penalties import gradient_penalty, slopes
from gan_cli.objectives.wgan_gp import WganGp

KEY = jax.random.key(0)
penalty = jax.jit(gradient_penalty, static_argnums=0)
POINTS = np.array([[1.0, 2.0], [-0.5, 0.3], [0.0, -1.2]])
A = np.array([[0.7, -0.4], [-0.4, 1.1]])
B = np.array([0.2, -0.6])


def quadratic(a, b):
    """D(x) = x'Ax / 2 + b'x, whose gradient is Ax + b for a symmetric A."""
    return lambda x, _: jnp.einsum("ni,ij,nj->n", x, (a + a.T) / 2, x) / 2 + x @ b


def expected(a, b, x):
    return ((np.linalg.norm(x @ (a + a.T) / 2 + b, axis=1) - 1) ** 2).mean()


def at_points(a, b):
    """The penalty where data and samples agree, so that nothing lies between them."""
    x = jnp.asarray(POINTS, jnp.float32)
    return gradient_penalty(quadratic(a, b), x, x, KEY)


def test_a_linear_critic_has_one_slope_everywhere():
    w = jnp.array([3.0, 4.0])
    far, near = jnp.asarray(POINTS, jnp.float32), jnp.zeros((3, 2))
    np.testing.assert_allclose(slopes(lambda x, _: x @ w, far, None), [5, 5, 5], rtol=1e-6)
    np.testing.assert_allclose(penalty(lambda x, _: x @ w, far, near, KEY), 16, 1e-6)


def test_a_quadratic_critic_has_the_slope_of_its_derivative():
    a, b = jnp.asarray(A, jnp.float32), jnp.asarray(B, jnp.float32)
    found = slopes(quadratic(a, b), jnp.asarray(POINTS, jnp.float32), None)
    np.testing.assert_allclose(found, np.linalg.norm(POINTS @ A + B, axis=1), rtol=1e-5)
    np.testing.assert_allclose(jax.jit(at_points)(a, b), expected(A, B, POINTS), rtol=1e-5)


def test_its_gradient_in_the_parameters_is_that_of_finite_differences():
    a, b = jnp.asarray(A, jnp.float32), jnp.asarray(B, jnp.float32)
    of_a, of_b = jax.jit(jax.grad(at_points, argnums=(0, 1)))(a, b)
    h = 1e-6
    for i in range(2):
        step = h * np.eye(2)[i]
        slope = (expected(A, B + step, POINTS) - expected(A, B - step, POINTS)) / (2 * h)
        np.testing.assert_allclose(of_b[i], slope, rtol=1e-4)
        for j in range(2):
            step = h * np.outer(np.eye(2)[i], np.eye(2)[j])
            slope = (expected(A + step, B, POINTS) - expected(A - step, B, POINTS)) / (2 * h)
            np.testing.assert_allclose(of_a[i, j], slope, rtol=1e-4, atol=1e-6)


def test_points_are_uniform_on_the_line_between_data_and_samples():
    """With D(x) = x^2 / 2 between 1 and 3, E (|x| - 1)^2 is the integral of u^2 / 2 over [0, 2]."""
    n = 20_000
    real, fake = jnp.full((n, 1), 3.0), jnp.full((n, 1), 1.0)
    found = penalty(lambda x, _: jnp.square(x).sum(axis=1) / 2, real, fake, KEY)
    error = np.sqrt(16 / 5 - (4 / 3) ** 2) / np.sqrt(n)
    assert abs(found - 4 / 3) < 4 * error


def test_the_pixels_of_an_image_are_mixed_by_one_number():
    """D is flat at images of one colour, so the slope stays 0 only if no image gets mottled."""

    def contrast(x, _):
        return jnp.square(x - x.mean(axis=(1, 2, 3), keepdims=True)).sum(axis=(1, 2, 3))

    real, fake = jnp.ones((5, 4, 4, 1)), jnp.zeros((5, 4, 4, 1))
    np.testing.assert_allclose(penalty(contrast, real, fake, KEY), 1, rtol=1e-5)


@pytest.mark.parametrize("w", [[0.0, 0.0], [1e-30, 0.0], [1e-12, 0.0]], ids=str)
def test_where_the_critic_is_flat_all_derivatives_are_finite(w):
    x = jnp.asarray(POINTS, jnp.float32)

    def of_parameters(w):
        return gradient_penalty(lambda x, _: x @ w, x, -x, KEY)

    for order in (of_parameters, jax.grad(of_parameters), jax.hessian(of_parameters)):
        assert np.isfinite(jax.jit(order)(jnp.array(w))).all()
    np.testing.assert_allclose(of_parameters(jnp.array(w)), 1, rtol=1e-6)


def test_a_dead_layer_leaves_the_penalty_and_its_gradient_finite():
    x = jnp.asarray(POINTS, jnp.float32)

    def loss(w):
        def D(x, _):
            return jax.nn.relu(x @ w["in"] - 100.0) @ w["out"]

        return total(WganGp().discriminator_loss(D, x, x, KEY))

    value, slope = jax.jit(jax.value_and_grad(loss))({"in": jnp.ones((2, 4)), "out": jnp.ones(4)})
    np.testing.assert_allclose(value, 10, rtol=1e-6)
    assert all((leaf == 0).all() for leaf in jax.tree.leaves(slope))


def test_the_weight_multiplies_the_penalty():
    x = jnp.asarray(POINTS, jnp.float32)
    D = quadratic(jnp.asarray(A, jnp.float32), jnp.asarray(B, jnp.float32))
    loss = jax.jit(lambda objective: total(objective.discriminator_loss(D, x, x, KEY)))
    losses = [loss(WganGp(penalty=w)) for w in (0.0, 1.0, 10.0)]
    assert losses[0] == 0
    np.testing.assert_allclose(losses[1], expected(A, B, POINTS), rtol=1e-5)
    np.testing.assert_allclose(losses[2], 10 * losses[1], rtol=1e-5)
