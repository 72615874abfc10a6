"""The pair of networks of the 2014 paper: a rectifier G and a maxout D with dropout."""

import math
from itertools import pairwise

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec, Prior
from gan_cli.architectures.layers import Initializer, dropout
from gan_cli.checks import check_fraction, check_positive
from gan_cli.component import component, static
from gan_cli.errors import UsageError


@component
class Maxout(Architecture):
    """G with ReLU layers and a sigmoid output; D with maxout layers, and dropout while training.

    generator_widths: units of G's hidden layers, from input to output.
    discriminator_units: maxout units of D's hidden layers; each is the largest of `pieces` linear
        functions.
    input_dropout, hidden_dropout: the part of D's inputs and of its units that is dropped.
    generator_bound, discriminator_bound: weights start uniform on [-bound, bound].

    For images, G's sigmoid is stretched from [0, 1] to [-1, 1], D maps its input back, and G's
    output bias starts at the logit of the mean image; for points both are linear there.

    Source: Goodfellow et al. 2014, and its published settings for MNIST.
    """

    name = "maxout"

    latent: int = 100
    prior: Prior = "uniform"
    generator_widths: tuple[int, ...] = (1200, 1200)
    generator_bound: float = 0.05
    discriminator_units: tuple[int, ...] = (240, 240)
    pieces: int = 5
    discriminator_bound: float = 0.005
    input_dropout: float = static(0.2)
    hidden_dropout: float = static(0.5)

    def validate(self) -> None:
        super().validate()
        check_positive("generator_widths", self.generator_widths)
        check_positive("discriminator_units", self.discriminator_units)
        check_positive("pieces", self.pieces)
        _check_bound("generator_bound", self.generator_bound)
        _check_bound("discriminator_bound", self.discriminator_bound)
        check_fraction("input_dropout", self.input_dropout)
        check_fraction("hidden_dropout", self.hidden_dropout)

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(self, data, rngs)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Discriminator(self, data, rngs)


class Generator(nnx.Module):
    """z (N, latent) -> (N, *shape)."""

    def __init__(self, config: Maxout, data: DataSpec, rngs: nnx.Rngs) -> None:
        widths = (config.latent, *config.generator_widths)
        kernel_init = _symmetric_uniform(config.generator_bound)
        bias = jnp.asarray(_mean_logit(data))
        self.shape, self.is_image = data.shape, data.is_image
        self.hidden = nnx.List(
            nnx.Linear(a, b, kernel_init=kernel_init, rngs=rngs) for a, b in pairwise(widths)
        )
        self.output = nnx.Linear(
            widths[-1], data.size, kernel_init=kernel_init, bias_init=lambda *_: bias, rngs=rngs
        )

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        h = z
        for linear in self.hidden:
            h = jax.nn.relu(linear(h))
        x: jax.Array = self.output(h).reshape(len(z), *self.shape)
        return 2 * jax.nn.sigmoid(x) - 1 if self.is_image else x


class Discriminator(nnx.Module):
    """x (N, *shape) -> logits (N,)."""

    def __init__(self, config: Maxout, data: DataSpec, rngs: nnx.Rngs) -> None:
        widths = (data.size, *config.discriminator_units)
        kernel_init = _symmetric_uniform(config.discriminator_bound)
        self.is_image = data.is_image
        self.pieces = config.pieces
        self.input_dropout, self.hidden_dropout = config.input_dropout, config.hidden_dropout
        self.hidden = nnx.List(
            nnx.Linear(a, b * config.pieces, kernel_init=kernel_init, rngs=rngs)
            for a, b in pairwise(widths)
        )
        self.output = nnx.Linear(widths[-1], 1, kernel_init=kernel_init, rngs=rngs)

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        h = x.reshape(len(x), -1)
        h = dropout((h + 1) / 2 if self.is_image else h, self.input_dropout, key, 0)
        for layer, linear in enumerate(self.hidden, start=1):
            h = largest(linear(h).reshape(len(x), -1, self.pieces))
            h = dropout(h, self.hidden_dropout, key, layer)
        logits: jax.Array = self.output(h)
        return logits[:, 0]


def largest(pieces: jax.Array) -> jax.Array:
    """The largest of the last axis, whose gradient goes to that one alone.

    The gradient of `max` divides by how many entries equal it, which is 0 where a compiler
    computes the entries a second time and rounds them otherwise.
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
    level = (np.asarray(data.mean, np.float64).ravel() + 1) / 2
    level = np.clip(level, 1e-7, 1 - 1e-7)
    return (np.log(level) - np.log1p(-level)).astype(np.float32)


def _check_bound(name: str, bound: float) -> None:
    if not 0 < bound < math.inf:
        raise UsageError(f"{name}={bound}: must be positive and finite.")
