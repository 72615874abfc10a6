"""How a training lies on devices: on one, or its minibatches divided among several.

Several devices take the very steps of one: every mean over a minibatch, such as batch norm's, is
taken over the whole of it, wherever its examples lie. Each device holds the whole state, and its
share of the minibatches and of all that a step computes of them.
"""

import dataclasses
from collections.abc import Sequence
from typing import TypeVar

import jax
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec

T = TypeVar("T")

AXIS = "examples"


@jax.tree_util.register_static
@dataclasses.dataclass(frozen=True)
class Layout:
    """Where the arrays of a training lie; a pytree without leaves, so a program is compiled for it.

    mesh: the devices among which minibatches are divided; None where there is one alone.
    """

    mesh: Mesh | None = None

    @property
    def size(self) -> int:
        """The number of devices."""
        return 1 if self.mesh is None else self.mesh.size

    @property
    def processes(self) -> int:
        """The number of processes that these devices are of."""
        if self.mesh is None:
            return 1
        return len({device.process_index for device in self.mesh.devices.flat})

    def divided(self, batch: T) -> T:
        """Inside a program: the same arrays, divided along their first axis."""
        return self._constrained(batch, 0)

    def whole(self, tree: T) -> T:
        """Inside a program: the same arrays, whole on every device."""
        return self._constrained(tree, None)

    def everywhere(self, tree: T) -> T:
        """Arrays of the host or of a device, whole on every device."""
        return self.put(tree, None)

    def put(self, tree: T, axis: int | None) -> T:
        """Arrays of the host or of a device, divided along an axis; None copies them to each."""
        if self.mesh is None:
            return tree
        wanted = self._along(axis)

        def put(array: jax.Array | np.ndarray) -> jax.Array:
            if isinstance(array, jax.Array) and array.sharding.is_equivalent_to(wanted, array.ndim):
                return array
            host = np.asarray(array)
            return jax.make_array_from_callback(host.shape, wanted, lambda index: host[index])

        placed: T = jax.tree.map(put, tree)
        return placed

    def here(self, tree: T) -> T:
        """What every device holds whole, as one device of this process has it."""
        if self.mesh is None:
            return tree
        held: T = jax.tree.map(lambda array: array.addressable_data(0), tree)
        return held

    def _constrained(self, tree: T, axis: int | None) -> T:
        if self.mesh is None:
            return tree
        constrained: T = lax.with_sharding_constraint(tree, self._along(axis))
        return constrained

    def _along(self, axis: int | None) -> NamedSharding:
        assert self.mesh is not None
        spec = PartitionSpec() if axis is None else PartitionSpec(*[None] * axis, AXIS)
        return NamedSharding(self.mesh, spec)


ALONE = Layout()
"""One device."""


def over(devices: Sequence[jax.Device]) -> Layout:
    """The layout of a training on some devices."""
    return Layout(Mesh(np.array(devices), (AXIS,))) if len(devices) > 1 else ALONE
