"""Trains small experiments on one and on several devices, and prints how far they are apart.

It is a program of its own, since the number of host devices counts until JAX starts. It takes a
JSON list of pairs, the numbers of devices and the changes of an experiment, and prints a JSON list
with a largest difference for each pair and number.
"""

import json
import sys
from typing import Any

import jax
import numpy as np

from gan_cli import config
from gan_cli.prepared import Prepared, prepare
from gan_cli.training.chunk import CAPACITY, Chunk, Window, run_chunk
from tests.values import SMALL


def ready(devices: int, changes: dict[str, Any]) -> Prepared:
    sgd = {"name": "sgd", "learning_rate": 0.05}
    own = {"batch_size": 16, "device": "cpu", "optimizer": {"generator": sgd, "discriminator": sgd}}
    return prepare(config.load(SMALL | own | changes | {"devices": devices}))


def train(prepared: Prepared, steps: int) -> list[Chunk]:
    """The chunks of a training; each is on the host."""
    feed, state, step, chunks = prepared.feed(), prepared.begin(), 0, []
    while step < steps:
        source, available = feed.at(step)
        length = min(steps - step, available, CAPACITY)
        chunk = prepared.program().run(source, state, Window(length, 1, steps))
        state, step = chunk.state, step + length
        everywhere = [each.sharding.is_fully_replicated for each in jax.tree.leaves(chunk)]
        assert all(everywhere), "a device does not hold the whole state"
        chunks.append(jax.device_get(prepared.layout.here(chunk)))
    feed.close()
    return chunks


def apart(one: list[Chunk], other: list[Chunk]) -> float:
    """The largest difference of a scalar of any step, or of a number of the last state."""
    pairs = zip(jax.tree.leaves(one), jax.tree.leaves(other), strict=True)
    return max(
        float((np.abs(a - b) / np.maximum(1, np.abs(a))).max())
        for a, b in pairs
        if np.issubdtype(np.asarray(a).dtype, np.floating)
    )


def main(cases: list[tuple[list[int], int, dict[str, Any]]]) -> None:
    found = []
    for numbers, steps, changes in cases:
        alone = train(ready(1, changes), steps)
        before, differences = run_chunk._cache_size(), []
        for number in numbers:
            prepared = ready(number, changes)
            assert prepared.layout.size == number
            differences.append(apart(alone, train(prepared, steps)))
        assert run_chunk._cache_size() == before + len(numbers), "a program was compiled twice"
        found.append(differences)
    print(json.dumps(found))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
