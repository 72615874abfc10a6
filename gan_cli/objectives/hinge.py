"""The hinge game."""

import jax

from gan_cli.component import component
from gan_cli.objectives.base import Discriminator, Objective, both


@component
class Hinge(Objective):
    """D separates data and samples with margin 1; G raises D's output on samples.

    At D's optimum, sign(p_data - p_g), D's loss is 2 (1 - TV(p_data, p_g)), and G's gradient, that
    of -E sign(p_data - p_g)(G(z)) with D fixed, is that of 2 TV, which G hence descends.

    Source: Lim and Ye 2017, equations 5 and 6; Miyato et al. 2018, equations 16 and 17.
    """

    name = "hinge"
    divergence = "total_variation"

    def discriminator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))."""
        return self._margins(*both(D, real, fake, key))

    def generator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """-E D(G(z))."""
        return -D(fake, key).mean()

    def estimate(self, real: jax.Array, fake: jax.Array) -> jax.Array:
        """1 - L_D / 2, at most 1; exact at D's optimum and a lower bound elsewhere."""
        return 1.0 - self._margins(real, fake) / 2

    def _margins(self, on_real: jax.Array, on_fake: jax.Array) -> jax.Array:
        return jax.nn.relu(1.0 - on_real).mean() + jax.nn.relu(1.0 + on_fake).mean()
