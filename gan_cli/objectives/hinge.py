"""The hinge game."""

import jax

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both


@component
class Hinge(Objective):
    """D separates data and samples with margin 1; G raises D's output on samples.

    At D's optimum, sign(p_data - p_g), D's loss is 2 (1 - TV(p_data, p_g)). With that D fixed, the
    gradient of G's loss, -E sign(p_data - p_g)(G(z)), is the gradient of 2 TV, so G descends TV.

    Source: Lim and Ye 2017, equations 5 and 6; Miyato et al. 2018, equations 16 and 17.
    """

    name = "hinge"
    divergence = "total_variation"

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E max(0, 1 - D(x)) + E max(0, 1 + D(G(z)))."""
        return self._margins(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E D(G(z))."""
        return -D(fake, key).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E D(x) - E D(G(z))."""
        on_real, on_fake = both(D, real, fake, key)
        return on_real.mean() - on_fake.mean()

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """1 - L_D / 2, at most 1; exact at D's optimum and a lower bound elsewhere."""
        return 1.0 - self._margins(real, fake) / 2

    def _margins(self, on_real: Outputs, on_fake: Outputs) -> Scalar:
        return jax.nn.relu(1.0 - on_real).mean() + jax.nn.relu(1.0 + on_fake).mean()
