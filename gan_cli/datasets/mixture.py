"""Mixtures of isotropic normal distributions: drawing from them, and their density."""

import math

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp

from gan_cli.datasets.base import Modes, SyntheticDataset


class Mixture(SyntheticDataset):
    """A mixture of M normal modes whose places a subclass chooses.

    p(x) = sum_m w_m N(x; c_m, s_m^2 I) for points x in D dimensions.
    """

    def modes(self) -> Modes:
        """The modes, as NumPy arrays, or as JAX arrays where a field is traced."""
        raise NotImplementedError

    @property
    def shape(self) -> tuple[int, ...]:
        return self.modes().centres.shape[1:]

    def sample(self, key: jax.Array, n: int) -> jax.Array:
        centres, std, weights = map(jnp.asarray, self.modes())
        which, noise = jax.random.split(key)
        mode = jax.random.choice(which, len(weights), (n,), p=weights)
        return centres[mode] + std[mode, None] * jax.random.normal(noise, (n, *self.shape))

    def log_prob(self, x: jax.Array) -> jax.Array:
        centres, std, weights = map(jnp.asarray, self.modes())
        dimensions = centres.shape[1]
        squared = jnp.sum((jnp.asarray(x)[:, None, :] - centres[None]) ** 2, axis=-1)
        log_scale = jnp.log(weights) - dimensions * (jnp.log(std) + 0.5 * math.log(2 * math.pi))
        return logsumexp(log_scale[None] - 0.5 * squared / std[None] ** 2, axis=-1)
