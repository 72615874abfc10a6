"""The contract of an objective: the losses of the two players and the divergence they measure."""

from collections.abc import Callable
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from gan_cli.component import Component

Discriminator = Callable[[jax.Array, jax.Array | None], jax.Array]
"""D(x, key): (N, *shape) -> (N,) logits or scores. `key` draws dropout masks; None is none."""


class Objective(Component):
    """A game: a loss for D, a loss for G, and what D's parameters are held to.

    divergence: the name of what D measures at its optimum; logged as `divergence/<name>`.
    boundary: the output above which D calls an example real (0 for logits).
    """

    group = "objective"
    divergence: ClassVar[str]

    @property
    def boundary(self) -> jax.Array | float:
        return 0.0

    def discriminator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """What D minimises, a scalar.

        Args:
            D: the discriminator, with its parameters inside.
            real: a minibatch of data, (N, *shape).
            fake: a minibatch of samples of G, (N, *shape).
            key: for dropout and whatever else the loss draws.
        """
        raise NotImplementedError

    def generator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """What G minimises through `fake`, a scalar; arguments as in `discriminator_loss`."""
        raise NotImplementedError

    def project(self, parameters: Any) -> Any:
        """Puts D's parameters back into the set they are held to, after each of D's updates."""
        return parameters

    def estimate(self, real: jax.Array, fake: jax.Array) -> jax.Array:
        """Estimates the divergence from D's outputs on data (N,) and on samples (N,), a scalar."""
        raise NotImplementedError


def jensen_shannon(real: jax.Array, fake: jax.Array) -> jax.Array:
    """The Jensen-Shannon divergence in nats that a logit D has found, at most log 2.

    log 2 + (E log D(x) + E log(1 - D(G(z)))) / 2, exact at D = p_data / (p_data + p_g) and a lower
    bound elsewhere.

    Source: Goodfellow et al. 2014, Theorem 1 (C(G) = -log 4 + 2 JS).
    """
    return jnp.log(2.0) - (jax.nn.softplus(-real).mean() + jax.nn.softplus(fake).mean()) / 2


def both(
    D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """D's outputs on data and on samples, each with dropout masks of its own."""
    real_key, fake_key = jax.random.split(key)
    return D(real, real_key), D(fake, fake_key)
