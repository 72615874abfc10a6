"""The R2 penalty."""

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Scalar
from gan_cli.objectives.penalties import squared_slopes
from gan_cli.regularizers.base import FlatnessPenalty


@component
class R2(FlatnessPenalty):
    """D is pulled towards being flat at G's samples; beside R1 it steadies the early game as well.

    Source: Mescheder et al. 2018, equation 10; Huang et al. 2024, section 2 (with R1).
    """

    name = "r2"

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E |grad D(G(z))|^2 / 2 over the samples."""
        return squared_slopes(D, fake, key).mean() / 2
