"""The relativistic average game."""

import jax
import jax.numpy as jnp

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both


@component
class RelativisticAverage(Objective):
    """D tells whether an example is more real than the other side is on average.

    Only differences of D's outputs count. What D measures, log 2 - L_D / 2 at its optimum, is 0
    exactly for p_g = p_data and at most log 2, as JS is, but it has no closed form.

    Source: Jolicoeur-Martineau 2018, section 4.3; Jolicoeur-Martineau 2020, "On relativistic
        f-divergences" (that it is a divergence).
    """

    name = "relativistic_average"
    divergence = "relativistic_average"

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log sigmoid(D(x) - E D(G(z))) - E log(1 - sigmoid(D(G(z)) - E D(x)))."""
        return self._beyond(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log(1 - sigmoid(D(x) - E D(G(z)))) - E log sigmoid(D(G(z)) - E D(x))."""
        on_real, on_fake = both(D, real, fake, key)
        return self._beyond(on_fake, on_real)

    def accuracy(self, real: Outputs, fake: Outputs) -> Scalar:
        """The share of data above the mean of the samples, and of samples below that of data."""
        return jnp.concatenate([real > fake.mean(), fake < real.mean()]).mean(dtype=float)

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """log 2 - L_D / 2, at most log 2; exact at D's optimum and a lower bound elsewhere."""
        return jnp.log(2.0) - self._beyond(real, fake) / 2

    def _beyond(self, high: Outputs, low: Outputs) -> Scalar:
        """The loss of a D that should put `high` above the mean of `low`, and `low` below."""
        above = jax.nn.softplus(low.mean() - high).mean()
        return above + jax.nn.softplus(low - high.mean()).mean()
