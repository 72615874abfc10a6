"""The pair of networks of the 2014 paper: a rectifier G and a maxout D with dropout."""

from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec, Prior
from gan_cli.architectures.layers import (
    Head,
    Initializer,
    dropout,
    normalise,
    running_batch_norm,
)
from gan_cli.bounds import Fraction, Positive, Size
from gan_cli.component import component, static


@component
class Maxout(Architecture):
    """The networks of the 2014 paper: G with ReLU layers, D with maxout layers and dropout.

    For images, G ends in a sigmoid stretched from [0, 1] to [-1, 1], whose bias starts at the logit
    of the mean image, and D maps its input back to [0, 1]. For points both are linear there.

    generator_widths: the number of ReLU units in each hidden layer of G, from input to output.
    generator_batch_norm: whether to normalise every hidden layer of G before its activation.
    batch_norm_momentum: the share of G's running statistics that is kept at a step.
    generator_bound: the bound b of G's initial weights, which are uniform on [-b, b].
    discriminator_units: the number of maxout units in each hidden layer of D.
    pieces: the number of linear functions that a maxout unit takes the largest of.
    discriminator_bound: the bound b of D's initial weights, which are uniform on [-b, b].
    input_dropout: the share of D's inputs that is dropped.
    hidden_dropout: the share of D's hidden units that is dropped.

    Source: Goodfellow et al. 2014, section 5, and its authors' published settings for MNIST.
    """

    name = "maxout"

    latent: Size = 100
    prior: Prior = "uniform"
    generator_widths: tuple[Size, ...] = (1200, 1200)
    generator_batch_norm: bool = False
    batch_norm_momentum: Fraction = static(0.9)
    generator_bound: Positive = 0.05
    discriminator_units: tuple[Size, ...] = (240, 240)
    pieces: Size = 5
    discriminator_bound: Positive = 0.005
    input_dropout: Fraction = static(0.2)
    hidden_dropout: Fraction = static(0.5)

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(self, data, rngs)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        return Discriminator(self, data, rngs, outputs)


class Generator(nnx.Module):
    """z (N, latent) -> (N, *shape)."""

    def __init__(self, config: Maxout, data: DataSpec, rngs: nnx.Rngs) -> None:
        widths = (config.latent, *config.generator_widths)
        kernel_init = _symmetric_uniform(config.generator_bound)
        bias = jnp.asarray(_mean_logit(data))
        self.shape, self.is_image = data.shape, data.is_image
        batch_norm, momentum = config.generator_batch_norm, config.batch_norm_momentum
        self.hidden = nnx.List(
            nnx.Linear(a, b, use_bias=not batch_norm, kernel_init=kernel_init, rngs=rngs)
            for a, b in pairwise(widths)
        )
        self.norms = nnx.List(
            running_batch_norm(width, momentum, rngs) for width in widths[1:] if batch_norm
        )
        self.output = nnx.Linear(
            widths[-1], data.size, kernel_init=kernel_init, bias_init=lambda *_: bias, rngs=rngs
        )

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        h = z
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.norms:
                h = normalise(self.norms[layer], h, train=train)
            h = jax.nn.relu(h)
        x: jax.Array = self.output(h).reshape(z.shape[0], *self.shape)
        return 2 * jax.nn.sigmoid(x) - 1 if self.is_image else x


class Discriminator(nnx.Module):
    """x (N, *shape) -> logits, (N,) or (N, outputs)."""

    def __init__(self, config: Maxout, data: DataSpec, rngs: nnx.Rngs, outputs: int) -> None:
        widths = (data.size, *config.discriminator_units)
        kernel_init = _symmetric_uniform(config.discriminator_bound)
        self.is_image = data.is_image
        self.pieces = config.pieces
        self.input_dropout, self.hidden_dropout = config.input_dropout, config.hidden_dropout
        self.hidden = nnx.List(
            nnx.Linear(a, b * config.pieces, kernel_init=kernel_init, rngs=rngs)
            for a, b in pairwise(widths)
        )
        self.output = Head(widths[-1], outputs, kernel_init=kernel_init, rngs=rngs)

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        h = x.reshape(len(x), -1)
        h = dropout((h + 1) / 2 if self.is_image else h, self.input_dropout, key, 0)
        for layer, linear in enumerate(self.hidden, start=1):
            h = largest(linear(h).reshape(len(x), -1, self.pieces))
            h = dropout(h, self.hidden_dropout, key, layer)
        return self.output(h)


def largest(pieces: jax.Array) -> jax.Array:
    """The largest entry along the last axis; the gradient reaches that entry alone.

    The gradient of `max` divides by the number of entries that equal the maximum. That number is 0
    where a compiler computes the entries a second time and rounds them differently.
    """
    chosen = jax.nn.one_hot(pieces.argmax(axis=-1), pieces.shape[-1], dtype=pieces.dtype)
    return (pieces * chosen).sum(axis=-1)


def _symmetric_uniform(bound: float | jax.Array) -> Initializer:
    def draw(key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype) -> jax.Array:
        return jax.random.uniform(key, shape, dtype, -bound, bound)

    return draw


def _mean_logit(data: DataSpec) -> np.ndarray:
    """The logit of the mean image, (size,), kept finite where pixels never change; else zeros."""
    if data.mean is None or not data.is_image:
        return np.zeros(data.size, np.float32)
    level = (np.asarray(data.mean, np.float64) + 1) / 2
    level = np.clip(level, 1e-7, 1 - 1e-7)
    return (np.log(level) - np.log1p(-level)).astype(np.float32)
