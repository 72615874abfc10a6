"""The relativistic game of pairs."""

import jax
import jax.numpy as jnp

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both


@component
class Relativistic(Objective):
    """D tells which of a pair is the example and which the sample; G wants D to take them mixed up.

    Only differences of D's outputs count. D's optimum is log p_data / p_g up to a constant, where
    D's loss is log 2 - JS(p_data x p_g, p_g x p_data): D measures the Jensen-Shannon divergence
    between pairs and swapped pairs, which is 0 exactly for p_g = p_data and at most log 2.

    Source: Jolicoeur-Martineau 2018, section 4.1; Huang et al. 2024, equation 2.
    """

    name = "relativistic"
    divergence = "relativistic"

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log sigmoid(D(x) - D(G(z)))."""
        on_real, on_fake = both(D, real, fake, key)
        return jax.nn.softplus(on_fake - on_real).mean()

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log sigmoid(D(G(z)) - D(x))."""
        on_real, on_fake = both(D, real, fake, key)
        return jax.nn.softplus(on_real - on_fake).mean()

    def accuracy(self, real: Outputs, fake: Outputs) -> Scalar:
        """The share of all pairs that D tells right."""
        return (real[:, None] > fake[None]).mean(dtype=float)

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """log 2 - L_D over all pairs, at most log 2; exact at D's optimum, else a lower bound."""
        return jnp.log(2.0) - jax.nn.softplus(fake[None] - real[:, None]).mean()
