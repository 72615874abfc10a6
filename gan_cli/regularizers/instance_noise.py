"""Noise on everything that D sees."""

import jax
import jax.numpy as jnp

from gan_cli.bounds import Count, NonNegative
from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Outputs
from gan_cli.regularizers.base import Number, Regularizer, own_key


@component
class InstanceNoise(Regularizer):
    """Both players meet D through normal noise, so that data and samples overlap in all of space.

    D compares p_data and p_g after both were blurred, and its optimum has a slope everywhere. The
    noise falls linearly to 0, and what is logged of D's outputs is without it.

    std: the noise's standard deviation at the first step, in the data's units.
    steps: the number of steps in which it falls to 0.

    Source: Sonderby et al. 2017 (instance noise); Arjovsky and Bottou 2017, section 3.
    """

    name = "instance_noise"

    std: NonNegative = 0.1
    steps: Count = 10_000

    def opponent(self, D: Discriminator, step: Number) -> Discriminator:
        """D(x + std max(0, 1 - step / steps) e) with standard normal e."""
        std = self.std * jnp.maximum(0.0, 1.0 - step / self.steps)

        def noisy(x: Batch, key: Key | None) -> Outputs:
            if key is None:
                return D(x, None)
            return D(x + std * jax.random.normal(own_key(key, self.name), x.shape), key)

        return noisy
