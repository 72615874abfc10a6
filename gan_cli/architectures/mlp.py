"""Multilayer perceptrons: for points, and for small images as flat vectors."""

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.architectures.layers import (
    dropout,
    normalise,
    running_batch_norm,
    stateless_batch_norm,
)
from gan_cli.checks import check_fraction, check_positive
from gan_cli.component import component, static

Activation = Literal["relu", "leaky_relu", "tanh", "elu", "gelu", "silu"]

ELEMENTWISE: dict[str, Callable[[jax.Array], jax.Array]] = {
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
    "elu": jax.nn.elu,
    "gelu": jax.nn.gelu,
    "silu": jax.nn.silu,
}


@component
class Mlp(Architecture):
    """Hidden layers of any widths, the same activation in both networks.

    generator_widths, discriminator_widths: units of the hidden layers, from input to output; none
        makes the network one linear map.
    activation: of every hidden layer.
    leaky_slope: of leaky_relu below zero.
    generator_batch_norm, discriminator_batch_norm: normalise every hidden layer before its
        activation.
    batch_norm_momentum: how much of G's running statistics stays at a step.
    discriminator_dropout: the part of D's hidden units that is dropped.

    G ends in tanh for images and is linear for points.
    """

    name = "mlp"

    generator_widths: tuple[int, ...] = (256, 256)
    discriminator_widths: tuple[int, ...] = (128, 128)
    activation: Activation = "relu"
    leaky_slope: float = static(default=0.2)
    generator_batch_norm: bool = False
    discriminator_batch_norm: bool = False
    batch_norm_momentum: float = static(default=0.9)
    discriminator_dropout: float = static(default=0.0)

    def validate(self) -> None:
        super().validate()
        check_positive("generator_widths", self.generator_widths)
        check_positive("discriminator_widths", self.discriminator_widths)
        check_fraction("leaky_slope", self.leaky_slope)
        check_fraction("batch_norm_momentum", self.batch_norm_momentum)
        check_fraction("discriminator_dropout", self.discriminator_dropout)

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(self, data, rngs)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Discriminator(self, data, rngs)


def activate(x: jax.Array, activation: Activation, leaky_slope: float) -> jax.Array:
    """Applies the activation of that name elementwise."""
    if activation == "leaky_relu":
        return jax.nn.leaky_relu(x, leaky_slope)
    return ELEMENTWISE[activation](x)


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
        x: jax.Array = self.output(h).reshape(len(z), *self.shape)
        return jnp.tanh(x) if self.is_image else x


class Discriminator(nnx.Module):
    """x (N, *shape) -> logits (N,)."""

    def __init__(self, config: Mlp, data: DataSpec, rngs: nnx.Rngs) -> None:
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
        self.output = nnx.Linear(widths[-1], 1, rngs=rngs)

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        h = x.reshape(len(x), -1)
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.norms:
                h = self.norms[layer](h)
            h = activate(h, self.activation, self.leaky_slope)
            h = dropout(h, self.dropout, key, layer)
        logits: jax.Array = self.output(h)
        return logits[:, 0]
