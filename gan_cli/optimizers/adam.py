"""Adam."""

import jax
import optax

from gan_cli.checks import check_fraction
from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.optimizers.base import Optimizer


@component
class Adam(Optimizer):
    """Steps scaled by running first and second moments of the gradient.

    b1: decay of the first moment. b2: decay of the second. eps: added to the root of the second.

    Source: Kingma and Ba 2015, Algorithm 1; b1 = .5 for GANs from Radford et al. 2016.
    """

    name = "adam"

    b1: float = 0.5
    b2: float = 0.999
    eps: float = 1e-8

    def validate(self) -> None:
        super().validate()
        check_fraction("b1", self.b1)
        check_fraction("b2", self.b2)
        if not self.eps > 0:
            raise UsageError(f"eps={self.eps}: must be positive.")

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        return optax.adam(rate, b1=self.b1, b2=self.b2, eps=self.eps)
