"""How data reaches the device: drawn there, kept there, or brought from disk block by block."""

import functools
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import jax
import jax.numpy as jnp
import numpy as np

from gan_cli.config import Recipe
from gan_cli.training.batches import (
    Source,
    Streamed,
    discriminator_rows,
    generator_rows,
)

BLOCK_BYTES = 64 * 2**20
MAX_BLOCK = 256


class Feed(Protocol):
    """Gives the loop a source of minibatches."""

    def at(self, step: int) -> tuple[Source, int]:
        """The source for the steps from `step` on, and for how many steps it serves."""
        ...


class Fixed:
    """One source for every step."""

    def __init__(self, source: Source, steps: int) -> None:
        self._source = source
        self._steps = steps

    def at(self, step: int) -> tuple[Source, int]:
        return self._source, self._steps


class FromDisk:
    """Blocks of minibatches gathered from a memory-mapped array, the next one while one is used."""

    def __init__(
        self,
        recipe: Recipe,
        examples: np.ndarray,
        levels: int | None,
        device: jax.Device | None = None,
    ) -> None:
        example_bytes = examples[0].nbytes
        step_bytes = example_bytes * recipe.batch_size * (recipe.k + 1)
        self.block = max(1, min(MAX_BLOCK, BLOCK_BYTES // step_bytes))
        self._recipe, self._examples, self._levels = recipe, examples, levels
        self._device = device
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="feed")
        self._current: tuple[int, Source] | None = None
        self._next: tuple[int, Future[Source]] | None = None

    def at(self, step: int) -> tuple[Source, int]:
        first = step - step % self.block
        if self._current is None or self._current[0] != first:
            future = self._future(first)
            self._current = first, future.result()
            self._next = first + self.block, self._thread.submit(self._gather, first + self.block)
        return self._current[1], first + self.block - step

    def _future(self, first: int) -> Future[Source]:
        if self._next is not None and self._next[0] == first:
            return self._next[1]
        return self._thread.submit(self._gather, first)

    def _gather(self, first: int) -> Source:
        for_d, for_g = block_rows(self._recipe, len(self._examples), jnp.int32(first), self.block)
        return Streamed(
            jnp.int32(first),
            jax.device_put(self._examples[np.asarray(for_d)], self._device),
            jax.device_put(self._examples[np.asarray(for_g)], self._device),
            self._levels,
        )


@functools.partial(jax.jit, static_argnames=("n", "steps"))
def block_rows(recipe: Recipe, n: int, first: jax.Array, steps: int) -> tuple[jax.Array, jax.Array]:
    """The rows of every minibatch of a block: (steps, k, batch) for D and (steps, batch) for G."""
    numbers = first + jnp.arange(steps)
    inners = jnp.arange(recipe.k)
    for_d = jax.vmap(
        lambda step: jax.vmap(lambda i: discriminator_rows(recipe, n, step, i))(inners)
    )(numbers)
    return for_d, jax.vmap(lambda step: generator_rows(recipe, n, step))(numbers)
