"""The bias of a gradient penalty: critics of WGAN-GP at two points a distance m apart."""

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.objectives.base import total
from gan_cli.objectives.wgan_gp import WganGp
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.base import Optimizer
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player

SHARES = (0.25, 0.5, 0.75, 1.0)  # of the distance m at which critics are trained too
CRITIC = Mlp(discriminator_widths=(32, 32), activation="silu")
CRITIC_UPDATES = 1000
CRITIC_BATCH = 64


class Penalised(NamedTuple):
    """Critics of WGAN-GP that were trained on two points.

    distances: the distances m of the points, (M,); W_1 is m.
    penalty: lambda.
    estimates: E D(x) - E D(G(z)), (M,).
    values: the same less the penalty, which is what D maximises, (M,).
    """

    distances: np.ndarray
    penalty: float
    estimates: np.ndarray
    values: np.ndarray

    @property
    def expected_estimates(self) -> np.ndarray:
        """m + m^2 / (2 lambda)."""
        return np.asarray(self.distances + self.distances**2 / (2 * self.penalty))

    @property
    def expected_values(self) -> np.ndarray:
        """m + m^2 / (4 lambda)."""
        return np.asarray(self.distances + self.distances**2 / (4 * self.penalty))

    @property
    def worst_error(self) -> float:
        """The largest error of an estimate or a value, as a part of what it should be."""
        pairs = (self.estimates, self.expected_estimates), (self.values, self.expected_values)
        return max(float(np.abs(found / expected - 1).max()) for found, expected in pairs)


def penalised(seed: int, distance: float, penalty: float) -> Penalised:
    """Trains critics of WGAN-GP on a point at 0 and a point at shares of the distance.

    With slope s between the points the critic gets m s - lambda (|s| - 1)^2, which is greatest for
    s = 1 + m / (2 lambda). A critic that begins with s below 0 would stay at the lesser maximum
    there, s = -1 + m / (2 lambda), so its last layer begins at zero, where only m s pulls.

    Source: Gulrajani et al. 2017, equation 3; the optimum is that of a quadratic function.
    """
    distances = distance * np.array(SHARES)
    optimizer = Adam(
        learning_rate=0.01, b1=0.9, schedule=Schedule(kind="cosine", steps=CRITIC_UPDATES)
    )
    lanes = jnp.asarray(distances, jnp.float32), jnp.arange(len(distances))
    estimates, values = _critics(WganGp(penalty=penalty), optimizer, seed, *lanes)
    return Penalised(distances, penalty, np.asarray(estimates), np.asarray(values))


@jax.jit
def _critics(
    objective: WganGp,
    optimizer: Optimizer,
    seed: jax.Array | int,
    distances: jax.Array,
    lanes: jax.Array,
) -> tuple[jax.Array, jax.Array]:
    """Trains one critic for each distance; all are lanes of one program."""

    def train(distance: jax.Array, lane: jax.Array) -> tuple[jax.Array, jax.Array]:
        key = key_for(seed, Purpose.DISCRIMINATOR_INIT, 0, lane)
        learner, untrained = discriminator_alone.begin(
            CRITIC, DataSpec((1,)), objective, optimizer, key
        )
        flat = {"output": jax.tree.map(jnp.zeros_like, untrained.parameters["output"])}
        level = untrained._replace(parameters=untrained.parameters | flat)
        real, fake = jnp.full((CRITIC_BATCH, 1), distance), jnp.zeros((CRITIC_BATCH, 1))

        def update(step: jax.Array, player: Player) -> Player:
            drawn = key_for(seed, Purpose.DISCRIMINATOR_LOSS, step, lane)
            lesson = Lesson(real, fake, drawn)
            return discriminator_alone.update(learner, player, step, lesson)[0]

        D = learner.D(lax.fori_loop(0, CRITIC_UPDATES, update, level))
        drawn = key_for(seed, Purpose.THEORY, 0, lane)
        loss = total(objective.discriminator_loss(D, real, fake, drawn))
        return objective.estimate(D(real, None), D(fake, None)), -loss

    found: tuple[jax.Array, jax.Array] = jax.vmap(train)(distances, lanes)
    return found
