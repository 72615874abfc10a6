"""What the loop sends to the device: one training, or several beside one another."""

from typing import NamedTuple, Protocol, TypeVar

import jax

from gan_cli.config import Recipe
from gan_cli.training.batches import Source
from gan_cli.training.chunk import Chunk, draw, finite, run_chunk
from gan_cli.training.networks import Networks
from gan_cli.training.state import TrainState

T = TypeVar("T")


class Program(Protocol):
    """One or more trainings that take their steps together."""

    def run(self, source: Source, state: TrainState, steps: int, log_every: int, end: int) -> Chunk:
        """See `run_chunk`."""
        ...

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        """See `draw`."""
        ...

    def finite(self, state: TrainState) -> jax.Array:
        """See `finite`."""
        ...

    def split(self, tree: T) -> list[T]:
        """Each training's part of a chunk, of samples or of a state, in the trainings' order."""
        ...


class Alone(NamedTuple):
    """One training by itself."""

    networks: Networks
    recipe: Recipe

    def run(self, source: Source, state: TrainState, steps: int, log_every: int, end: int) -> Chunk:
        chunk: Chunk = run_chunk(self.networks, self.recipe, source, state, steps, log_every, end)
        return chunk

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        samples: jax.Array = draw(self.networks, self.recipe, state, latents)
        return samples

    def finite(self, state: TrainState) -> jax.Array:
        whole: jax.Array = finite(state)
        return whole

    def split(self, tree: T) -> list[T]:
        return [tree]
