"""The least-squares GAN."""

import jax.numpy as jnp

from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both


@component
class LeastSquares(Objective):
    """D is fitted to the code b on data and a on samples, and G moves D's output on samples to c.

    At D's optimum, D* = (b p_data + a p_g) / (p_data + p_g), D's loss is (b - a)^2 (2 - LC) / 8
    with the triangular discrimination LC = int (p_data - p_g)^2 / (p_data + p_g), which is what D
    measures. With D* following G, Mao's C(G) = (E (D*(x) - c)^2 + E (D*(G(z)) - c)^2) / 2 is

        C(G) = (b - a)^2 LC / 8 + (a + b - 2 c)^2 / 4,

    least at p_g = p_data whatever the codes. With b - c = 1 and b - a = 2 it is LC / 2, and LC is
    Pearson's chi^2 between p_data + p_g and 2 p_g; with the default 0-1 codes it is (2 + LC) / 8.
    G itself follows the gradient of E (D*(G(z)) - c)^2 / 2 with D* fixed, which differs from C's.

    fake_code: the code a that D should give to samples.
    real_code: the code b that D should give to data.
    target: the code c that G wants D to give to samples.

    Source: Mao et al. 2017, equations 2 and 9.
    """

    name = "least_squares"
    divergence = "triangular_discrimination"

    fake_code: float = 0.0
    real_code: float = 1.0
    target: float = 1.0

    def validate(self) -> None:
        if not self.real_code > self.fake_code:
            raise UsageError(
                f"real_code={self.real_code}: must be greater than fake_code={self.fake_code}."
            )

    @property
    def boundary(self) -> Scalar | float:
        return (self.fake_code + self.real_code) / 2

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E (D(x) - b)^2 / 2 + E (D(G(z)) - a)^2 / 2."""
        return self._errors(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E (D(G(z)) - c)^2 / 2."""
        return jnp.square(D(fake, key) - self.target).mean() / 2

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E (D(x) - (a + b - c))^2 / 2 + E (D(G(z)) - c)^2 / 2, which is C(G) for 2 c = a + b."""
        on_real, on_fake = both(D, real, fake, key)
        opposite = self.fake_code + self.real_code - self.target
        real_error = jnp.square(on_real - opposite).mean()
        return (real_error + jnp.square(on_fake - self.target).mean()) / 2

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """2 - 8 L_D / (b - a)^2, at most 2; exact at D's optimum and a lower bound elsewhere."""
        span = self.real_code - self.fake_code
        return 2.0 - 8.0 * self._errors(real, fake) / span**2

    def _errors(self, on_real: Outputs, on_fake: Outputs) -> Scalar:
        real_error = jnp.square(on_real - self.real_code).mean()
        fake_error = jnp.square(on_fake - self.fake_code).mean()
        return (real_error + fake_error) / 2
