"""Every optimizer is the rule of its paper, written out in NumPy, and optax's own."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from gan_cli.errors import UsageError
from gan_cli.loading import construct
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.optimistic_adam import OptimisticAdam
from gan_cli.optimizers.optimistic_sgd import OptimisticSgd
from gan_cli.optimizers.rmsprop import Rmsprop
from gan_cli.optimizers.schedules import Schedule
from gan_cli.optimizers.sgd import Sgd

GRADIENTS = np.random.default_rng(0).normal(size=(6, 4)) * [1.0, 1e-3, 10.0, 1e-8]
"""Six gradients of four parameters of very different sizes."""

RATES = 0.1 * 0.5 ** (np.arange(6) / 3)
HALVES = Schedule(kind="exponential", steps=3, rate=0.5)


def adam(gradients, rates, b1=0.5, b2=0.9, eps=1e-3):
    """Kingma and Ba 2015, Algorithm 1: eps is outside the root, after the bias corrections."""
    w = m = v = np.zeros(gradients.shape[1])
    for t, (g, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        w = w - rate * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return w


def rmsprop(gradients, rates, decay=0.9, eps=1e-3):
    """As PyTorch computes it: from a moment of zero, no bias correction, eps outside the root."""
    w = v = np.zeros(gradients.shape[1])
    for g, rate in zip(gradients, rates, strict=True):
        v = decay * v + (1 - decay) * g**2
        w = w - rate * g / (np.sqrt(v) + eps)
    return w


def sgd(gradients, rates, momentum=0.7):
    """The sum of gradients decays; the rate of the step multiplies all of it."""
    w = velocity = np.zeros(gradients.shape[1])
    for g, rate in zip(gradients, rates, strict=True):
        velocity = momentum * velocity + g
        w = w - rate * velocity
    return w


def optimistic_sgd(gradients, rates, optimism=0.8):
    """The last change of the gradient is expected once more; at first there was none."""
    w, before = np.zeros(gradients.shape[1]), gradients[0]
    for g, rate in zip(gradients, rates, strict=True):
        w = w - rate * ((1 + optimism) * g - optimism * before)
        before = g
    return w


def optimistic_adam(gradients, rates, b1=0.5, b2=0.9, eps=1e-3, optimism=0.8):
    """Daskalakis et al. 2018, Algorithm 1: the same for the direction of Adam."""
    w = m = v = np.zeros(gradients.shape[1])
    before = None
    for t, (g, rate) in enumerate(zip(gradients, rates, strict=True), 1):
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        direction = m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps)
        before = direction if before is None else before
        w = w - rate * ((1 + optimism) * direction - optimism * before)
        before = direction
    return w


CASES = {
    "adam": (
        Adam(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-3, schedule=HALVES),
        adam,
        lambda rate: optax.adam(rate, b1=0.5, b2=0.9, eps=1e-3),
    ),
    "rmsprop": (
        Rmsprop(learning_rate=0.1, decay=0.9, eps=1e-3, schedule=HALVES),
        rmsprop,
        lambda rate: optax.rmsprop(rate, decay=0.9, eps=1e-3, eps_in_sqrt=False),
    ),
    "sgd": (
        Sgd(learning_rate=0.1, momentum=0.7, schedule=HALVES),
        sgd,
        lambda rate: optax.sgd(rate, momentum=0.7),
    ),
    "optimistic_sgd": (
        OptimisticSgd(learning_rate=0.1, optimism=0.8, schedule=HALVES),
        optimistic_sgd,
        lambda rate: optax.optimistic_gradient_descent(rate, beta=0.8),
    ),
    "optimistic_adam": (
        OptimisticAdam(learning_rate=0.1, b1=0.5, b2=0.9, eps=1e-3, optimism=0.8, schedule=HALVES),
        optimistic_adam,
        lambda rate: optax.optimistic_adam_v2(
            rate, beta=0.8, b1=0.5, b2=0.9, eps=1e-3, nesterov=False
        ),
    ),
}


@jax.jit
def ours(optimizer):
    w = jnp.zeros(4)
    state = optimizer.transformation(jnp.int32(0)).init(w)

    def update(carry, inputs):
        w, state = carry
        step, gradient = inputs
        change, state = optimizer.transformation(step).update(gradient, state, w)
        return (w + change, state), None

    gradients = jnp.asarray(GRADIENTS, jnp.float32)
    return jax.lax.scan(update, (w, state), (jnp.arange(len(gradients)), gradients))[0][0]


@pytest.mark.parametrize("name", CASES)
def test_the_updates_are_those_of_the_paper(name):
    optimizer, reference, _ = CASES[name]
    np.testing.assert_allclose(ours(optimizer), reference(GRADIENTS, RATES), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_the_updates_are_those_of_optax_with_its_own_schedule(name):
    optimizer, _, make = CASES[name]
    transformation = make(optax.exponential_decay(0.1, 3, 0.5))
    w = jnp.zeros(4)
    state = transformation.init(w)
    for gradient in jnp.asarray(GRADIENTS, jnp.float32):
        change, state = transformation.update(gradient, state, w)
        w = w + change
    np.testing.assert_allclose(ours(optimizer), w, rtol=1e-5, atol=1e-6)


def test_momentum_follows_a_schedule_of_its_own():
    optimizer = Sgd(
        learning_rate=0.1,
        momentum=0.5,
        momentum_schedule=Schedule(kind="linear", steps=4, end=0.9),
    )
    w = velocity = np.zeros(4)
    for g, momentum in zip(GRADIENTS, [0.5, 0.6, 0.7, 0.8, 0.9, 0.9], strict=True):
        velocity = momentum * velocity + g
        w = w - 0.1 * velocity
    np.testing.assert_allclose(ours(optimizer), w, rtol=1e-5, atol=1e-6)


def test_without_momentum_sgd_follows_the_gradient():
    np.testing.assert_allclose(
        ours(Sgd(learning_rate=0.1, momentum=0.0)), -0.1 * GRADIENTS.sum(axis=0), rtol=1e-5
    )


@pytest.mark.parametrize(
    ("made", "values", "text"),
    [
        (Adam, {"b1": 1.0}, "b1=1.0: must be at least 0 and less than 1."),
        (Adam, {"b2": -0.1}, "b2=-0.1: must be at least 0 and less than 1."),
        (Adam, {"eps": 0.0}, "eps=0.0: must be above 0."),
        (Rmsprop, {"decay": 1.5}, "decay=1.5: must be at least 0 and less than 1."),
        (Rmsprop, {"eps": -1.0}, "eps=-1.0: must be above 0."),
        (Sgd, {"momentum": 1.0}, "momentum=1.0: must be at least 0 and less than 1."),
        (
            Sgd,
            {"momentum_schedule": {"kind": "linear", "end": 1.0}},
            "momentum_schedule.end=1.0: must be at least 0 and less than 1.",
        ),
    ],
)
def test_a_value_that_cannot_work_is_refused(made, values, text):
    with pytest.raises(UsageError) as refused:
        construct(made, values)
    assert str(refused.value) == text
