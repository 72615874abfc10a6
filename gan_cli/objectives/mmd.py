"""The MMD GAN."""

from typing import Literal

import jax
import jax.numpy as jnp
from jaxtyping import PyTree

from gan_cli.bounds import Positive, Size
from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Outputs, Scalar, both
from gan_cli.objectives.features import Pairs, discrepancy, told_right


@component
class Mmd(Objective):
    """The maximum mean discrepancy of D's outputs h, which are vectors.

    MMD^2 = E k(h(x), h(x')) - 2 E k(h(x), h(y)) + E k(h(y), h(y')) for data x, x' and samples
    y, y', which G makes small and D large by its choice of h. The kernel is the mean over widths of
    a kernel of the distance, and every parameter of D lies in [-clip, clip].

    The paper also trains a decoder, so that h loses nothing of x, and keeps the mean of h greater
    on data than on samples. Neither is done here: D is an encoder alone. There the kernel is the
    sum over widths.

    kernel: gaussian, exp(-r^2 / (2 s^2)), or rational_quadratic, 1 / (1 + r^2 / (2 s^2)).
    widths: the widths s of the kernel, in units of D's outputs.
    clip: the largest absolute value that a parameter of D may have.
    outputs: how many numbers h(x) has; the paper takes 16 for MNIST.

    Source: Li et al. 2017, "MMD GAN: Towards deeper understanding of moment matching network",
        equation 3 and Algorithm 1; Binkowski et al. 2018 for the rational quadratic kernel, and for
        what a decoder is not needed for.
    """

    name = "mmd"
    divergence = "mmd_of_outputs"

    kernel: Literal["gaussian", "rational_quadratic"] = "gaussian"
    widths: tuple[Positive, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)
    clip: Positive = 0.01
    outputs: Size = 16

    def validate(self) -> None:
        if not self.widths:
            raise UsageError("widths=[]: give the kernel at least one width, such as widths=[1].")

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """-MMD^2."""
        return -self.estimate(*both(D, real, fake, key))

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """MMD^2."""
        return self.estimate(*both(D, real, fake, key))

    def project(self, parameters: PyTree[jax.Array]) -> PyTree[jax.Array]:
        return jax.tree.map(lambda w: jnp.clip(w, -self.clip, self.clip), parameters)

    def accuracy(self, real: Outputs, fake: Outputs) -> Scalar:
        """The share of both that are more alike the others of their own side, on average."""
        return told_right(self._alikeness, real, fake).mean()

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """MMD^2 of h over all pairs, unbiased, so that it may be below 0."""
        return discrepancy(self._alikeness, real, fake)

    def _alikeness(self, squared: Pairs) -> Pairs:
        """The kernel less 1, of squared distances."""
        total = jnp.zeros_like(squared)
        for width in self.widths:
            scaled = squared / (2 * width**2)
            gaussian = self.kernel == "gaussian"
            total += jnp.expm1(-scaled) if gaussian else -scaled / (1 + scaled)
        return total / len(self.widths)
