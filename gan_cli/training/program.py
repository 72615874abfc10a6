"""What the loop sends to the device: one training, or several beside one another."""

from typing import NamedTuple, Protocol, TypeVar

import jax

from gan_cli.config import Recipe
from gan_cli.training.batches import Source
from gan_cli.training.chunk import Chunk, Window, all_finite, draw, run_chunk
from gan_cli.training.game import Game
from gan_cli.training.layout import ALONE, Layout
from gan_cli.training.networks import Networks
from gan_cli.training.state import TrainState, sampler

T = TypeVar("T")


class Program(Protocol):
    """One or more trainings that take their steps together."""

    def run(self, source: Source, state: TrainState, window: Window) -> Chunk:
        """Runs some steps (see `run_chunk`)."""
        ...

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        """Samples of G for given latents, from its moving average where there is one."""
        ...

    def all_finite(self, state: TrainState) -> jax.Array:
        """Whether every parameter is finite."""
        ...

    def here(self, state: TrainState) -> TrainState:
        """A state as it is wanted beside the steps: where several devices hold it, on one."""
        ...

    def split(self, tree: T) -> list[T]:
        """Each training's part of a chunk, of samples or of a state, in the trainings' order."""
        ...

    def part(self, tree: T, number: int) -> T:
        """The part of one training by its number, to be kept for long: it holds no other part."""
        ...


class Single(NamedTuple):
    """One training by itself, on one device or on several."""

    networks: Networks
    recipe: Recipe
    layout: Layout = ALONE

    def run(self, source: Source, state: TrainState, window: Window) -> Chunk:
        chunk: Chunk = run_chunk(*self.arguments(source, state, window))
        return chunk

    def arguments(
        self, source: Source, state: TrainState, window: Window
    ) -> tuple[Game, TrainState, Window]:
        """What `run_chunk` takes; numbers of the host are copied to each of several devices."""
        game = self.game(source)
        if self.layout.size > 1:
            return game, self.layout.everywhere(state), window
        game, window = jax.device_put((game, window))
        return game, state, window

    def game(self, source: Source) -> Game:
        """What is played, with the minibatches of a source."""
        return Game(self.networks, self.recipe, source, self.layout)

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        network = sampler(self.networks, state)
        samples: jax.Array = draw(network, latents, self.recipe.precision)
        return samples

    def all_finite(self, state: TrainState) -> jax.Array:
        finite: jax.Array = all_finite(state)
        return finite

    def here(self, state: TrainState) -> TrainState:
        return self.layout.here(state)

    def split(self, tree: T) -> list[T]:
        return [tree]

    def part(self, tree: T, number: int) -> T:
        return tree
