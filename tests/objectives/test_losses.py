"""The losses are the published formulas, written out in NumPy in double precision."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import gan_cli.objectives  # noqa: F401  (registers them all)
from gan_cli.component import REGISTRY
from gan_cli.objectives.base import total

KEY = jax.random.key(0)
REAL = np.array([2.5, -0.3, 0.9, -1.7, 0.0, 4.0])
FAKE = np.array([-2.0, 0.4, 1.6, -0.8, 0.1])
PAIRED = REAL, np.resize(FAKE, REAL.shape)


def sigmoid(t):
    return 1 / (1 + np.exp(-t))


def of_minimax_discriminator(real, fake):
    return -np.log(sigmoid(real)).mean() - np.log(1 - sigmoid(fake)).mean()


FORMULAS = [
    (
        "minimax",
        {},
        of_minimax_discriminator,
        lambda fake: np.log(1 - sigmoid(fake)).mean(),
    ),
    (
        "non_saturating",
        {},
        of_minimax_discriminator,
        lambda fake: -np.log(sigmoid(fake)).mean(),
    ),
    (
        "least_squares",
        {},
        lambda real, fake: ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2,
        lambda fake: ((fake - 1) ** 2).mean() / 2,
    ),
    (
        "least_squares",
        {"fake_code": -1.0, "real_code": 3.0, "target": 0.5},
        lambda real, fake: ((real - 3) ** 2).mean() / 2 + ((fake + 1) ** 2).mean() / 2,
        lambda fake: ((fake - 0.5) ** 2).mean() / 2,
    ),
    (
        "hinge",
        {},
        lambda real, fake: np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean(),
        lambda fake: -fake.mean(),
    ),
    (
        "wgan",
        {},
        lambda real, fake: fake.mean() - real.mean(),
        lambda fake: -fake.mean(),
    ),
    (  # the critic below has slope 3 everywhere
        "wgan_gp",
        {"penalty": 7.0},
        lambda real, fake: fake.mean() - real.mean() + 7 * (3 - 1) ** 2,
        lambda fake: -fake.mean(),
    ),
]


def D(x, _):
    """A critic of slope 3, so that a third of an output is an input with that output."""
    return 3 * x[:, 0]


def as_input(outputs):
    """The examples to which that critic gives these outputs, (N, 1)."""
    return jnp.asarray(outputs[:, None] / 3, jnp.float32)


@pytest.mark.parametrize(
    ("name", "values", "discriminator", "generator"), FORMULAS, ids=[f[0] for f in FORMULAS]
)
def test_the_losses_are_their_formulas(name, values, discriminator, generator):
    objective = REGISTRY["objective"][name](**values)
    real, fake = (jnp.asarray(x[:, None] / 3, jnp.float32) for x in (REAL, FAKE))
    fake_again = jnp.resize(fake, real.shape)  # the penalty pairs data with samples
    found = total(objective.discriminator_loss(D, real, fake_again, KEY))
    np.testing.assert_allclose(found, discriminator(REAL, np.resize(FAKE, REAL.shape)), rtol=1e-5)
    found = objective.generator_loss(D, real, fake, KEY)
    np.testing.assert_allclose(found, generator(FAKE), rtol=1e-5)


def test_the_losses_of_pairs_are_their_formulas():
    objective, real, fake = REGISTRY["objective"]["relativistic"](), *PAIRED
    for loss, margin in (
        (objective.discriminator_loss, real - fake),
        (objective.generator_loss, fake - real),
    ):
        found = loss(D, as_input(real), as_input(fake), KEY)
        np.testing.assert_allclose(found, -np.log(sigmoid(margin)).mean(), rtol=1e-5)


def test_the_relativistic_average_losses_are_their_formulas():
    objective, real, fake = REGISTRY["objective"]["relativistic_average"](), *PAIRED
    for loss, high, low in (
        (objective.discriminator_loss, real, fake),
        (objective.generator_loss, fake, real),
    ):
        expected = -np.log(sigmoid(high - low.mean())).mean()
        expected -= np.log(1 - sigmoid(low - high.mean())).mean()
        found = loss(D, as_input(real), as_input(fake), KEY)
        np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("size", [30.0, 100.0, 1e4])
def test_logits_beyond_the_reach_of_exp_keep_their_losses(size):
    """Where a sigmoid in float32 is 0 or 1, the losses are still linear in the logit."""
    wrong = jnp.full((4, 1), size / 3)
    minimax, non_saturating = (
        REGISTRY["objective"][name]() for name in ("minimax", "non_saturating")
    )
    np.testing.assert_allclose(
        minimax.discriminator_loss(D, -wrong, wrong, KEY), 2 * size, rtol=1e-6
    )
    np.testing.assert_allclose(minimax.generator_loss(D, wrong, wrong, KEY), -size, rtol=1e-6)
    np.testing.assert_allclose(non_saturating.generator_loss(D, wrong, -wrong, KEY), size, 1e-6)


def test_only_the_minimax_generator_saturates():
    """Where D is sure of a sample, minimax has next to no gradient, non_saturating a full one."""
    sure = jnp.full((1, 1), -20.0 / 3)

    def slope(name):
        objective = REGISTRY["objective"][name]()
        return jax.grad(lambda fake: objective.generator_loss(D, sure, fake, KEY))(sure).item()

    np.testing.assert_allclose(slope("minimax"), -3 * np.exp(-20.0), rtol=1e-4)
    np.testing.assert_allclose(slope("non_saturating"), -3, rtol=1e-4)
