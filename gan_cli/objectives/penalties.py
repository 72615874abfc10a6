"""Penalties on the slope of D, as functions that an objective adds to D's loss."""

import jax
import jax.numpy as jnp

from gan_cli.objectives.base import Batch, Discriminator, Key, Outputs, Scalar


def squared_slopes(D: Discriminator, x: Batch, key: Key | None) -> Outputs:
    """The squared norms of D's gradient at each x: |grad_x D(x)|_2^2, (N, *shape) -> (N,)."""
    gradients = jax.grad(lambda inputs: D(inputs, key).sum())(x)
    return jnp.square(gradients).reshape(x.shape[0], -1).sum(axis=1)


def slopes(D: Discriminator, x: Batch, key: Key | None) -> Outputs:
    """The norms of D's gradient at each x: |grad_x D(x)|_2, (N, *shape) -> (N,).

    The gradient of a norm is undefined at 0; there its derivative is taken as 0.
    """
    squares = squared_slopes(D, x, key)
    flat = squares == 0.0
    return jnp.where(flat, 0.0, jnp.sqrt(jnp.where(flat, 1.0, squares)))


def gradient_penalty(D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
    """The mean of (|grad D| - 1)^2 at points drawn uniformly between data and samples.

    x = e real + (1 - e) fake with one e ~ U[0, 1] an example.

    Args:
        D: the critic.
        real: a minibatch of data, (N, *shape).
        fake: a minibatch of samples, (N, *shape).
        key: draws e and the dropout masks.

    Returns:
        A scalar >= 0; multiply it by the penalty's weight.

    Source: Gulrajani et al. 2017, Algorithm 1.
    """
    mix_key, dropout_key = jax.random.split(key)
    e = jax.random.uniform(mix_key, (real.shape[0],) + (1,) * (real.ndim - 1))
    between = e * real + (1.0 - e) * fake
    return jnp.square(slopes(D, between, dropout_key) - 1.0).mean()
