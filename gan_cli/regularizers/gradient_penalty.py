"""The gradient penalty of the improved Wasserstein GAN, for any objective."""

from gan_cli.bounds import NonNegative
from gan_cli.component import component
from gan_cli.objectives import penalties
from gan_cli.objectives.base import Batch, Discriminator, Key, Scalar
from gan_cli.regularizers.base import SlopePenalty


@component
class GradientPenalty(SlopePenalty):
    """D's slopes between data and samples are pulled towards 1, which bounds how steep D gets.

    The objective `wgan_gp` is the Wasserstein game with this penalty built in.

    weight: the factor lambda.

    Source: Gulrajani et al. 2017, equation 3 and Algorithm 1.
    """

    name = "gradient_penalty"

    weight: NonNegative = 10.0

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E (|grad D(x)| - 1)^2 at points drawn uniformly between data and samples."""
        return penalties.gradient_penalty(D, real, fake, key)
