"""D trained against a p_g that stays as it is, on fresh samples of both known distributions."""

import functools
from collections.abc import Iterator
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences import Mixture, Normal, PlaneMixture, Uniform
from gan_cli.objectives.minimax import Minimax
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.theory.value import Logit
from gan_cli.training.networks import Network, Parameters, build_discriminator, discriminator
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.step import Update, descend

WithDensity = Normal | Uniform | Mixture | PlaneMixture

NETWORK = Mlp(discriminator_widths=(64, 64), activation="gelu")
BATCH = 4096  # of each distribution
BLOCK = 50  # updates to one call of the compiled program
LEARNING_RATE = 0.01  # falls to zero as a cosine
AVERAGED = 0.25  # of the updates: D's parameters are their mean over these, the last ones
AT_ONCE = 2**16  # points that D is asked about in one call


class Scale(NamedTuple):
    """How D sees points: from `centre` in units of `unit`, (D,) each."""

    centre: np.ndarray
    unit: np.ndarray

    def __call__(self, points: np.ndarray) -> np.ndarray:
        """Points (N, D) as D sees them, float32."""
        return np.asarray((points - self.centre) / self.unit, np.float32)


class Training(NamedTuple):
    """D after some updates, and the mean of its parameters over the last of them."""

    update: Update
    mean: Parameters


def train(p: WithDensity, q: WithDensity, seen: Scale, seed: int, updates: int) -> Logit:
    """D's logit after its training by minimax's discriminator loss.

    Args:
        p: p_data.
        q: p_g, of the same dimension.
        seen: how D sees points.
        seed: of D and of the samples.
        updates: of D, by Adam.
    """
    schedule = Schedule(kind="cosine", steps=updates)
    optimizer = Adam(learning_rate=LEARNING_RATE, b1=0.9, schedule=schedule)
    network, training = _begin(p.dimension, optimizer, seed)
    averaged_from = round((1 - AVERAGED) * updates)
    for steps, real, fake in _batches(p, q, seen, seed, updates):
        training = _train(network, optimizer, training, averaged_from, steps, real, fake)
    finished = network._replace(parameters=training.mean)

    def logit(points: np.ndarray) -> np.ndarray:
        parts = []
        for first in range(0, len(points), AT_ONCE):
            some = seen(points[first : first + AT_ONCE])
            padded = np.pad(some, ((0, AT_ONCE - len(some)), (0, 0)))
            parts.append(np.asarray(_ask(finished, padded), np.float64)[: len(some)])
        return np.concatenate(parts)

    return logit


def _batches(
    p: WithDensity, q: WithDensity, seen: Scale, seed: int, updates: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The numbers of the updates of each block, and their samples (BLOCK, BATCH, D) of p and q."""
    rng = np.random.default_rng(seed)
    for first in range(0, updates, BLOCK):
        steps = np.arange(first, min(first + BLOCK, updates), dtype=np.int32)
        count, shape = len(steps) * BATCH, (len(steps), BATCH, p.dimension)
        real = seen(p.sample(rng, count).reshape(count, -1)).reshape(shape)
        fake = seen(q.sample(rng, count).reshape(count, -1)).reshape(shape)
        yield steps, real, fake


@functools.partial(jax.jit, static_argnames="dimension")
def _begin(dimension: int, optimizer: Adam, seed: jax.Array | int) -> tuple[Network, Training]:
    """D before its first update."""
    key = key_for(seed, Purpose.DISCRIMINATOR_INIT)
    network = build_discriminator(NETWORK, DataSpec((dimension,)), key)
    state = optimizer.transformation(jnp.int32(0)).init(network.parameters)
    start = Update(network.parameters, state, jnp.float32(0), jnp.float32(0))
    return network, Training(start, network.parameters)


@jax.jit
def _train(
    network: Network,
    optimizer: Adam,
    training: Training,
    averaged_from: jax.Array | int,
    steps: jax.Array,
    real: jax.Array,
    fake: jax.Array,
) -> Training:
    """Updates D once on each batch; the mean is of the parameters from `averaged_from` on."""

    def update(
        before: Training, batch: tuple[jax.Array, jax.Array, jax.Array]
    ) -> tuple[Training, None]:
        step, x, generated = batch

        def loss(parameters: Parameters) -> jax.Array:
            D = discriminator(network._replace(parameters=parameters), "float32")
            return Minimax().discriminator_loss(D, x, generated, jax.random.key(0))

        found = jax.value_and_grad(loss)(before.update.parameters)
        after = descend(optimizer, step, before.update, *found)
        share = 1.0 / (jnp.maximum(step - averaged_from, 0) + 1.0)
        mean = jax.tree.map(lambda a, w: a + share * (w - a), before.mean, after.parameters)
        return Training(after, mean), None

    return jax.lax.scan(update, training, (steps, real, fake))[0]


@jax.jit
def _ask(network: Network, points: jax.Array) -> jax.Array:
    return discriminator(network, "float32")(points, None)
