"""The game in which G pays for how far it moves its latents, played by two small networks.

If G pays for E|G(x) - x|^2 beside what the critic says, then at the optimum it is the one that
moves P onto Q at the least cost:

    max_f min_G  E_Q f(y) - E_P f(G(x)) + w E_P |G(x) - x|^2  =  w W_2^2(P, Q),

with w = 1/2 here. The penalty bounds the critic too, so it needs no Lipschitz constraint.

Source: Korotin, Selikhanovych and Burnaev 2023, "Neural optimal transport", equation 11.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from gan_cli.architectures.base import DataSpec
from gan_cli.architectures.mlp import Mlp
from gan_cli.divergences.gaussian import Gaussian, root
from gan_cli.objectives.base import total
from gan_cli.objectives.wgan import Wgan
from gan_cli.optimizers.adam import Adam
from gan_cli.optimizers.schedules import Schedule
from gan_cli.training import discriminator_alone
from gan_cli.training.descent import descend, slope
from gan_cli.training.discriminator_alone import Lesson
from gan_cli.training.networks import build_generator, generate
from gan_cli.training.random import Purpose, key_for
from gan_cli.training.state import Player, untrained

OBJECTIVE = Wgan(clip=1e6)  # so great that nothing is clipped
WIDTHS = (64, 64)
WEIGHT = 0.5  # of the transport penalty
BATCH = 512
LEARNING_RATE = 2e-3
AVERAGED = 0.25  # G's parameters are averaged over this last share of the steps


def trained(p: Gaussian, q: Gaussian, seed: int, steps: int, x: np.ndarray) -> np.ndarray:
    """Where a trained G moves points x (N, D).

    Both networks see points around the middle of P and Q, in units of the two's spread, which
    changes no optimal map.
    """
    middle = (p.centre + q.centre) / 2
    spread = np.trace(p.matrix + q.matrix) / 2 + ((p.centre - q.centre) ** 2).sum() / 4
    unit = float(np.sqrt(spread / p.dimension))
    ends = [
        (
            jnp.asarray((each.centre - middle) / unit, jnp.float32),
            jnp.asarray(root(each.matrix) / unit, jnp.float32),
        )
        for each in (p, q)
    ]
    schedule = Schedule(kind="cosine", steps=steps)
    adam = Adam(learning_rate=LEARNING_RATE, b1=0.0, b2=0.9, schedule=schedule)
    points = jnp.asarray((x - middle) / unit, jnp.float32)
    found = _train(ends[0], ends[1], adam, seed, steps, points)
    return np.asarray(np.asarray(found, np.float64) * unit + middle)


@jax.jit
def _train(
    latents: tuple[jax.Array, jax.Array],
    data: tuple[jax.Array, jax.Array],
    adam: Adam,
    seed: jax.Array,
    steps: jax.Array,
    points: jax.Array,
) -> jax.Array:
    """G of the points at the end of the training, by the average of its late parameters.

    Args:
        latents, data: the mean and the root of the covariance of P and of Q.
        adam: the optimizer of both players.
        seed: of all that is drawn.
        steps: the number of steps.
        points: (N, D).
    """
    d = points.shape[1]
    network = Mlp(latent=d, generator_widths=WIDTHS, discriminator_widths=WIDTHS, activation="gelu")
    G = build_generator(network, DataSpec((d,)), key_for(seed, Purpose.GENERATOR_INIT))
    learner, critic = discriminator_alone.begin(
        network, DataSpec((d,)), OBJECTIVE, adam, key_for(seed, Purpose.DISCRIMINATOR_INIT)
    )

    def move(player: Player, x: jax.Array) -> jax.Array:
        return generate(player.network(G.graph), x, "float32", train=False)[0]

    def draw(key: jax.Array, ends: tuple[jax.Array, jax.Array]) -> jax.Array:
        return ends[0][None] + jax.random.normal(key, (BATCH, d)) @ ends[1]

    def step(number: jax.Array, players: tuple[Player, Player]) -> tuple[Player, Player]:
        generator, critic = players
        real = draw(key_for(seed, Purpose.DISCRIMINATOR_DATA, number), data)
        key = key_for(seed, Purpose.DISCRIMINATOR_LOSS, number)
        x = draw(key_for(seed, Purpose.LATENTS, number, 0), latents)
        lesson = Lesson(real, move(generator, x), key)
        critic = discriminator_alone.update(learner, critic, number, lesson)[0]
        x = draw(key_for(seed, Purpose.LATENTS, number, 1), latents)

        def loss(parameters: object) -> tuple[jax.Array, None]:
            moved = move(generator._replace(parameters=parameters), x)
            transport = jnp.square(moved - x).sum(axis=1).mean()
            own = OBJECTIVE.generator_loss(learner.D(critic), real, moved, key)
            return total(own) + WEIGHT * transport, None

        found = slope(loss, generator.parameters, "generator", ())
        after = descend(adam, number, generator, found.gradients)
        share = 1.0 / (jnp.maximum(number - (1 - AVERAGED) * steps, 0) + 1.0)
        average = jax.tree.map(
            lambda a, w: a + share * (w - a), generator.average, after.parameters
        )
        return after._replace(average=average), critic

    start = untrained(G, adam)._replace(average=G.parameters)
    generator, _ = lax.fori_loop(0, steps, step, (start, critic))
    return move(generator._replace(parameters=generator.average), points)
