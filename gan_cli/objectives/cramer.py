"""The Cramer GAN."""

from typing import ClassVar

import jax
import jax.numpy as jnp

from gan_cli.bounds import NonNegative, Size
from gan_cli.component import component
from gan_cli.objectives.base import (
    Batch,
    Discriminator,
    Key,
    Loss,
    Objective,
    Outputs,
    Scalar,
    both,
)
from gan_cli.objectives.features import (
    Pairs,
    Vectors,
    as_vectors,
    discrepancy,
    norms,
    root,
    told_right,
)
from gan_cli.objectives.penalties import gradient_penalty


@component
class Cramer(Objective):
    """The energy distance of D's outputs h, which are vectors; a sample's gradients are unbiased.

    2 E|h(x) - h(y)| - E|h(x) - h(x')| - E|h(y) - h(y')| for data x, x' and samples y, y', which G
    makes small and D large. On the line it is twice the squared Cramer distance of h. D learns from
    its critic f(x) = |h(x) - h(y')| - |h(x)| and not from the energy distance itself, as the paper
    does, so that it needs one example a sample; a penalty holds the slope of f near 1.

    Where the paper draws a second batch for y', this takes the sample that follows y in its batch.

    penalty: the weight lambda of the gradient penalty on f.
    outputs: how many numbers h(x) has; the paper takes 256.

    Source: Bellemare et al. 2017, Algorithm 1 (Cramer GAN losses).
    """

    name = "cramer"
    divergence = "energy_of_outputs"
    takes_slopes = True
    discriminator_parts: ClassVar[tuple[str, ...]] = ("critic", "penalty")

    penalty: NonNegative = 10.0
    outputs: Size = 256

    def discriminator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Loss:
        """E f(G(z)) - E f(x) + lambda E (|grad f| - 1)^2 between data and samples, in two parts."""
        critic_key, penalty_key = jax.random.split(key)
        on_real, on_fake = map(as_vectors, both(D, real, fake, critic_key))
        other = _following(on_fake)

        def f(x: Batch, drawn: Key | None) -> Outputs:
            return _critic(as_vectors(D(x, drawn)), other)

        return {
            "critic": _critic(on_fake, other).mean() - _critic(on_real, other).mean(),
            "penalty": self.penalty * gradient_penalty(f, real, fake, penalty_key),
        }

    def generator_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E|h(x) - h(y)| + E|h(x) - h(y')| - E|h(y) - h(y')|."""
        x, y = map(as_vectors, both(D, real, fake, key))
        other = _following(y)
        return (norms(x - y) + norms(x - other) - norms(y - other)).mean()

    def unrolled_loss(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """The same less E|h(x) - h(x')|: the energy distance."""
        x, _ = map(as_vectors, both(D, real, fake, key))
        return self.generator_loss(D, real, fake, key) - norms(x - _following(x)).mean()

    def accuracy(self, real: Outputs, fake: Outputs) -> Scalar:
        """The share of both that lie nearer to the others of their own side, on average."""
        return told_right(_nearness, real, fake).mean()

    def estimate(self, real: Outputs, fake: Outputs) -> Scalar:
        """The energy distance of h over all pairs, unbiased, so that it may be below 0."""
        return discrepancy(_nearness, real, fake)


def _critic(h: Vectors, other: Vectors) -> Outputs:
    """f(x) = |h(x) - h(y')| - |h(x)|, (N,)."""
    return norms(h - other) - norms(h)


def _following(vectors: Vectors) -> Vectors:
    """For each vector the one after it in the batch, which is independent of it."""
    return jnp.roll(vectors, -1, axis=0)


def _nearness(squared: Pairs) -> Pairs:
    """The kernel -|x - y| that gives the energy distance."""
    return -root(squared)
