"""A run that several processes train: process 0 leads each chunk of steps, the others take it too.

They hold the same state and take the same steps, so only the state at the start and the length of
every chunk go from process 0 to the others.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import jax
import numpy as np

from gan_cli.hosts.company import Follower, Leader
from gan_cli.job import changes
from gan_cli.prepared import Prepared
from gan_cli.training.batches import Source
from gan_cli.training.chunk import Chunk, Window
from gan_cli.training.program import Single
from gan_cli.training.state import TrainState

T = TypeVar("T")


class Led(NamedTuple):
    """The program of a training whose chunks the other processes take too."""

    program: Single
    leader: Leader

    def run(self, source: Source, state: TrainState, window: Window) -> Chunk:
        self.leader.order("run", steps=int(window.steps))
        return self.program.run(source, state, window)

    def draw(self, state: TrainState, latents: jax.Array) -> jax.Array:
        return self.program.draw(state, latents)

    def all_finite(self, state: TrainState) -> jax.Array:
        return self.program.all_finite(state)

    def here(self, state: TrainState) -> TrainState:
        return self.program.here(state)

    def split(self, tree: T) -> list[T]:
        return self.program.split(tree)

    def part(self, tree: T, number: int) -> T:
        return self.program.part(tree, number)


def led(prepared: Prepared, leader: Leader, state: TrainState) -> Led:
    """The program of a training that begins in all processes, from a state of process 0's."""
    leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(state)]
    leader.order("state", b"".join(leaf.tobytes() for leaf in leaves), stream=int(state.stream))
    connect(prepared)
    return Led(prepared.program(), leader)


def follow(prepared: Prepared, follower: Follower) -> None:
    """Takes the steps of process 0 until that lets this process end.

    Args:
        prepared: the same experiment as that of process 0.
        follower: hears what process 0 says.
    """
    experiment = prepared.experiment
    with jax.default_device(prepared.device), contextlib.ExitStack() as feeds:
        for order in follower.orders():
            if order.name == "state":
                feeds.close()
                connect(prepared)
                played = prepared.of_stream(int(order.values["stream"]))
                program, feed = played.program(), played.feed()
                feeds.callback(feed.close)
                state = played.placed(_state(order.payload, prepared.abstract))
                step = int(state.step)
            elif order.name == "run":
                length = int(order.values["steps"])
                source, _ = feed.at(step)
                window = Window(length, experiment.log_every, experiment.steps)
                state, step = program.run(source, state, window).state, step + length


def _state(payload: bytes, template: TrainState) -> TrainState:
    """The state of which process 0 has sent the bytes."""
    leaves, structure = jax.tree.flatten(template)
    arrays, begin = [], 0
    for leaf in leaves:
        array: np.ndarray = np.frombuffer(payload, leaf.dtype, leaf.size, begin)
        arrays.append(array.reshape(leaf.shape))
        begin += array.nbytes
    state: TrainState = jax.tree.unflatten(structure, arrays)
    return state


def facts(prepared: Prepared) -> dict[str, Any]:
    """What all processes must have alike: settings, the content of the data, devices."""
    known = changes.identity(prepared, {})
    data = {"the SHA-256 of the data": known["data_sha256"]} if "data_sha256" in known else {}
    return known["settings"] | data | {"devices": prepared.layout.size}


def connect(prepared: Prepared) -> None:
    """Lets the devices of all processes speak for the first time.

    The library by which CPUs do so, Gloo, says on standard output that it is connected.
    """
    layout = prepared.layout
    with _no_words():
        numbers = layout.put(np.ones(layout.size, np.float32), 0)
        jax.block_until_ready(jax.jit(lambda x: layout.whole(x.sum()))(numbers))


@contextlib.contextmanager
def _no_words() -> Iterator[None]:
    """Lets nothing that a library writes to standard output through."""
    sys.stdout.flush()
    before = os.dup(1)
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123  (a device, and no path)
        os.dup2(nothing.fileno(), 1)
    try:
        yield
    finally:
        os.dup2(before, 1)
        os.close(before)
