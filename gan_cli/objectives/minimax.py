"""The minimax game of the 2014 paper."""

import jax

from gan_cli.component import component
from gan_cli.objectives.base import Discriminator, Objective, both, jensen_shannon


@component
class Minimax(Objective):
    """min_G max_D E log D(x) + E log(1 - D(G(z))), with D's output read as a logit.

    At D's optimum G minimises -log 4 + 2 JS(p_data, p_g).

    Source: Goodfellow et al. 2014, equation 1 and Theorem 1.
    """

    name = "minimax"
    divergence = "jensen_shannon"

    def discriminator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """-E log D(x) - E log(1 - D(G(z)))."""
        on_real, on_fake = both(D, real, fake, key)
        return jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()

    def generator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """E log(1 - D(G(z)))."""
        return -jax.nn.softplus(D(fake, key)).mean()

    def estimate(self, real: jax.Array, fake: jax.Array) -> jax.Array:
        return jensen_shannon(real, fake)
