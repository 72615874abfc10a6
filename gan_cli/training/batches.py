"""Which examples the networks see at which step: a function of the seed, the step and the update.

Nothing is carried from one minibatch to the next, so a resumed run sees what it would have seen.
"""

import dataclasses
from typing import Any, NamedTuple, Protocol

import jax
import jax.numpy as jnp
from jax import lax

from gan_cli.component import component
from gan_cli.config import Recipe
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.training.layout import ALONE, Layout
from gan_cli.training.random import Purpose, key_for

ROUNDS = 6


class Batch(NamedTuple):
    """Some examples.

    x: the examples, (N, *shape).
    label: their labels, (N,) integers, or None where the data has none.
    """

    x: jax.Array
    label: jax.Array | None = None


class Source(Protocol):
    """Where minibatches of data come from, inside the compiled step."""

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        """The minibatch of D's update number `inner` of a step."""
        ...

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        """The minibatch of G's update of a step."""
        ...


@component
class Synthetic:
    """Minibatches drawn fresh from a distribution."""

    dataset: SyntheticDataset

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        key = key_for(recipe.seed, Purpose.DISCRIMINATOR_DATA, step, inner)
        return Batch(self.dataset.sample(key, recipe.batch_size))

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        key = key_for(recipe.seed, Purpose.GENERATOR_DATA, step)
        return Batch(self.dataset.sample(key, recipe.batch_size))


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Resident:
    """Minibatches gathered from examples that lie in the device's memory.

    stored: all examples, as they are stored.
    levels: the stored value of +1, or None (see FiniteDataset).
    layout: among which devices the minibatches are divided.
    """

    stored: Batch
    levels: int | None = dataclasses.field(metadata={"static": True})
    layout: Layout = ALONE

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        return self._gather(discriminator_rows(recipe, len(self.stored.x), step, inner))

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        return self._gather(generator_rows(recipe, len(self.stored.x), step))

    def _gather(self, rows: jax.Array) -> Batch:
        """The examples of some rows; every device finds out by itself which rows those are."""
        return pick(self.stored, self.layout.whole(rows), self.levels)


@jax.tree_util.register_dataclass
@dataclasses.dataclass
class Streamed:
    """The minibatches of a block of steps, brought from the host.

    first: the block's first step.
    discriminator: the minibatches for D as they are stored, with leading axes (steps, k).
    generator: those for G, with a leading axis (steps,).
    levels: as in Resident.
    """

    first: jax.Array
    discriminator: Batch
    generator: Batch
    levels: int | None = dataclasses.field(metadata={"static": True})

    def discriminator_batch(self, recipe: Recipe, step: jax.Array, inner: jax.Array) -> Batch:
        return pick(self.discriminator, (step - self.first, inner), self.levels)

    def generator_batch(self, recipe: Recipe, step: jax.Array) -> Batch:
        return pick(self.generator, step - self.first, self.levels)


def pick(stored: Batch, index: Any, levels: int | None) -> Batch:
    """The stored examples at an index as float32, and their labels.

    Args:
        stored: the examples and labels, with the same leading axes.
        index: what to take along those axes.
        levels: the stored value that becomes 1, where 0 becomes -1; None leaves values as they are.
    """
    taken: Batch = jax.tree.map(lambda array: array[index], stored)
    values = taken.x.astype(jnp.float32)
    return taken._replace(x=values if levels is None else values * (2.0 / levels) - 1.0)


def discriminator_rows(
    recipe: Recipe, n: int, step: jax.Array, inner: jax.Array | int
) -> jax.Array:
    """Which examples D's update number `inner` of a step sees, (batch,) indices below n."""
    return _rows(recipe, n, Purpose.DISCRIMINATOR_DATA, step, recipe.k, inner)


def generator_rows(recipe: Recipe, n: int, step: jax.Array) -> jax.Array:
    """Which examples G's update of a step sees, (batch,) indices below n."""
    return _rows(recipe, n, Purpose.GENERATOR_DATA, step, 1, 0)


def _rows(
    recipe: Recipe, n: int, purpose: Purpose, step: jax.Array, updates: int, inner: jax.Array | int
) -> jax.Array:
    """An epoch is a permutation cut into whole minibatches; n mod batch rows are left out.

    A step takes `updates` of them. step * updates, which may exceed 32 bits, is never formed.
    """
    minibatches = n // recipe.batch_size
    full, rest = jnp.uint32(step) // minibatches, jnp.uint32(step) % minibatches
    update = rest * updates + jnp.uint32(inner)
    epoch, place = full * updates + update // minibatches, update % minibatches
    positions = place * recipe.batch_size + jnp.arange(recipe.batch_size, dtype=jnp.uint32)
    return permute(key_for(recipe.seed, purpose, epoch), n, positions)


def permute(key: jax.Array, n: int, positions: jax.Array) -> jax.Array:
    """The values of a random permutation of 0 .. n-1 at some positions; no others are computed.

    A keyed Feistel network permutes all numbers of a given number of bits. Where a value is n or
    more, the network is applied to it again until it is less (cycle walking). With fewer than
    6 bits, 6 rounds would favour some permutations.

    Args:
        key: decides which permutation it is.
        n: the number of items, at least 1.
        positions: uint32 indices below n, of any shape.

    Returns:
        int32 indices below n, of the same shape; distinct for distinct positions.

    Source: Black and Rogaway 2002, "Ciphers with arbitrary finite domains", cycle walking.
    """
    bits = max(6, (n - 1).bit_length())
    round_keys = jax.random.bits(key, (ROUNDS,), jnp.uint32)

    def encipher(x: jax.Array) -> jax.Array:
        left_bits, right_bits = bits // 2, bits - bits // 2
        left, right = x >> right_bits, x & jnp.uint32(2**right_bits - 1)
        for i in range(ROUNDS):
            mask = jnp.uint32(2**left_bits - 1)
            left, right = right, (left ^ _mix(right ^ round_keys[i])) & mask
            left_bits, right_bits = right_bits, left_bits
        joined: jax.Array = (left << right_bits) | right
        return joined

    walked: jax.Array = lax.while_loop(
        lambda x: jnp.any(x >= n),
        lambda x: jnp.where(x >= n, encipher(x), x),
        encipher(positions.astype(jnp.uint32)),
    )
    return walked.astype(jnp.int32)


def _mix(x: jax.Array) -> jax.Array:
    """Spreads every bit of a uint32 over all bits, by multiplications and shifts."""
    x = (x ^ (x >> 16)) * jnp.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * jnp.uint32(0x846CA68B)
    return x ^ (x >> 16)
