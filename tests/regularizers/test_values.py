"""The penalties against discriminators whose slopes are known by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from gan_cli.optimizers.schedules import Schedule
from gan_cli.regularizers.dragan import Dragan
from gan_cli.regularizers.gradient_penalty import GradientPenalty
from gan_cli.regularizers.instance_noise import InstanceNoise
from gan_cli.regularizers.label_smoothing import LabelSmoothing
from gan_cli.regularizers.r1 import R1
from gan_cli.regularizers.r2 import R2

KEY = jax.random.key(0)
REAL = np.array([[1.0, 2.0], [-0.5, 0.3], [0.0, -1.2]])
FAKE = np.array([[0.4, -1.0], [2.0, 0.1], [0.7, 0.6]])
A = np.array([[0.7, -0.4], [-0.4, 1.1]])
B = np.array([0.2, -0.6])
W = jnp.array([3.0, 4.0])


def quadratic(a, b):
    """D(x) = x'Ax / 2 + b'x, whose gradient is Ax + b for a symmetric A."""
    return lambda x, _: jnp.einsum("ni,ij,nj->n", x, (a + a.T) / 2, x) / 2 + x @ b


def linear(x, _):
    """A discriminator of slope 5 everywhere."""
    return x @ W


@jax.jit
def term(regularizer, b):
    real, fake = (jnp.asarray(x, jnp.float32) for x in (REAL, FAKE))
    return regularizer.term(quadratic(jnp.asarray(A, jnp.float32), b), real, fake, KEY)


def half_square(points, b):
    return (np.linalg.norm(points @ A + b, axis=1) ** 2).mean() / 2


@pytest.mark.parametrize(
    ("regularizer", "expected"),
    [
        (R1(weight=3.0), lambda b: 3 * half_square(REAL, b)),
        (R2(weight=0.2), lambda b: 0.2 * half_square(FAKE, b)),
        (
            LabelSmoothing(weight=0.3),
            lambda b: 0.3 * (np.einsum("ni,ij,nj->n", REAL, A, REAL) / 2 + REAL @ b).mean(),
        ),
        (
            Dragan(weight=2.0, spread=0.0),
            lambda b: 2 * ((np.linalg.norm(REAL @ A + b, axis=1) - 1) ** 2).mean(),
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_quadratic_d_has_the_penalty_of_its_formula(regularizer, expected):
    b = jnp.asarray(B, jnp.float32)
    np.testing.assert_allclose(term(regularizer, b), expected(B), rtol=1e-5)
    steps = 1e-6 * np.eye(2)
    slopes = [(expected(B + step) - expected(B - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(jax.grad(term, argnums=1)(regularizer, b), slopes, rtol=1e-4)


@pytest.mark.parametrize("made", [R1, R2])
@pytest.mark.parametrize("every", [1, 2])
def test_gamma_follows_its_schedule_by_the_step(made, every):
    regularizer = made(
        weight=3.0, every=every, schedule=Schedule(kind="linear", steps=100, end=1.0)
    )
    x = jnp.asarray(REAL, jnp.float32)
    for step, gamma in ((0, 3.0), (50, 2.0), (200, 1.0)):
        found = regularizer.term(linear, x, x, KEY, step, 1)
        np.testing.assert_allclose(found, every * gamma * 25 / 2, rtol=1e-6)


@pytest.mark.parametrize("made", [GradientPenalty, Dragan])
def test_a_linear_d_has_one_slope_everywhere(made):
    real, fake = (jnp.asarray(x, jnp.float32) for x in (REAL, FAKE))
    np.testing.assert_allclose(made(weight=2.0).term(linear, real, fake, KEY, 0), 32, rtol=1e-5)


def test_dragan_looks_around_the_data_as_far_as_its_spread():
    """With D(x) = x^2 / 2 at data of mean 0 and variance 4, E (|x + d| - 1)^2 is known."""
    n, spread = 40_000, 1.5
    real = jnp.asarray(norm.ppf((np.arange(n) + 0.5) / n, scale=2), jnp.float32)[:, None]
    found = Dragan(spread=spread).penalty(
        lambda x, _: jnp.square(x).sum(axis=1) / 2, real, jnp.zeros((n, 1)), KEY
    )
    variance = 4 * (1 + spread**2)
    np.testing.assert_allclose(found, variance - 2 * np.sqrt(2 * variance / np.pi) + 1, rtol=0.03)


def test_smoothed_labels_are_the_cross_entropy_of_the_label_they_name():
    logits = np.linspace(-3, 3, 7)
    sigmoid = 1 / (1 + np.exp(-logits))
    expected = -(0.8 * np.log(sigmoid) + 0.2 * np.log(1 - sigmoid)).mean()
    x = jnp.asarray(logits, jnp.float32)[:, None]
    added = LabelSmoothing(weight=0.2).term(lambda x, _: x[:, 0], x, x, KEY)
    np.testing.assert_allclose(jax.nn.softplus(-x).mean() + added, expected, rtol=1e-5)


@pytest.mark.parametrize(("step", "std"), [(0, 0.4), (25, 0.3), (75, 0.1), (100, 0.0), (200, 0.0)])
def test_the_noise_falls_linearly_to_nothing(step, std):
    x = jnp.zeros((20_000, 2))
    seen = InstanceNoise(std=0.4, steps=100).opponent(lambda x, _: x, jnp.int32(step))(x, KEY)
    np.testing.assert_allclose(seen.std(), std, rtol=0.02)
    np.testing.assert_allclose(seen.mean(), 0, atol=0.01)
    assert (std == 0) == bool((seen == x).all())


def test_data_and_samples_meet_different_noise_and_dropout_keeps_its_key():
    keys = []

    def D(x, key):
        keys.append(key)
        return x

    noisy = InstanceNoise().opponent(D, 0)
    one, other = (noisy(jnp.zeros((4, 2)), key) for key in jax.random.split(KEY))
    assert (one != other).all()
    assert all((a == b).all() for a, b in zip(keys, jax.random.split(KEY), strict=True))
