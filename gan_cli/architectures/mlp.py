"""Multilayer perceptrons: for points, and for small images as flat vectors."""

from itertools import pairwise
from typing import Literal

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.architectures.layers import (
    Head,
    dropout,
    normalise,
    running_batch_norm,
    stateless_batch_norm,
)
from gan_cli.bounds import Fraction, Size
from gan_cli.component import component, static

Activation = Literal["relu", "leaky_relu", "tanh", "elu", "gelu", "silu"]


@component
class Mlp(Architecture):
    """Multilayer perceptrons, for points and for small images as flat vectors.

    G ends in tanh for images and is linear at the output for points. A network without hidden
    layers is one linear map.

    generator_widths: the number of units in each hidden layer of G, from input to output.
    discriminator_widths: the number of units in each hidden layer of D, from input to output.
    activation: the activation of every hidden layer in both networks.
    leaky_slope: the slope of leaky_relu below zero.
    generator_batch_norm: whether to normalise every hidden layer of G before its activation.
    discriminator_batch_norm: whether to normalise every hidden layer of D before its activation.
    batch_norm_momentum: the share of G's running statistics that is kept at a step.
    discriminator_dropout: the share of D's hidden units that is dropped.

    Source: the two networks are multilayer perceptrons in Goodfellow et al. 2014, section 3.
    """

    name = "mlp"
    without_batch_norm = "Set architecture.discriminator_batch_norm=false."

    generator_widths: tuple[Size, ...] = (256, 256)
    discriminator_widths: tuple[Size, ...] = (128, 128)
    activation: Activation = "relu"
    leaky_slope: Fraction = static(default=0.2)
    generator_batch_norm: bool = False
    discriminator_batch_norm: bool = False
    batch_norm_momentum: Fraction = static(default=0.9)
    discriminator_dropout: Fraction = static(default=0.0)

    def mixes_examples(self, data: DataSpec) -> bool:
        return self.discriminator_batch_norm and bool(self.discriminator_widths)

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(self, data, rngs)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        return Discriminator(self, data, rngs, outputs)


def activate(x: jax.Array, activation: Activation, leaky_slope: float) -> jax.Array:
    """Applies the activation with that name elementwise."""
    if activation == "leaky_relu":
        return jax.nn.leaky_relu(x, leaky_slope)
    activated: jax.Array = getattr(jax.nn, activation)(x)
    return activated


class Generator(nnx.Module):
    """z (N, latent) -> (N, *shape)."""

    def __init__(self, config: Mlp, data: DataSpec, rngs: nnx.Rngs) -> None:
        widths = (config.latent, *config.generator_widths)
        batch_norm, momentum = config.generator_batch_norm, config.batch_norm_momentum
        self.shape, self.is_image = data.shape, data.is_image
        self.activation, self.leaky_slope = config.activation, config.leaky_slope
        self.hidden = nnx.List(
            nnx.Linear(a, b, use_bias=not batch_norm, rngs=rngs) for a, b in pairwise(widths)
        )
        self.norms = nnx.List(
            running_batch_norm(width, momentum, rngs) for width in widths[1:] if batch_norm
        )
        self.output = nnx.Linear(widths[-1], data.size, rngs=rngs)

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        h = z
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.norms:
                h = normalise(self.norms[layer], h, train=train)
            h = activate(h, self.activation, self.leaky_slope)
        x: jax.Array = self.output(h).reshape(z.shape[0], *self.shape)
        return jnp.tanh(x) if self.is_image else x


class Discriminator(nnx.Module):
    """x (N, *shape) -> logits, (N,) or (N, outputs)."""

    def __init__(self, config: Mlp, data: DataSpec, rngs: nnx.Rngs, outputs: int) -> None:
        widths = (data.size, *config.discriminator_widths)
        batch_norm = config.discriminator_batch_norm
        self.activation, self.leaky_slope = config.activation, config.leaky_slope
        self.dropout = config.discriminator_dropout
        self.hidden = nnx.List(
            nnx.Linear(a, b, use_bias=not batch_norm, rngs=rngs) for a, b in pairwise(widths)
        )
        self.norms = nnx.List(
            stateless_batch_norm(width, 2, rngs) for width in widths[1:] if batch_norm
        )
        self.output = Head(widths[-1], outputs, rngs=rngs)

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        h = x.reshape(len(x), -1)
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.norms:
                h = self.norms[layer](h)
            h = activate(h, self.activation, self.leaky_slope)
            h = dropout(h, self.dropout, key, layer)
        return self.output(h)
