"""The non-saturating game: D as in minimax, G with a gradient that does not vanish."""

import jax

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Scalar, both
from gan_cli.objectives.minimax import Minimax


@component
class NonSaturating(Minimax):
    """D plays as in minimax; G maximises E log D(G(z)), whose gradient stays large while D wins.

    D maximises E log D(x) + E log(1 - D(G(z))) and so measures JS as in minimax. At D's optimum the
    gradient of G's loss is the gradient of KL(p_g, p_data) - 2 JS(p_data, p_g).

    Source: Goodfellow et al. 2014, section 3; Arjovsky and Bottou 2017, Theorem 2.5 (the gradient).
    """

    name = "non_saturating"

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log D(G(z))."""
        return jax.nn.softplus(-D(fake, key)).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E log(1 - D(x)) - E log D(G(z)): D's loss with the labels exchanged."""
        on_real, on_fake = both(D, real, fake, key)
        return jax.nn.softplus(on_real).mean() + jax.nn.softplus(-on_fake).mean()
