"""Deep convolutional networks for square images of almost any side."""

from itertools import pairwise
from typing import Literal

import jax
import jax.numpy as jnp
from flax import nnx

from gan_cli.architectures.base import Architecture, DataSpec
from gan_cli.architectures.layers import (
    Head,
    Initializer,
    StridedConv,
    TransposedConv,
    dropout,
    normalise,
    running_batch_norm,
    stateless_batch_norm,
)
from gan_cli.bounds import Fraction, Size
from gan_cli.component import component, static
from gan_cli.errors import UsageError

InitialWeights = Literal["normal", "he"]

INITIALIZERS: dict[InitialWeights, Initializer] = {
    "normal": nnx.initializers.normal(0.02),
    "he": nnx.initializers.he_normal(),
}


def scale_init(key: jax.Array, shape: tuple[int, ...], dtype: jnp.dtype) -> jax.Array:
    """Draws the initial scale of a batch norm, N(1, .02)."""
    return 1 + 0.02 * jax.random.normal(key, shape, dtype)


@component
class Dcgan(Architecture):
    """Convolutional networks for square images whose side halves down to 4, 5, 6 or 7.

    4x4 convolutions double the side in G and halve it in D. G has ReLU layers and ends in tanh; D
    has leaky ReLU layers. Batch-norm scales start from N(1, .02).

    filters: the channels of the layer next to the image; they double with every halving.
    dense_widths: the units of each fully connected layer that G has between its latents and its
        convolutions, and D, in reverse order, between its convolutions and its output. They are
        normalised and activated like the convolutions.
    initial_weights: normal is N(0, .02), whose small outputs batch norm makes up for; he has the
        variance 2 / (number of inputs), which keeps the outputs' size without batch norm.
    generator_batch_norm: whether to normalise every layer of G but the output.
    discriminator_batch_norm: whether to normalise every convolution of D but the first.
    batch_norm_momentum: the share of G's running statistics that is kept at a step.
    leaky_slope: the slope of D's leaky ReLU below zero.
    discriminator_dropout: the share of values that is dropped after each convolution of D.

    Source: Radford et al. 2016, section 3; Chen et al. 2016, appendix C.1 (dense layers); He et al.
    2015, section 2.2 (their initial weights).
    """

    name = "dcgan"

    latent: Size = 100
    filters: Size = 32
    dense_widths: tuple[Size, ...] = ()
    initial_weights: InitialWeights = "normal"
    generator_batch_norm: bool = True
    discriminator_batch_norm: bool = True
    batch_norm_momentum: Fraction = static(0.9)
    leaky_slope: Fraction = static(0.2)
    discriminator_dropout: Fraction = static(0.0)

    def check(self, data: DataSpec) -> None:
        if not data.is_image or data.shape[0] != data.shape[1]:
            raise UsageError(
                f"architecture=dcgan draws square images, and this data set has examples of shape "
                f"{data.shape}. Choose architecture=mlp or architecture=maxout."
            )
        side = data.shape[0]
        sides = _nearest_sides(side)
        if side not in sides:
            choices = " or ".join(f"dataset.size={side}" for side in sides)
            raise UsageError(
                f"architecture=dcgan cannot draw images of side {side}, only of a side that "
                f"halves down to 4, 5, 6 or 7. Choose {choices}, where the data set has a size, or "
                f"architecture=mlp or architecture=maxout."
            )

    def mixes_examples(self, data: DataSpec) -> bool:
        return self.discriminator_batch_norm and _halvings(data.shape[0]) > 1

    def generator(self, data: DataSpec, rngs: nnx.Rngs) -> nnx.Module:
        return Generator(self, data, rngs)

    def discriminator(self, data: DataSpec, rngs: nnx.Rngs, outputs: int = 1) -> nnx.Module:
        return Discriminator(self, data, rngs, outputs)


