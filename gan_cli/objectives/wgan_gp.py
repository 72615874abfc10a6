"""The Wasserstein GAN with a gradient penalty."""

import jax

from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Discriminator
from gan_cli.objectives.penalties import gradient_penalty
from gan_cli.objectives.wgan import Wasserstein


@component
class WganGp(Wasserstein):
    """W1, with D held to slopes near 1 by a penalty instead of clipping.

    At D's optimum G minimises W1(p_data, p_g) but for what a finite lambda leaves: slopes may pass
    1 where D gains by it more than it costs, and are held only between data and samples.

    penalty: the weight lambda of the gradient penalty.

    Source: Gulrajani et al. 2017, equation 3 and Algorithm 1.
    """

    name = "wgan_gp"

    penalty: float = 10.0

    def validate(self) -> None:
        if not self.penalty >= 0:
            raise UsageError(f"penalty={self.penalty}: must not be negative.")

    def discriminator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """E D(G(z)) - E D(x) + lambda E (|grad D| - 1)^2 between data and samples."""
        critic_key, penalty_key = jax.random.split(key)
        critic = super().discriminator_loss(D, real, fake, critic_key)
        return critic + self.penalty * gradient_penalty(D, real, fake, penalty_key)
