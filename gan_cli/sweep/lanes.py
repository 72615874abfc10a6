"""Several trainings of one structure as one program: every array has a leading axis of lanes."""

import functools
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from gan_cli.config import Recipe
from gan_cli.training.batches import Source
from gan_cli.training.chunk import Chunk, advance, draw, due, empty, finite, run_chunk
from gan_cli.training.networks import Networks
from gan_cli.training.state import TrainState

T = TypeVar("T")

Form = Literal["vmap", "loop", "spread"]
"""How a program carries its lanes.

vmap: every operation does all lanes. loop: the lanes do their chunk one after another.
spread: the lanes are divided among the devices, and every device does vmap.
"""


class Lanes(NamedTuple):
    """A program of several trainings.

    recipes: stacked. shared: whether all lanes see one source; else it is stacked too.
    mesh: the devices of `spread`, whose number divides that of the lanes.
    """

    networks: Networks
    recipes: Recipe
    shared: bool
    form: Form
    mesh: Mesh | None = None

    def run(self, source: Source, state: TrainState, steps: int, log_every: int, end: int) -> Chunk:
        structure = self.networks, self.shared, self.form, self.mesh
        chunk: Chunk = run_lanes(*structure, self.recipes, source, state, steps, log_every, end)
        return chunk

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        samples: jax.Array = draw_lanes(self.networks, self.recipes, state, latents)
        return samples

    def finite(self, state: TrainState) -> jax.Array:
        whole: jax.Array = finite_lanes(state)
        return whole

    def split(self, tree: T) -> list[T]:
        host = jax.device_get(tree)
        lanes = len(jax.tree.leaves(host)[0])
        return [jax.tree.map(lambda x, i=i: x[i], host) for i in range(lanes)]


def stack(trees: Sequence[T]) -> T:
    """Trees of one structure as one tree, whose leaves have a leading axis of lanes."""
    stacked: T = jax.tree.map(lambda *leaves: jnp.stack([jnp.asarray(x) for x in leaves]), *trees)
    return stacked


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


@functools.partial(
    jax.jit, static_argnames=("networks", "shared", "form", "mesh"), donate_argnames=("state",)
)
def run_lanes(
    networks: Networks,
    shared: bool,
    form: Form,
    mesh: Mesh | None,
    recipes: Recipe,
    source: Source,
    state: TrainState,
    steps: jax.Array,
    log_every: jax.Array,
    end: jax.Array,
) -> Chunk:
    """`run_chunk` for lanes that are all at one step; each lane's part is what it is alone."""
    run: Any = functools.partial(_in_turn if form == "loop" else _beside, networks, shared)
    if mesh is not None:
        lanes, same = PartitionSpec(*mesh.axis_names), PartitionSpec()
        where = (lanes, same if shared else lanes, lanes, same, same, same)
        run = jax.shard_map(run, mesh=mesh, in_specs=where, out_specs=lanes, check_vma=False)
    chunk: Chunk = run(
        recipes, source, state, jnp.int32(steps), jnp.int32(log_every), jnp.int32(end)
    )
    return chunk


def _beside(
    networks: Networks,
    shared: bool,
    recipes: Recipe,
    source: Source,
    state: TrainState,
    steps: jax.Array,
    log_every: jax.Array,
    end: jax.Array,
) -> Chunk:
    """Every step of all lanes at once, until all of them are broken."""
    sources = None if shared else 0
    begin = jax.vmap(functools.partial(empty, networks), in_axes=(0, sources, 0))
    step_all = jax.vmap(functools.partial(advance, networks), in_axes=(0, sources, 0, None, None))

    def going(carry: tuple[jax.Array, Chunk]) -> jax.Array:
        number, chunk = carry
        return (number <= last) & chunk.finite.any()

    def body(carry: tuple[jax.Array, Chunk]) -> tuple[jax.Array, Chunk]:
        number, chunk = carry
        measured = due(number, log_every, end)  # one for all, or no step could leave it out
        return number + 1, step_all(recipes, source, chunk, number, measured)

    first = state.step[0] + 1
    last = state.step[0] + steps
    _, done = lax.while_loop(going, body, (first, begin(recipes, source, state)))
    return done


def _in_turn(
    networks: Networks,
    shared: bool,
    recipes: Recipe,
    source: Source,
    state: TrainState,
    steps: jax.Array,
    log_every: jax.Array,
    end: jax.Array,
) -> Chunk:
    """The whole chunk of one lane, then that of the next: a lane's numbers stay in the cache."""

    def lane(part: tuple[Recipe, TrainState, Source | None]) -> Chunk:
        recipe, begun, own = part
        seen = source if own is None else own
        chunk: Chunk = run_chunk(networks, recipe, seen, begun, steps, log_every, end)
        return chunk

    chunks: Chunk = lax.map(lane, (recipes, state, None if shared else source))
    return chunks


@functools.partial(jax.jit, static_argnames=("networks",))
def draw_lanes(
    networks: Networks, recipes: Recipe, state: TrainState, latents: jax.Array
) -> jax.Array:
    """`draw` for every lane."""
    samples: jax.Array = jax.vmap(functools.partial(draw, networks))(recipes, state, latents)
    return samples


@jax.jit
def finite_lanes(state: TrainState) -> jax.Array:
    """`finite` for every lane, (lanes,) bools."""
    whole: jax.Array = jax.vmap(finite)(state)
    return whole
