"""The R1 penalty."""

from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Scalar
from gan_cli.objectives.penalties import squared_slopes
from gan_cli.regularizers.base import FlatnessPenalty


@component
class R1(FlatnessPenalty):
    """D is pulled towards being flat at the data, which makes the game converge near its optimum.

    Source: Mescheder et al. 2018, equation 9.
    """

    name = "r1"

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E |grad D(x)|^2 / 2 over the data."""
        return squared_slopes(D, real, key).mean() / 2
