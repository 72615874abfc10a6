"""The Wasserstein GAN with weight clipping."""

import jax
import jax.numpy as jnp
from jaxtyping import PyTree

from gan_cli.bounds import Positive
from gan_cli.component import component
from gan_cli.objectives.base import (
    Batch,
    Discriminator,
    Key,
    Loss,
    Objective,
    Outputs,
    Scalar,
    both,
)


class Wasserstein(Objective):
    """The critic's game: max_D E D(x) - E D(G(z)) over Lipschitz D, which G minimises.

    At the optimum over 1-Lipschitz D this is W1(p_data, p_g), by Kantorovich-Rubinstein duality,
    and G's gradient with D fixed is that of W1, by the envelope theorem.
    """

    divergence = "wasserstein_1"

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """E D(G(z)) - E D(x)."""
        return -self.estimate(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-E D(G(z))."""
        return -D(fake, key).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E D(x) - E D(G(z))."""
        return self.estimate(*both(D, real, fake, key))

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """E D(x) - E D(G(z)): W1 up to the Lipschitz constant that D is held to."""
        return real.mean() - fake.mean()


@component
class Wgan(Wasserstein):
    """The Wasserstein-1 distance up to a constant, with every parameter of D in [-clip, clip].

    At D's optimum G minimises K W1(p_data, p_g), where K is the greatest Lipschitz constant that
    clipping allows D, as far as clipped networks can approximate every function of that constant.

    clip: the largest absolute value that a parameter of D may have.

    Source: Arjovsky et al. 2017, Algorithm 1.
    """

    name = "wgan"

    clip: Positive = 0.01

    def project(self, parameters: PyTree[jax.Array]) -> PyTree[jax.Array]:
        return jax.tree.map(lambda w: jnp.clip(w, -self.clip, self.clip), parameters)
