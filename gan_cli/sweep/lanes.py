"""Several trainings of one structure as one program: every array has a leading axis of lanes."""

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from gan_cli.config import Precision, Recipe
from gan_cli.training.batches import Source, Synthetic
from gan_cli.training.chunk import Chunk, Window, advance, all_finite, draw, empty, run_chunk
from gan_cli.training.game import Game
from gan_cli.training.networks import Network, Networks
from gan_cli.training.state import TrainState, sampler

T = TypeVar("T")

Form = Literal["vmap", "loop", "spread"]
"""How a program carries its lanes.

vmap: every operation does all lanes. loop: the lanes do their chunk one after another.
spread: the lanes are divided among the devices, and every device does vmap.
"""


class Lanes(NamedTuple):
    """A program of several trainings.

    networks: the structure that all lanes have.
    recipes: the lanes' recipes, stacked.
    form: how the program carries its lanes.
    mesh: for `spread`, the devices; their number divides that of the lanes.
    """

    networks: Networks
    recipes: Recipe
    form: Form
    mesh: Mesh | None = None

    def run(self, source: Source, state: TrainState, window: Window) -> Chunk:
        game, sent = jax.device_put((Game(self.networks, self.recipes, source), window))
        chunk: Chunk = run_lanes(game, state, sent, self.form, self.mesh)
        return chunk

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        networks = sampler(self.networks, state)
        samples: jax.Array = draw_lanes(networks, latents, self.recipes.precision)
        return samples

    def all_finite(self, state: TrainState) -> jax.Array:
        finite: jax.Array = lanes_finite(state)
        return finite

    def here(self, state: TrainState) -> TrainState:
        return state

    def split(self, tree: T) -> list[T]:
        host = jax.device_get(tree)
        lanes = len(jax.tree.leaves(host)[0])
        return [jax.tree.map(lambda x, i=i: x[i], host) for i in range(lanes)]

    def part(self, tree: T, number: int) -> T:
        own: T = jax.tree.map(lambda x: x[number].copy(), jax.device_get(tree))
        return own


def stack(trees: Sequence[T]) -> T:
    """Trees of one structure as one tree, whose leaves have a leading axis of lanes."""
    stacked: T = jax.tree.map(lambda *leaves: jnp.stack([jnp.asarray(x) for x in leaves]), *trees)
    return stacked


def is_shared(source: Source) -> bool:
    """Whether all lanes see one source: a data set; of a distribution each lane has its own."""
    return not isinstance(source, Synthetic)


def mesh_over(devices: Sequence[jax.Device]) -> Mesh:
    """A mesh that divides lanes among devices."""
    return Mesh(np.array(devices), ("lanes",))


def place(tree: T, mesh: Mesh | None, *, shared: bool = False) -> T:
    """Divides lanes among the devices of a mesh, or copies what they share to each."""
    if mesh is None:
        return tree
    spec = PartitionSpec() if shared else PartitionSpec(*mesh.axis_names)
    placed: T = jax.device_put(tree, NamedSharding(mesh, spec))
    return placed


@functools.partial(jax.jit, static_argnames=("form", "mesh"), donate_argnames="state")
def run_lanes(
    game: Game, state: TrainState, window: Window, form: Form, mesh: Mesh | None
) -> Chunk:
    """`run_chunk` for lanes that are all at one step; each lane's part is what it is alone.

    Args:
        game: the structure of the networks, the stacked recipes, and one source for all lanes or
            the lanes' own sources stacked (see `is_shared`).
        state: the lanes' states, stacked; its buffers are given up.
        window: how far to run and what to log.
        form: how the program carries its lanes.
        mesh: the devices of `spread`.
    """
    run: Callable[..., Chunk] = _in_turn if form == "loop" else _beside
    if mesh is not None:
        lanes, same = PartitionSpec(*mesh.axis_names), PartitionSpec()
        specs = (_axes(game, lanes, same), lanes, same)
        run = jax.shard_map(run, mesh=mesh, in_specs=specs, out_specs=lanes, check_vma=False)
    return run(game, state, window)


def _axes(game: Game, lanes: Any, same: Any) -> Game:
    """What holds for each part of a game: `lanes` where every lane has its own, else `same`."""
    return Game(same, lanes, same if is_shared(game.source) else lanes)


def _beside(game: Game, state: TrainState, window: Window) -> Chunk:
    """Every step of all lanes at once, until all of them are broken.

    The number of the step is one for all lanes, or no step could leave out what it decides about,
    such as a lazy penalty: of a choice that differs between lanes, `vmap` computes both sides.
    """
    states = TrainState(step=None, generator=0, discriminator=0, stream=0)  # type: ignore[arg-type]
    chunks = Chunk(states, *[0] * (len(Chunk._fields) - 1))  # type: ignore[arg-type]
    begin = jax.vmap(functools.partial(empty, game.recipe), (states,), chunks)
    step_all = jax.vmap(advance, (_axes(game, 0, None), chunks, None, None), chunks)

    def going(carry: tuple[jax.Array, Chunk]) -> jax.Array:
        number, chunk = carry
        return (number <= last) & chunk.finite.any()

    def body(carry: tuple[jax.Array, Chunk]) -> tuple[jax.Array, Chunk]:
        number, chunk = carry
        return number + 1, step_all(game, chunk, number, window.logs(number))

    finished = state.step[0]
    first, last = finished + 1, finished + window.steps
    begun: Chunk = begin(state._replace(step=finished))
    _, done = lax.while_loop(going, body, (first, begun))
    steps = jnp.broadcast_to(done.state.step, state.step.shape)
    return done._replace(state=done.state._replace(step=steps))


def _in_turn(game: Game, state: TrainState, window: Window) -> Chunk:
    """The whole chunk of one lane, then that of the next: a lane's numbers stay in the cache."""
    shared = is_shared(game.source)

    def lane(part: tuple[Recipe, Source | None, TrainState]) -> Chunk:
        recipe, own, begun = part
        seen = Game(game.networks, recipe, game.source if own is None else own)
        chunk: Chunk = run_chunk(seen, begun, window)
        return chunk

    chunks: Chunk = lax.map(lane, (game.recipe, None if shared else game.source, state))
    return chunks


@functools.partial(jax.jit, static_argnames="precision")
def draw_lanes(samplers: Network, latents: jax.Array, precision: Precision) -> jax.Array:
    """`draw` for every lane."""
    samples: jax.Array = jax.vmap(lambda sampler, z: draw(sampler, z, precision))(samplers, latents)
    return samples


@jax.jit
def lanes_finite(state: TrainState) -> jax.Array:
    """`all_finite` for every lane, (lanes,) bools."""
    finite: jax.Array = jax.vmap(all_finite)(state)
    return finite
