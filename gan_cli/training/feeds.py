"""How data reaches the device: drawn there, kept there, or brought from disk block by block."""

import functools
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

import jax
import jax.numpy as jnp

from gan_cli.config import Recipe
from gan_cli.datasets.base import Split
from gan_cli.training.batches import Batch, Source, Streamed, discriminator_rows, generator_rows
from gan_cli.training.layout import ALONE, Layout

BLOCK_BYTES = 64 * 2**20
MAX_BLOCK = 256


class Feed(Protocol):
    """Gives the loop a source of minibatches."""

    def at(self, step: int) -> tuple[Source, int]:
        """The source for the steps from `step` on, and for how many steps it serves."""
        ...

    def close(self) -> None:
        """Frees what the feed holds, once no source is needed any more."""
        ...


class SameSource:
    """One source for every step."""

    def __init__(self, source: Source, steps: int) -> None:
        self._source, self._steps = source, steps

    def at(self, step: int) -> tuple[Source, int]:
        return self._source, self._steps

    def close(self) -> None:
        pass


class FromDisk:
    """Blocks of minibatches gathered from a memory-mapped array, the next one while one is used."""

    def __init__(
        self,
        recipe: Recipe,
        split: Split,
        levels: int | None,
        device: jax.Device | None = None,
        layout: Layout = ALONE,
    ) -> None:
        """Gathers nothing yet.

        Args:
            recipe: decides which examples a minibatch holds.
            split: the examples, and their labels where there are any.
            levels: see `Resident`.
            device: where rows are chosen and blocks go; by default JAX's own choice.
            layout: among which devices their minibatches are divided instead.
        """
        step_bytes = split.examples[0].nbytes * recipe.batch_size * (recipe.k + 1)
        self.block = max(1, min(MAX_BLOCK, BLOCK_BYTES // step_bytes))
        self._recipe, self._split, self._levels = recipe, split, levels
        self._device, self._layout = device, layout
        on_device = jax.default_device(device)  # every thread has its own
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="feed", initializer=on_device.__enter__
        )
        self._current: tuple[int, Source] | None = None
        self._next: tuple[int, Future[Source]] | None = None

    def at(self, step: int) -> tuple[Source, int]:
        first = step - step % self.block
        if self._current is None or self._current[0] != first:
            following = first + self.block
            self._current = first, self._future(first).result()
            self._next = following, self._thread.submit(self._gather, following)
        return self._current[1], first + self.block - step

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

    def _future(self, first: int) -> Future[Source]:
        if self._next is not None and self._next[0] == first:
            return self._next[1]
        return self._thread.submit(self._gather, first)

    def _gather(self, first: int) -> Source:
        n = len(self._split.examples)
        rows = jax.device_get(block_rows(self._recipe, n, jnp.int32(first), self.block))
        taken = [jax.tree.map(lambda array, i=i: array[i], self._split) for i in rows]
        for_d, for_g = (Batch(*each) for each in taken)
        if self._layout.size > 1:
            for_d, for_g = self._layout.put(for_d, 2), self._layout.put(for_g, 1)
        else:
            for_d, for_g = jax.device_put((for_d, for_g), self._device)
        start = self._layout.everywhere(jnp.int32(first))
        return Streamed(start, for_d, for_g, self._levels)


@functools.partial(jax.jit, static_argnames=("n", "steps"))
def block_rows(recipe: Recipe, n: int, first: jax.Array, steps: int) -> tuple[jax.Array, jax.Array]:
    """The rows of every minibatch of a block: (steps, k, batch) for D and (steps, batch) for G."""
    numbers, inners = first + jnp.arange(steps), jnp.arange(recipe.k)
    for_d = jax.vmap(
        lambda step: jax.vmap(lambda i: discriminator_rows(recipe, n, step, i))(inners)
    )(numbers)
    return for_d, jax.vmap(lambda step: generator_rows(recipe, n, step))(numbers)
