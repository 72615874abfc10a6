"""Memory by shapes, against arrays that exist and values that were counted by hand."""

from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.sharding import AbstractMesh

from gan_cli.preflight import memory, room
from gan_cli.prepared import Prepared
from gan_cli.training.feeds import BLOCK_BYTES
from gan_cli.training.layout import Layout
from gan_cli.training.state import count

Make = Callable[..., Prepared]


def test_a_state_is_the_arrays_of_a_state(make: Make) -> None:
    prepared = make(ema=0.9)
    arrays = jax.tree.leaves(prepared.begin())
    assert memory.state(prepared) == sum(np.asarray(array).nbytes for array in arrays)
    g, d = (
        count(p.parameters) for p in (prepared.abstract.generator, prepared.abstract.discriminator)
    )
    moments, average, counters = 2 * (g + d), g, 3
    assert memory.state(prepared) == pytest.approx(
        4 * (g + d + moments + average), abs=8 * counters
    )


def test_data_counts_where_it_stays_on_the_device(make: Make, tmp_path: Path) -> None:
    assert memory.stored(make()) == 0
    digits = make(dataset={"name": "digits"})
    assert digits.split is not None
    assert digits.split.labels is not None
    assert memory.stored(digits) == digits.split.examples.nbytes + digits.split.labels.nbytes
    np.save(tmp_path / "x.npy", np.zeros((2**18, 2), np.float32))
    dataset = {"name": "array", "path": str(tmp_path / "x.npy")}
    assert memory.stored(make(dataset=dataset, resident_mib=1)) == memory.BLOCKS * BLOCK_BYTES


def test_a_greater_batch_takes_more(make: Make) -> None:
    small, great = make(), make(batch_size=80)
    assert memory.least(great).total - memory.least(small).total == 2 * 72 * 2 * 4
    steps = [memory.estimate(each, each.rehearse()).step for each in (small, great)]
    assert steps[1] > 4 * (steps[0] - memory.state(small))


def test_each_of_several_devices_takes_less(make: Make) -> None:
    layout = Layout(AbstractMesh((2,), ("examples",)))  # type: ignore[arg-type]
    alone = make()
    shared = alone._replace(layout=layout)
    batch = 2 * alone.experiment.batch_size * 2 * 4
    assert memory.least(alone).total - memory.least(shared).total == batch // 2
    steps = [memory.estimate(each, each.rehearse()).step for each in (alone, shared)]
    own = memory.state(alone)
    assert steps[1] - own == (steps[0] - own) // 2
    left = room.memory(alone.device)
    assert left is None or (room.share(shared) or 0) < 0.9 * left


def test_values_are_held_until_their_last_use() -> None:
    x = jax.ShapeDtypeStruct((1000,), jnp.float32)
    one = 4000

    def held(function: Callable[[jax.Array], jax.Array]) -> int:
        return memory.intermediate(jax.make_jaxpr(function)(x))

    assert held(jnp.sin) == one
    assert held(lambda x: jnp.cos(jnp.sin(jnp.exp(x)))) == 2 * one
    assert held(lambda x: jnp.sin(x) + jnp.cos(x)) == 3 * one
    assert held(lambda x: jnp.sin(x) * jax.jit(lambda x: jnp.cos(jnp.exp(x)))(x)) == 3 * one

    def loop(x: jax.Array) -> jax.Array:
        kept = jnp.exp(x)
        turned, _ = jax.lax.scan(lambda y, _: (jnp.cos(jnp.sin(y)) + y, None), x, length=5)
        return kept + turned

    assert held(loop) == 3 * one
