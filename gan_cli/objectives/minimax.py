"""The minimax game of the 2014 paper."""

import jax

from gan_cli.component import component
from gan_cli.objectives.base import (
    Batch,
    Discriminator,
    Key,
    Objective,
    Outputs,
    Scalar,
    both,
    jensen_shannon,
)


@component
class Minimax(Objective):
    """D tells data from samples, and G minimises what D maximises: the game of the 2014 paper.

    min_G max_D E log D(x) + E log(1 - D(G(z))), where D(x) is the sigmoid of the network's output.
    At D's optimum G minimises -log 4 + 2 JS(p_data, p_g).

    Source: Goodfellow et al. 2014, equation 1 and Theorem 1.
    """

    name = "minimax"
    divergence = "jensen_shannon"

    @property
    def cross_entropy(self) -> bool:
        return True

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log D(x) - E log(1 - D(G(z)))."""
        on_real, on_fake = both(D, real, fake, key)
        return jax.nn.softplus(-on_real).mean() + jax.nn.softplus(on_fake).mean()

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E log(1 - D(G(z)))."""
        return -jax.nn.softplus(D(fake, key)).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E log D(x) + E log(1 - D(G(z)))."""
        return -self.discriminator_loss(D, real, fake, key)

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        return jensen_shannon(real, fake)
