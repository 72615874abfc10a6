"""RMSProp."""

import jax
import optax

from gan_cli.bounds import Fraction, NonNegative, Positive
from gan_cli.component import component
from gan_cli.optimizers.base import Optimizer


@component
class Rmsprop(Optimizer):
    """Scales each step by a running second moment of the gradient.

    decay: the decay of the second moment.
    eps: a small number added to the root of the second moment.

    Source: Tieleman and Hinton 2012, lecture 6.5; used by Arjovsky et al. 2017, Algorithm 1.
    """

    name = "rmsprop"

    learning_rate: NonNegative = 5e-5
    decay: Fraction = 0.99
    eps: Positive = 1e-8

    def transformation(self, step: jax.Array) -> optax.GradientTransformation:
        rate = self.schedule(self.learning_rate, step)
        return optax.rmsprop(rate, decay=self.decay, eps=self.eps, eps_in_sqrt=False)
