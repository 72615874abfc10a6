"""The memory of a training: estimated from shapes, or as the compiler plans it."""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import jax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Var

from gan_cli.prepared import Prepared
from gan_cli.training.feeds import BLOCK_BYTES

BLOCKS = 3
"""Blocks of minibatches from disk in memory at once: one in use, the next, and one being made."""


class Memory(NamedTuple):
    """The bytes of memory that a training takes, on each device where there are several.

    states: the parameters, statistics, optimizer states and averages; twice, since a copy waits to
        be saved while the training goes on.
    data: the examples that stay on the device, or the blocks that come from disk.
    step: what a step computes on its way: samples, activations, gradients.
    """

    states: int
    data: int
    step: int

    @property
    def total(self) -> int:
        return sum(self)


def least(prepared: Prepared) -> Memory:
    """A bound that no training of this experiment stays below; nothing is traced or compiled.

    It is the states and one minibatch for each player, and on another device than a CPU the data.
    """
    share = prepared.experiment.batch_size // prepared.layout.size
    batch = 4 * share * math.prod(prepared.spec.shape)
    data = stored(prepared) if prepared.device.platform != "cpu" else 0
    return Memory(2 * state(prepared), data, 2 * batch)


def estimate(prepared: Prepared, step: ClosedJaxpr) -> Memory:
    """An estimate from shapes.

    Args:
        prepared: the experiment.
        step: a step of it, traced. Its new state is written beside the old one.

    Of what a step computes on its way, each device is taken to hold its share.
    """
    work = intermediate(step) // prepared.layout.size + state(prepared)
    return Memory(2 * state(prepared), stored(prepared), work)


def state(prepared: Prepared) -> int:
    """The bytes of a state."""
    return sum(_bytes(leaf) for leaf in jax.tree.leaves(prepared.abstract))


def stored(prepared: Prepared) -> int:
    """The bytes of data that are on the device at once; of blocks from disk, each has its share."""
    if prepared.split is None:
        return 0
    if prepared.stays_on_disk:
        return BLOCKS * BLOCK_BYTES // prepared.layout.size
    return sum(each.nbytes for each in prepared.split if each is not None)


def intermediate(program: Any) -> int:
    """The most bytes that a traced program holds at once of what it computes itself.

    A value is held from the equation that computes it to the last one that takes it, and a function
    that is called holds its own values meanwhile. A compiler may do with less, where it joins
    equations, or take more, where it copies.

    Args:
        program: a jaxpr, closed or not.
    """
    jaxpr: Jaxpr = getattr(program, "jaxpr", program)
    last = {v: i for i, e in enumerate(jaxpr.eqns) for v in e.invars if isinstance(v, Var)}
    last |= {v: len(jaxpr.eqns) for v in jaxpr.outvars if isinstance(v, Var)}
    held: dict[Var, int] = {}
    most = 0
    for i, equation in enumerate(jaxpr.eqns):
        new = {v: _bytes(v.aval) for v in equation.outvars if v in last}
        inside = max((intermediate(each) for each in _called(equation)), default=0)
        most = max(most, sum(held.values()) + max(inside, sum(new.values())))
        held = {v: size for v, size in (held | new).items() if last[v] > i}
    return most


def _called(equation: JaxprEqn) -> Iterator[Any]:
    """The functions that an equation calls, such as the body of a loop."""
    for value in equation.params.values():
        for each in value if isinstance(value, list | tuple) else (value,):
            if isinstance(each, Jaxpr | ClosedJaxpr):
                yield each


def _bytes(array: Any) -> int:
    """The bytes of an array of this shape and type; a random key counts as nothing."""
    return int(array.size * getattr(array.dtype, "itemsize", 0))