class Generator(nnx.Module):
    """z (N, latent) -> images (N, side, side, channels)."""

    def __init__(self, config: Dcgan, data: DataSpec, rngs: nnx.Rngs) -> None:
        side, _, channels = data.shape
        widths = [config.filters * 2**n for n in reversed(range(_halvings(side)))]
        batch_norm, momentum = config.generator_batch_norm, config.batch_norm_momentum
        self.base = side // 2 ** len(widths)
        given = {"kernel_init": INITIALIZERS[config.initial_weights], "rngs": rngs}
        dense = [config.latent, *config.dense_widths]
        self.hidden = nnx.List(
            nnx.Linear(a, b, use_bias=not batch_norm, **given) for a, b in pairwise(dense)
        )
        self.dense = nnx.Linear(
            dense[-1], self.base**2 * widths[0], use_bias=not batch_norm, **given
        )
        self.hidden_norms = nnx.List(
            running_batch_norm(width, momentum, rngs, scale_init)
            for width in config.dense_widths
            if batch_norm
        )
        self.norms = nnx.List(
            running_batch_norm(width, momentum, rngs, scale_init) for width in widths if batch_norm
        )
        self.convs = nnx.List(
            TransposedConv(a, b, bias=not batch_norm, **given) for a, b in pairwise(widths)
        )
        self.output = TransposedConv(widths[-1], channels, bias=True, **given)

    def __call__(self, z: jax.Array, *, train: bool) -> jax.Array:
        h = z
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.hidden_norms:
                h = normalise(self.hidden_norms[layer], h, train=train)
            h = jax.nn.relu(h)
        h = self.dense(h).reshape(z.shape[0], self.base, self.base, -1)
        for layer, conv in enumerate([*self.convs, self.output]):
            if self.norms:
                h = normalise(self.norms[layer], h, train=train)
            h = conv(jax.nn.relu(h))
        return jnp.tanh(h)


class Discriminator(nnx.Module):
    """Images x (N, side, side, channels) -> logits, (N,) or (N, outputs)."""

    def __init__(self, config: Dcgan, data: DataSpec, rngs: nnx.Rngs, outputs: int) -> None:
        side, _, channels = data.shape
        widths = [config.filters * 2**n for n in range(_halvings(side))]
        base = side // 2 ** len(widths)
        batch_norm = config.discriminator_batch_norm
        self.leaky_slope, self.dropout = config.leaky_slope, config.discriminator_dropout
        given = {"kernel_init": INITIALIZERS[config.initial_weights], "rngs": rngs}
        self.input = StridedConv(channels, widths[0], bias=True, **given)
        self.convs = nnx.List(
            StridedConv(a, b, bias=not batch_norm, **given) for a, b in pairwise(widths)
        )
        self.norms = nnx.List(
            stateless_batch_norm(width, 4, rngs, scale_init) for width in widths[1:] if batch_norm
        )
        dense = [base**2 * widths[-1], *reversed(config.dense_widths)]
        self.hidden = nnx.List(
            nnx.Linear(a, b, use_bias=not batch_norm, **given) for a, b in pairwise(dense)
        )
        self.hidden_norms = nnx.List(
            stateless_batch_norm(width, 2, rngs, scale_init) for width in dense[1:] if batch_norm
        )
        self.output = Head(dense[-1], outputs, **given)

    def __call__(self, x: jax.Array, *, key: jax.Array | None) -> jax.Array:
        h = self._activate(self.input(x), key, 0)
        for layer, conv in enumerate(self.convs, start=1):
            h = conv(h)
            if self.norms:
                h = self.norms[layer - 1](h)
            h = self._activate(h, key, layer)
        h = h.reshape(len(x), -1)
        for layer, linear in enumerate(self.hidden):
            h = linear(h)
            if self.hidden_norms:
                h = self.hidden_norms[layer](h)
            h = self._activate(h, key, 1 + len(self.convs) + layer)
        return self.output(h)

    def _activate(self, h: jax.Array, key: jax.Array | None, layer: int) -> jax.Array:
        return dropout(jax.nn.leaky_relu(h, self.leaky_slope), self.dropout, key, layer)


def _halvings(side: int) -> int:
    """How often a side is halved until it is below 8."""
    return max(side.bit_length() - 3, 0)


def _nearest_sides(side: int) -> tuple[int, ...]:
    """The nearest sides that are 4 to 7 times 2^n with n >= 1: this one, or one on either side."""
    step = 2 ** _halvings(side)
    below, above = side // step * step, -(-side // step) * step
    return tuple(sorted({max(below, 8), max(above, 8)}))
