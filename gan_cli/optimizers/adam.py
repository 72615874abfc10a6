"""Adam."""

import jax
import optax

from gan_cli.bounds import Fraction, Positive
from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer


@component
class Adam(Optimizer):
    """Scales each step by running first and second moments of the gradient.

    b1: the decay of the first moment; Radford et al. 2016 chose 0.5 for GANs.
    b2: the decay of the second moment.
    eps: a small number added to the root of the second moment.

    Source: Kingma and Ba 2015, Algorithm 1.
    """

    name = "adam"

    b1: Fraction = 0.5
    b2: Fraction = 0.999
    eps: Positive = 1e-8

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        return optax.adam(rate, b1=self.b1, b2=self.b2, eps=self.eps)
