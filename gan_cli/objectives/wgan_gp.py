"""The Wasserstein GAN with a gradient penalty."""

from typing import ClassVar

import jax

from gan_cli.bounds import NonNegative
from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Loss, both
from gan_cli.objectives.penalties import gradient_penalty
from gan_cli.objectives.wgan import Wasserstein


@component
class WganGp(Wasserstein):
    """The Wasserstein-1 distance, with a penalty that keeps D's slopes near 1 instead of clipping.

    At D's optimum G minimises W1(p_data, p_g) approximately: with a finite lambda slopes exceed 1
    where D gains more than it pays, and only the slopes between data and samples are penalised.

    penalty: the weight lambda of the gradient penalty.

    Source: Gulrajani et al. 2017, equation 3 and Algorithm 1.
    """

    name = "wgan_gp"
    takes_slopes = True
    discriminator_parts: ClassVar[tuple[str, ...]] = ("critic", "penalty")

    penalty: NonNegative = 10.0

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """E D(G(z)) - E D(x) + lambda E (|grad D| - 1)^2 between data and samples, in two parts."""
        critic_key, penalty_key = jax.random.split(key)
        return {
            "critic": -self.estimate(*both(D, real, fake, critic_key)),
            "penalty": self.penalty * gradient_penalty(D, real, fake, penalty_key),
        }
