"""Two parallel segments: JS does not tell how far apart they are, and W_1 is that distance.

P_0 is (0, Z) and P_theta is (theta, Z) with Z ~ U[0, 1]. Where theta is not 0 they share no point,
so KL is infinite and JS is log 2, while W_1 = |theta|.

Source: Arjovsky et al. 2017, "Wasserstein GAN", Example 1.
"""

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.objectives.base import Discriminator, Objective
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.wgan_gp import WganGp
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training.networks import (
    Parameters,
    build_discriminator,
    discriminator,
)
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.step import Update, descend

THETAS = tuple(round(0.2 * i - 1, 1) for i in range(11))
NETWORK = Mlp(discriminator_widths=(32, 32), activation="silu")
POINTS = DataSpec((2,))
LOOKS = 40  # how often a discriminator is measured while it is trained
UPDATES = 1000
BATCH = 128
HELD_OUT = 4096  # fresh samples of each segment, which the estimates are taken on

PENALTY = 50.0
"""lambda of the gradient penalty. The slope s that maximises |theta| s - lambda (s - 1)^2 is
1 + |theta| / (2 lambda), so that a critic finds at most 1 % more than W_1 where |theta| <= 1.
Clipping its weights instead would give W_1 times a Lipschitz constant that nothing tells."""


class Trained(NamedTuple):
    """What discriminators said while they were trained, one row a theta.

    updates: (LOOKS,) of the discriminator so far.
    estimates: (T, LOOKS) of the objective's divergence, on fresh samples.
    gradients: (T, LOOKS) of the loss that G minimises, by theta.
    """

    updates: np.ndarray
    estimates: np.ndarray
    gradients: np.ndarray


class ParallelLines(NamedTuple):
    """P_0 against P_theta: KL and JS in nats, W_1 in units of x.

    thetas: (T,). kl, js, wasserstein_1: the true values, (T,).
    minimax: discriminators that estimate JS. critic: critics that estimate W_1.
    """

    thetas: np.ndarray
    kl: np.ndarray
    js: np.ndarray
    wasserstein_1: np.ndarray
    minimax: Trained
    critic: Trained

    @property
    def apart(self) -> np.ndarray:
        """Which segments are, (T,) bool."""
        return np.asarray(self.thetas != 0)

    @property
    def slope(self) -> float:
        """Of the critics' W_1 by |theta|, by least squares through 0."""
        distances = self.wasserstein_1
        return float(self.critic.estimates[:, -1] @ distances / (distances @ distances))

    @property
    def js_error(self) -> float:
        """The farthest that a minimax discriminator's JS is from the true one, in nats."""
        return float(np.abs(self.minimax.estimates[:, -1] - self.js).max())

    @property
    def wasserstein_1_error(self) -> float:
        """The farthest that a critic's W_1 is from the true one."""
        return float(np.abs(self.critic.estimates[:, -1] - self.wasserstein_1).max())


def parallel_lines(
    seed: int, thetas: Sequence[float] = THETAS, updates: int = UPDATES
) -> ParallelLines:
    """The true divergences, and those that trained networks find.

    Args:
        seed: of the networks and of the samples.
        thetas: where the second segment lies.
        updates: of each network, at least LOOKS.
    """
    places = np.array(thetas, np.float64)
    apart = places != 0
    decay = Schedule(kind="cosine", steps=updates)
    optimizer = Adam(learning_rate=0.01, schedule=decay)
    lanes = jnp.asarray(places, jnp.float32), jnp.arange(len(places))

    def train(objective: Objective) -> Trained:
        between = updates // LOOKS
        estimates, gradients = _train(objective, optimizer, between, seed, *lanes)
        counts = between * np.arange(1, LOOKS + 1)
        return Trained(counts, np.asarray(estimates), np.asarray(gradients))

    return ParallelLines(
        thetas=places,
        kl=np.where(apart, math.inf, 0.0),
        js=np.where(apart, math.log(2), 0.0),
        wasserstein_1=np.abs(places),
        minimax=train(Minimax()),
        critic=train(WganGp(penalty=PENALTY)),
    )


def segment(key: jax.Array, theta: jax.Array | float, n: int) -> jax.Array:
    """n points (theta, Z), (n, 2)."""
    z = jax.random.uniform(key, (n,))
    return jnp.stack([jnp.full(n, theta), z], axis=1)


@jax.jit
@functools.partial(jax.vmap, in_axes=(None, None, None, None, 0, 0))
def _train(
    objective: Objective,
    optimizer: Optimizer,
    between: jax.Array,
    seed: jax.Array,
    theta: jax.Array,
    lane: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """Trains one discriminator on fresh samples; all thetas are lanes of one program.

    Args:
        objective: what D plays.
        optimizer: of D.
        between: updates between two looks.
        seed: of all that is drawn.
        theta: where the second segment lies.
        lane: tells the random numbers of one theta from those of another.

    Returns:
        The estimates and the gradients by theta at each look, (LOOKS,) each.
    """
    start = build_discriminator(NETWORK, POINTS, key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane))
    real_key, fake_key = jax.random.split(key_for(seed, Purpose.THEORY, 0, lane))

    def D(parameters: Parameters) -> Discriminator:
        return discriminator(start._replace(parameters=parameters), "float32")

    def update(step: jax.Array, before: Update) -> Update:
        real = segment(key_for(seed, Purpose.DISCRIMINATOR_DATA, step, lane), 0.0, BATCH)
        fake = segment(key_for(seed, Purpose.LATENTS, step, lane), theta, BATCH)
        key = key_for(seed, Purpose.DISCRIMINATOR_LOSS, step, lane)

        def loss(parameters: Parameters) -> jax.Array:
            return objective.discriminator_loss(D(parameters), real, fake, key)

        return descend(optimizer, step, before, *jax.value_and_grad(loss)(before.parameters))

    def look(before: Update, number: jax.Array) -> tuple[Update, tuple[jax.Array, jax.Array]]:
        after = lax.fori_loop(number * between, (number + 1) * between, update, before)
        trained = D(after.parameters)
        real = segment(real_key, 0.0, HELD_OUT)

        def generator_loss(place: jax.Array) -> jax.Array:
            fake = segment(fake_key, place, HELD_OUT)
            return objective.generator_loss(trained, real, fake, fake_key)

        fake = segment(fake_key, theta, HELD_OUT)
        estimate = objective.estimate(trained(real, None), trained(fake, None))
        return after, (estimate, jax.grad(generator_loss)(theta))

    state = optimizer.transformation(jnp.int32(0)).init(start.parameters)
    untrained = Update(start.parameters, state, jnp.float32(0), jnp.float32(0))
    looks: tuple[jax.Array, jax.Array] = lax.scan(look, untrained, jnp.arange(LOOKS))[1]
    return looks
