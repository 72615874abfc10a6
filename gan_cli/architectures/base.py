"""The contract of an architecture: a generator, a discriminator and the prior of the latents."""

import math
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx
from jax import Array
from jaxtyping import Float, Key

from gan_cli.bounds import Size
from gan_cli.component import Component, component

Prior = Literal["normal", "uniform"]


class DataSpec(NamedTuple):
    """What a network may know about the data; hashable, so a program can be compiled for it.

    shape: the shape of one example, (height, width, channels) for images and (D,) for points.
    mean: the values of the mean example in row-major order, in the data's own scale; None where
        they are not known.
    """

    shape: tuple[int, ...]
    mean: tuple[float, ...] | None = None

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
    prior: the distribution of the latents: standard normal, or uniform on [-sqrt 3, sqrt 3], which
        has unit variance too.
    packing: the number of examples that D judges at once, as one.
    spectral_norm: whether every weight matrix of D is divided by its largest singular value.
    """

    group = "architecture"
    without_batch_norm = (
        "Set architecture.discriminator_batch_norm=false, or choose architecture=mlp, which has "
        "none by default."
    )
    """How to get a D whose output for an example does not depend on the others, in a sentence."""

    latent: Size = 64
    prior: Prior = "normal"
    packing: Size = 1
    spectral_norm: bool = False

    def check(self, data: DataSpec) -> None:
        """Refuses data that the networks cannot take.

        Raises:
            UsageError: naming the shape that is needed and an architecture that would do.
        """

    def mixes_examples(self, data: DataSpec) -> bool:
        """Whether D's output for an example depends on the others of its minibatch."""
        return False

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        """Builds G: called as `generator(z, train=...)`, (N, latent) -> (N, *shape).

        With train=True batch norm uses the batch and updates its running statistics; with
        train=False it uses those statistics.
        """
        raise NotImplementedError

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        """Builds D: called as `discriminator(x, key=...)`, (N, *shape) -> logits or scores.

        They are (N,) where D has one output, else (N, outputs). `key` draws the dropout masks;
        with key=None there is no dropout. Batch norm uses the batch. With packing, N and `data`
        are those of packs.
        """
        raise NotImplementedError

    def sample_latent(self, key: Key[Array, ""], n: int) -> Float[Array, "n latent"]:
        """Draws n latents from the prior, as float32."""
        if self.prior == "uniform":
            bound = math.sqrt(3.0)
            return jax.random.uniform(key, (n, self.latent), minval=-bound, maxval=bound)
        return jax.random.normal(key, (n, self.latent), dtype=jnp.float32)
