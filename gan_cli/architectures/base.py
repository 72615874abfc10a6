"""The contract of an architecture: a generator, a discriminator and the prior of the latents."""

import math
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.checks import check_positive
from gan_cli.component import Component, component

Prior = Literal["normal", "uniform"]


class DataSpec(NamedTuple):
    """What a network may know of the data.

    shape: of one example: (height, width, channels) for images, (D,) for points.
    mean: the mean example in the data's own scale, or None where it is not known.
    """

    shape: tuple[int, ...]
    mean: np.ndarray | None = None

    @property
    def is_image(self) -> bool:
        return len(self.shape) == 3

    @property
    def size(self) -> int:
        return math.prod(self.shape)


@component
class Architecture(Component):
    """A pair of networks; subclasses add their fields and build the two modules.

    latent: the number of latent variables.
    prior: their distribution: standard normal, or uniform on [-sqrt 3, sqrt 3] (unit variance too).
    """

    group = "architecture"

    latent: int = 64
    prior: Prior = "normal"

    def validate(self) -> None:
        check_positive("latent", self.latent)

    def check(self, data: DataSpec) -> None:
        """Refuses data that the networks cannot take.

        Raises:
            UsageError: naming the shape that is needed and an architecture that would do.
        """

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        """Builds G: called as `generator(z, train=...)`, (N, latent) -> (N, *shape).

        With train=True batch norm uses the batch and updates its running statistics; with
        train=False it uses those statistics.
        """
        raise NotImplementedError

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        """Builds D: called as `discriminator(x, key=...)`, (N, *shape) -> (N,) logits or scores.

        `key` draws the dropout masks; key=None leaves dropout out. Batch norm uses the batch.
        """
        raise NotImplementedError

    def sample_latent(self, key: jax.Array, n: int) -> jax.Array:
        """Draws n latents from the prior, (n, latent) float32."""
        if self.prior == "uniform":
            bound = math.sqrt(3.0)
            return jax.random.uniform(key, (n, self.latent), minval=-bound, maxval=bound)
        return jax.random.normal(key, (n, self.latent), dtype=jnp.float32)
