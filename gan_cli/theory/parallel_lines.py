"""Two parallel segments: JS does not depend on their distance, and W_1 is that distance.

P_0 is (0, Z) and P_theta is (theta, Z) with Z ~ U[0, 1]. If theta is not 0 they share no point,
so KL is infinite and JS is log 2, while W_1 = |theta|.

Source: Arjovsky et al. 2017, "Wasserstein GAN", Example 1.
"""

import functools
import logging
import math
from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.objectives.base import Objective, total
from gan_cli.objectives.minimax import Minimax
from gan_cli.objectives.wgan_gp import WganGp
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

log = logging.getLogger(__name__)

THETAS = tuple(round(0.2 * i - 1, 1) for i in range(11))
NETWORK = Mlp(discriminator_widths=(32, 32), activation="silu")
POINTS = DataSpec((2,))
LOOKS = 40  # how often a discriminator is measured during its training
UPDATES = 1000
BATCH = 128
HELD_OUT = 4096  # fresh samples of each segment for the estimates

PENALTY = 50.0
"""The gradient penalty's lambda. The slope s that maximises |theta| s - lambda (s - 1)^2 is
1 + |theta| / (2 lambda), so a critic's estimate exceeds W_1 by at most 1 % if |theta| <= 1. With
weight clipping the estimate would be W_1 times an unknown Lipschitz constant."""

NEAR = 0.02
"""How far a trained network may be from the theory."""


class Trained(NamedTuple):
    """What discriminators estimated during their training, one row for each theta.

    updates: how many updates each had at each look, (LOOKS,).
    estimates: estimates of the objective's divergence on fresh samples, (T, LOOKS).
    gradients: derivatives of G's loss in theta, (T, LOOKS).
    """

    updates: np.ndarray
    estimates: np.ndarray
    gradients: np.ndarray

    @property
    def last(self) -> np.ndarray:
        """The estimates at the end of the training, (T,)."""
        return self.estimates[:, -1]


class ParallelLines(NamedTuple):
    """P_0 against P_theta: KL and JS in nats, W_1 in units of x.

    thetas: the positions of the second segment, (T,).
    kl, js, wasserstein_1: the true values, (T,).
    minimax: discriminators that estimate JS.
    critic: critics that estimate W_1.
    """

    thetas: np.ndarray
    kl: np.ndarray
    js: np.ndarray
    wasserstein_1: np.ndarray
    minimax: Trained
    critic: Trained

    @property
    def apart(self) -> np.ndarray:
        """Whether theta is not 0, (T,) bool."""
        return np.asarray(self.thetas != 0)

    @property
    def slope(self) -> float:
        """The slope of the critics' estimates over |theta|, by least squares through 0."""
        distances = self.wasserstein_1
        return float(self.critic.last @ distances / (distances @ distances))

    @property
    def pulls(self) -> np.ndarray:
        """How strongly the trained critics pull G towards 0, for each theta but 0."""
        apart = self.apart
        return np.asarray(self.critic.gradients[apart, -1] * np.sign(self.thetas[apart]))

    @property
    def largest_pull(self) -> float:
        """What the gradient penalty lets the pull be at the largest distance."""
        return 1 + float(np.abs(self.thetas).max()) / (2 * PENALTY)

    @property
    def pulls_evenly(self) -> bool:
        """Whether the trained critics pull G towards 0 as the theory says, at every distance."""
        least, most = self.pulls.min(), self.pulls.max()
        return bool(least >= 1 - NEAR and most <= self.largest_pull + NEAR)

    @property
    def vanished(self) -> bool:
        """Whether the trained minimax discriminators give G next to no gradient."""
        return bool((np.abs(self.minimax.gradients[self.apart, -1]) <= NEAR).all())

    @property
    def js_error(self) -> float:
        """The largest error of a minimax discriminator's estimate of JS, in nats."""
        return float(np.abs(self.minimax.last - self.js).max())

    @property
    def wasserstein_1_error(self) -> float:
        """The largest error of a critic's estimate of W_1."""
        return float(np.abs(self.critic.last - self.wasserstein_1).max())


def parallel_lines(
    seed: int, thetas: Sequence[float] = THETAS, updates: int = UPDATES
) -> ParallelLines:
    """Computes the true divergences, and trains networks that estimate them.

    Args:
        seed: the seed for the networks and the samples.
        thetas: the positions of the second segment.
        updates: how often each network is updated, at least LOOKS.
    """
    places = np.array(thetas, np.float64)
    apart = places != 0
    decay = Schedule(kind="cosine", steps=updates)
    optimizer = Adam(learning_rate=0.01, schedule=decay)
    lanes = jnp.asarray(places, jnp.float32), jnp.arange(len(places))

    def train(objective: Objective) -> Trained:
        log.info("training %d discriminators of %s", len(places), objective.name)
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
    key = key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane)
    learner, untrained = discriminator_alone.begin(NETWORK, POINTS, objective, optimizer, key)
    real_key, fake_key, loss_key = jax.random.split(key_for(seed, Purpose.THEORY, 0, lane), 3)

    def update(step: jax.Array, player: Player) -> Player:
        lesson = Lesson(
            segment(key_for(seed, Purpose.DISCRIMINATOR_DATA, step, lane), 0.0, BATCH),
            segment(key_for(seed, Purpose.LATENTS, step, lane), theta, BATCH),
            key_for(seed, Purpose.DISCRIMINATOR_LOSS, step, lane),
        )
        return discriminator_alone.update(learner, player, step, lesson)[0]

    def look(player: Player, number: jax.Array) -> tuple[Player, tuple[jax.Array, jax.Array]]:
        after = lax.fori_loop(number * between, (number + 1) * between, update, player)
        D = learner.D(after)
        real = segment(real_key, 0.0, HELD_OUT)

        def generator_loss(place: jax.Array) -> jax.Array:
            fake = segment(fake_key, place, HELD_OUT)
            return total(objective.generator_loss(D, real, fake, loss_key))

        fake = segment(fake_key, theta, HELD_OUT)
        estimate = objective.estimate(D(real, None), D(fake, None))
        return after, (estimate, jax.grad(generator_loss)(theta))

    looks: tuple[jax.Array, jax.Array] = lax.scan(look, untrained, jnp.arange(LOOKS))[1]
    return looks
