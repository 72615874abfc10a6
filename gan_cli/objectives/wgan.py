"""The Wasserstein GAN with weight clipping."""

from typing import Any

import jax
import jax.numpy as jnp

from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Discriminator, Objective, both


class Wasserstein(Objective):
    """The critic's game: max_D E D(x) - E D(G(z)) over Lipschitz D, which G minimises.

    At the optimum over 1-Lipschitz D this is W1(p_data, p_g), by Kantorovich-Rubinstein duality,
    and G's gradient with D fixed is that of W1, by the envelope theorem.
    """

    divergence = "wasserstein_1"

    def discriminator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """E D(G(z)) - E D(x)."""
        on_real, on_fake = both(D, real, fake, key)
        return on_fake.mean() - on_real.mean()

    def generator_loss(
        self, D: Discriminator, real: jax.Array, fake: jax.Array, key: jax.Array
    ) -> jax.Array:
        """-E D(G(z))."""
        return -D(fake, key).mean()

    def estimate(self, real: jax.Array, fake: jax.Array) -> jax.Array:
        """E D(x) - E D(G(z)): W1 up to the Lipschitz constant that D is held to."""
        return real.mean() - fake.mean()


@component
class Wgan(Wasserstein):
    """W1 up to a constant: every parameter of D stays within [-clip, clip].

    At D's optimum G minimises K W1(p_data, p_g), K being the greatest Lipschitz constant that
    clipping allows D, as far as clipped networks come near all functions of that constant.

    clip: the bound on each parameter of D.

    Source: Arjovsky et al. 2017, Algorithm 1.
    """

    name = "wgan"

    clip: float = 0.01

    def validate(self) -> None:
        if not self.clip > 0:
            raise UsageError(f"clip={self.clip}: must be positive.")

    def project(self, parameters: Any) -> Any:
        return jax.tree.map(lambda w: jnp.clip(w, -self.clip, self.clip), parameters)
