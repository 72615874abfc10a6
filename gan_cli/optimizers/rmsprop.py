"""RMSProp."""

import jax
import optax

from gan_cli.checks import check_fraction
from gan_cli.component import component
from gan_cli.errors import UsageError
from gan_cli.optimizers.base import Optimizer


@component
class Rmsprop(Optimizer):
    """Steps scaled by a running second moment of the gradient.

    decay: of that moment. eps: added to its root.

    Source: Tieleman and Hinton 2012, lecture 6.5; used by Arjovsky et al. 2017, Algorithm 1.
    """

    name = "rmsprop"

    learning_rate: float = 5e-5
    decay: float = 0.99
    eps: float = 1e-8

    def validate(self) -> None:
        super().validate()
        check_fraction("decay", self.decay)
        if not self.eps > 0:
            raise UsageError(f"eps={self.eps}: must be positive.")

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        return optax.rmsprop(rate, decay=self.decay, eps=self.eps, eps_in_sqrt=False)
