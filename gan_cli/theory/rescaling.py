"""The directions in which the parameters of a network can move and its outputs stay the same.

A unit in front of a (leaky) ReLU can be scaled by a > 0 where what reads it is scaled by 1 / a;
what batch norm or spectral norm follows can be scaled at will. Which layers are so is not read from
the architecture: it is proposed by the shapes of the parameters, and the outputs decide.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.flatten_util import ravel_pytree
from scipy import sparse

Vector = np.ndarray

UNCHANGED = 1e-9
"""The change of outputs that counts as none, beside what other changes of the same size make."""
NEARLY = 1e-3
"""The same for a layer by itself: batch norm adds a small number to the variance, which shows."""
NEW = 1e-8
"""The squared length that a direction must have beside those that are known, to be one more."""

Labelled = tuple[np.ndarray, np.ndarray]
"""The numbers of some parameters in the vector of all, (m,), and the unit of each, (m,)."""

Outputs = Callable[[Any], jax.Array]
"""The outputs of a network on fixed inputs, from its parameters."""


class Layer(NamedTuple):
    """A weight and the vectors that go with it, or a pair of vectors such as batch norm's.

    name: its place in the network, such as hidden/0.
    weight: the numbers of its weight, (..., in, out), as they are counted in the network's vector
        of parameters; None where it has vectors alone.
    vectors: those of its vectors, (out,) each.
    """

    name: str
    weight: np.ndarray | None
    vectors: list[np.ndarray]

    @property
    def arrays(self) -> list[np.ndarray]:
        """Its weight, if it has one, and its vectors."""
        return self.vectors if self.weight is None else [self.weight, *self.vectors]

    @property
    def outputs(self) -> int:
        """How many outputs it has."""
        return int((self.vectors[0] if self.weight is None else self.weight).shape[-1])

    @property
    def inputs(self) -> int:
        """How many inputs its weight has."""
        return 0 if self.weight is None else self.weight.shape[-2]


class Family(NamedTuple):
    """Directions that leave the outputs as they are, one for each of some units.

    name: what is scaled, in words.
    directions: the directions as columns, (n, units).
    """

    name: str
    directions: sparse.csc_array


class Along:
    """Some directions, as an orthonormal basis that is not written out."""

    def __init__(self, families: list[Family], n: int) -> None:
        blocks = [family.directions for family in families]
        self._columns = sparse.hstack(blocks, "csc") if blocks else sparse.csc_array((n, 0))
        gram = (self._columns.T @ self._columns).toarray()
        squares, turned = np.linalg.eigh(gram)
        kept = squares > NEW * squares.max(initial=1e-300)
        self._mixing = turned[:, kept] / np.sqrt(squares[kept])

    def __call__(self, vector: Vector) -> Vector:
        """The part of a vector (n,) or of the columns of a matrix that lies along them."""
        shares = self._mixing @ (self._mixing.T @ (self._columns.T @ vector))
        return np.asarray(self._columns @ shares)


def families(outputs: Outputs, parameters: Any) -> list[Family]:
    """The rescalings of a network that leave its outputs as they are.

    Each proposal scales every one of its units by a random factor of its own. If that changes
    nothing, no single one of them does, but for a case of probability 0.

    Args:
        outputs: gives the outputs; JAX computes in float64.
        parameters: a nested dict of arrays.
    """
    here, apart = ravel_pytree(parameters)
    w = np.asarray(here)

    @jax.jit
    def change(at: jax.Array, along: jax.Array) -> jax.Array:
        moved: jax.Array = jax.jvp(lambda v: outputs(apart(v)), (at,), (along,))[1]
        return moved.ravel()

    def effect(along: Vector) -> Vector:
        return np.asarray(change(here, jnp.asarray(along)))

    rng = np.random.default_rng(0)
    found: list[Family] = []
    for proposal in sorted(proposals(layers_of(parameters), w), key=lambda each: -each.units):
        directions = proposal.directions()
        drawn = directions @ rng.normal(size=proposal.units)
        beside = drawn - Along(found, len(w))(drawn)
        if beside @ beside <= NEW * (drawn @ drawn):
            continue
        others = np.abs(drawn) * rng.normal(size=len(w))
        if np.linalg.norm(effect(drawn)) <= proposal.allowed * np.linalg.norm(effect(others)):
            found.append(Family(proposal.name, directions))
    return found


def layers_of(parameters: Any) -> list[Layer]:
    """The layers of a network: what stands together in its nested dict of parameters."""
    leaves = jax.tree_util.tree_leaves_with_path(parameters)
    ends = np.cumsum([leaf.size for _, leaf in leaves])
    together: dict[str, list[np.ndarray]] = {}
    for (path, leaf), end in zip(leaves, ends, strict=True):
        place = "/".join(str(getattr(key, "key", key)) for key in path[:-1])
        numbers = np.arange(end - leaf.size, end).reshape(leaf.shape)
        together.setdefault(place, []).append(numbers)
    layers = []
    for name, arrays in together.items():
        weights = [each for each in arrays if each.ndim >= 2]
        vectors = [each for each in arrays if each.ndim == 1]
        if len(weights) > 1 or not (weights or vectors):
            continue
        weight = weights[0] if weights else None
        size = (vectors[0] if weight is None else weight).shape[-1]
        layers.append(Layer(name, weight, [each for each in vectors if each.shape == (size,)]))
    return layers


class Proposal(NamedTuple):
    """Directions that may leave the outputs as they are.

    name: see `Family`.
    units: how many directions there are.
    allowed: the change of outputs that counts as none, beside that of others of the same size.
    up: the numbers of the parameters that are scaled up, with the unit of each.
    down: those that are scaled down.
    w: the parameters.
    """

    name: str
    units: int
    allowed: float
    up: list[Labelled]
    down: list[Labelled]
    w: Vector

    def directions(self) -> sparse.csc_array:
        """The directions as columns, (n, units)."""
        parts = (*self.up, *self.down)
        rows, columns = (np.concatenate(each) for each in zip(*parts, strict=True))
        values = self.w[rows]
        values[sum(len(numbers) for numbers, _ in self.up) :] *= -1
        return sparse.csc_array((values, (rows, columns)), shape=(len(self.w), self.units))


def proposals(layers: list[Layer], w: Vector) -> Iterator[Proposal]:
    """What may leave the outputs as they are."""
    for layer in layers:
        if layer.weight is None:
            continue
        whole = labelled(layer.weight, 1, "remainder")
        yield Proposal(f"the whole weight of {layer.name}", 1, NEARLY, [whole], [], w)
        own = [labelled(each, layer.outputs, "remainder") for each in layer.arrays]
        yield Proposal(f"the units of {layer.name}", layer.outputs, NEARLY, own, [], w)
    for layer, reader in product(layers, layers):
        if reader.weight is not None and reader is not layer:
            yield from between(layer, reader, w)


def between(layer: Layer, reader: Layer, w: Vector) -> Iterator[Proposal]:
    """The units of one layer scaled up where the weight of another that reads them is scaled down.

    Where one has more than the other, such as the values of an image that belong to one channel,
    or the pieces of a maxout unit, they are taken together, in either order.
    """
    most, units = max(layer.outputs, reader.inputs), min(layer.outputs, reader.inputs)
    if units == 0 or most % units:
        return
    assert reader.weight is not None
    read = np.moveaxis(reader.weight, -2, -1)
    for order in ("remainder", "quotient") if most > units else ("remainder",):
        up = [labelled(each, units, order) for each in layer.arrays]
        down = [labelled(read, units, order)]
        yield Proposal(f"{layer.name} and {reader.name}", units, UNCHANGED, up, down, w)


def labelled(numbers: np.ndarray, units: int, order: str) -> Labelled:
    """The numbers of parameters in a row, and to which unit each belongs by its last axis."""
    size = numbers.shape[-1]
    unit = np.arange(size) % units if order == "remainder" else np.arange(size) // (size // units)
    return numbers.ravel(), np.broadcast_to(unit, numbers.shape).ravel()
