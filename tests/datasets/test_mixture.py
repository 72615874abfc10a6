import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from gan_cli.datasets.gaussian import Gaussian
from gan_cli.datasets.grid import Grid
from gan_cli.datasets.ring import Ring

MIXTURES = [
    Gaussian(centres=(-1.0, 0.5, 2.0), std=(0.1, 0.5, 1.0), weights=(1.0, 2.0, 5.0)),
    Ring(radius=1.3, std=0.3),
    Grid(side=3, spacing=0.7, std=0.2),
]


def density(mixture, x):
    """The density by another library, one mode at a time."""
    modes = mixture.modes()
    return sum(
        weight * multivariate_normal(centre, std**2 * np.eye(len(centre))).pdf(x)
        for centre, std, weight in zip(*modes, strict=True)
    )


def points(mixture, n=50):
    return np.random.default_rng(0).normal(0, 1.5, (n, *mixture.shape)).astype(np.float32)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_log_prob_is_that_of_scipy(mixture):
    x = points(mixture)
    with jax.numpy_rank_promotion("raise"):
        ours = mixture.log_prob(x)
    np.testing.assert_allclose(ours, np.log(density(mixture, x)), rtol=1e-4, atol=1e-4)


def test_log_prob_stays_finite_far_from_every_mode():
    far = jnp.full((1, 2), 100.0)
    value, slope = jax.value_and_grad(lambda x: Ring(std=0.01).log_prob(x)[0])(far)
    assert np.isfinite(value)
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("mixture", MIXTURES)
def test_the_gradient_in_x_pulls_towards_the_modes(mixture):
    x = points(mixture)
    centres, std, weights = mixture.modes()
    parts = np.stack(
        [
            weight * multivariate_normal(centre, s**2 * np.eye(len(centre))).pdf(x)
            for centre, s, weight in zip(centres, std, weights, strict=True)
        ],
        axis=1,
    )
    pull = (centres[None] - x[:, None]) / std[None, :, None] ** 2
    score = (parts[..., None] * pull).sum(1) / parts.sum(1, keepdims=True)
    ours = jax.grad(lambda x: mixture.log_prob(x).sum())(jnp.asarray(x))
    np.testing.assert_allclose(ours, score, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_fields_may_be_traced(mixture):
    x, key = points(mixture), jax.random.key(0)
    with jax.numpy_rank_promotion("raise"):
        density = jax.jit(lambda mixture, x: mixture.log_prob(x))(mixture, x)
        sample = jax.jit(lambda mixture, key: mixture.sample(key, 40))(mixture, key)
    np.testing.assert_allclose(density, mixture.log_prob(x), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(sample, mixture.sample(key, 40), rtol=1e-5, atol=1e-6)


def test_lanes_with_their_own_radius_and_std():
    def draw(ring, key):
        x = ring.sample(key, 20)
        return x, ring.log_prob(x)

    rings = [Ring(radius=1.0, std=0.1), Ring(radius=2.0, std=0.2), Ring(radius=3.0, std=0.3)]
    lanes = jax.tree.map(lambda *leaves: jnp.stack(leaves), *rings)
    keys = jax.random.split(jax.random.key(1), 3)
    samples, densities = jax.jit(jax.vmap(draw))(lanes, keys)
    single = jax.jit(draw)
    for i, ring in enumerate(rings):
        sample, density = single(ring, keys[i])
        np.testing.assert_allclose(samples[i], sample, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(densities[i], density, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(samples, axis=-1).mean(1), [1, 2, 3], rtol=0.1)


def test_each_mode_has_its_weight_centre_and_std():
    mixture = Gaussian(centres=(-20.0, 0.0, 20.0), std=(0.5, 1.0, 2.0), weights=(1.0, 2.0, 1.0))
    x = np.asarray(mixture.sample(jax.random.key(0), 40_000))[:, 0]
    parts = [x[x < -10], x[(x > -10) & (x < 10)], x[x > 10]]
    np.testing.assert_allclose([len(part) / len(x) for part in parts], [0.25, 0.5, 0.25], atol=0.01)
    np.testing.assert_allclose([part.mean() for part in parts], [-20, 0, 20], atol=0.08)
    np.testing.assert_allclose([part.std() for part in parts], [0.5, 1, 2], rtol=0.03)


@pytest.mark.parametrize("mixture", MIXTURES)
def test_modes_are_host_arrays_whose_weights_sum_to_one(mixture):
    centres, std, weights = mixture.modes()
    assert {type(part) for part in (centres, std, weights)} == {np.ndarray}
    assert centres.shape == (len(std), *mixture.shape)
    assert std.shape == weights.shape
    np.testing.assert_allclose(weights.sum(), 1)
