"""The penalty of DRAGAN."""

import jax
import jax.numpy as jnp

from gan_cli.bounds import NonNegative
from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Scalar
from gan_cli.objectives.penalties import slopes
from gan_cli.regularizers.base import SlopePenalty


@component
class Dragan(SlopePenalty):
    """D's slopes around the data are pulled towards 1, against sharp optima where modes collapse.

    weight: the factor lambda.
    spread: the noise's standard deviation in units of that of the minibatch's values.

    Source: Kodali et al. 2017 (the penalty), and their code (noise in units of the data's).
    """

    name = "dragan"

    weight: NonNegative = 10.0
    spread: NonNegative = 0.5

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E (|grad D(x + d)| - 1)^2 over the data, with normal noise d."""
        noise_key, dropout_key = jax.random.split(key)
        noise = self.spread * real.std() * jax.random.normal(noise_key, real.shape)
        return jnp.square(slopes(D, real + noise, dropout_key) - 1.0).mean()
